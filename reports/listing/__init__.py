"""People by name, for those who may act on them: who is found, in which order, how far each is; and rows for a file.

A list is never a figure. Imports neither pages nor files of figures.
"""
