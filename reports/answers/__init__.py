"""Answers to the question that a definition is, published ones, and whether they would be the same today.

The one way in for whatever shows figures: pages, files, commands. Imports the rest of reports but its files and charts.
"""
