"""From the bytes of a file to a table: which letters, which columns, which sheet, and on which grounds.

Pure: no session. Nothing is guessed in silence, and what cannot be read is said in one go.
"""
