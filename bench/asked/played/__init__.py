"""A year of an authority played day by day with the clock set, and a plain judge of every reminder.

Used by ``bench.asked.year`` and by a test, which plays less of it.
"""
