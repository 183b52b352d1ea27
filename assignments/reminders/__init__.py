"""Reminders of what is asked: which step is owed on a day, the ledger of what was noted, and the words.

``steps`` and ``hours`` are pure. Nothing here says who is asked or has finished: that is ``people_asked``.
"""
