"""The names that people bear, how they are changed, and how somebody is found by them; and when they were born.

Imports only ``kernel`` and ``people/persons.py``. No name is ever taken apart into a first and a last one.
"""
