"""The kinds of question that ship with the platform, one module each.

Imports only ``courses.marking``. A new kind is one new module and one line in ``BUILT_IN``.
"""
