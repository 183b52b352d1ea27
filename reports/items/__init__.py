"""How the questions of a course work: item analysis for authors, over everybody and never about anybody.

No figure here is split by authority, unit, role or day, and no part of this room can ask for that.
"""
