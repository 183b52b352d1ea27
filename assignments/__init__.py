"""Who must take what by when: requirements, audiences, due dates, periods, exemptions, requests and reminders.

Imports ``courses`` and the rooms to its right; never ``certificates``.
"""
