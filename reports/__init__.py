"""Figures: how far the people are who count, with small groups hidden. One function counts for all.

Imports the domain rooms to its right. Knows nothing of the web.
"""
