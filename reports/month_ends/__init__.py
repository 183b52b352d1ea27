"""The month’s ends of every course that is asked for: counted and kept in the background, and checked each night.

May import ``reports.kept`` and ``reports.earlier_days``. Nobody imports it but ``app``.
"""
