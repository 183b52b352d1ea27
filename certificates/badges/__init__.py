"""Open Badges: a signed credential that a holder may carry elsewhere, made only when its holder asks for it.

``signing`` alone imports openbadgeslib, which takes 27 MiB, and 80 ms a signature. Web processes never load it.
"""
