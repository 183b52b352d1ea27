"""Each file as a run: received, planned, stored, decided on by people, applied by the queue, and undone.

Reads and writes the record of people. Nothing here reads files: whoever calls brings the rows.
"""
