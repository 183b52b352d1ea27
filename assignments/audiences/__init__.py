"""Whom something is asked of, by rule: the parts of a rule, its words, its versions, and who is in it on a day.

Imports ``courses`` and the rooms to its right, and nothing else of this room.
"""
