"""Who must take what. So far: which courses an authority asks its people to take, and by when.

Imports ``courses`` and the rooms to its right; never ``certificates``.
"""
