"""Past learning: what people completed before it was recorded here, from spreadsheets of their authority.

A file becomes a plan, the plan is applied in the queue and can be undone. Imports ``people``, ``courses.records``,
``courses.catalogue`` and ``kernel``.
"""
