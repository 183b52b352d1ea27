"""Completions put right: recorded by mistake, with a wrong day, or for the wrong person. Rows are added beside them.

Imports ``courses.taking``, ``courses.records`` and the rooms to the right, and nothing that is shown.
"""
