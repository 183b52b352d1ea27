"""The shared kernel: columns, clock, unit of work, events, tasks, audit trail, files and errors.

Imports nothing of ours. Everything else may import it.
"""
