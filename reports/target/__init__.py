"""How far a group is from its target, whether the pace leads there, and who is past a date.

Over figures; small groups are hidden before. Imports neither pages nor files.
"""
