"""What workers do. Each job takes no arguments, does all that is due, and may run twice or at the same time as itself.

A worker imports these by the names in ``app/platform/queue.py``; a web process never does.
"""
