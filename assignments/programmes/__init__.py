"""Programmes and refreshers: what counts as a completion where more than one course can lead to it, and who makes one.

``reckoning`` and ``refreshers`` are pure. Imports due dates and the catalogue; never requirements.
"""
