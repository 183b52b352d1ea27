"""Reorganisations: units that are renamed, moved, merged or split from a day on, previewed, and undone until that day.

``Unit`` says what a unit is called and where it stands today; the days before and after stand in its periods.
"""
