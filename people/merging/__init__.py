"""Two records of one human being: suggested with reasons, merged after a preview, separated again.

Imports ``kernel`` and the parts of ``people`` before it. Rows of other rooms are moved by their foreign keys alone, so
that a table which comes later is not forgotten.
"""
