"""Asking for more time, and saying that something is wrong; and how somebody answers.

What is stored, and what of it counts for dates, is in ``assignments/extensions``.
"""
