"""Which column of an authority's file says what, in which order its days are written, and what its words mean here.

Pure but for what is stored: a mapping is kept in versions, and none is ever changed.
"""
