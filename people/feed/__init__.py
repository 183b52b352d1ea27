"""The HR feed: the file that an authority's HR system writes of its people, from its bytes to what it changes here.

Knows nothing of the web. What reads and maps a file is pure: no session.
"""
