"""The demo region: seven authorities, 22,000 made-up people and what they have learned, built from a seed.

Uses the rooms to its right and SQLAlchemy, never Flask; ``app/cli/demo.py`` calls it.
"""
