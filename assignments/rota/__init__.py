"""Time for a course, planned by a manager for people of their team: planned, moved, cancelled, and told each time.

Imports nothing of ``app``. Nobody sees a planned hour but its person and their managers.
"""
