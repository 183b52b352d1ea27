"""Questions that councillors and the public ask, and what an authority answered: with published figures alone.

Over the answers; imports no files of figures.
"""
