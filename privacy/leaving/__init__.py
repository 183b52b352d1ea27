"""Leaving with everything: what the platform holds of an authority, as files that open without it, sealed for its keys.

Over the register and the rooms to the right; may not import the web.
"""
