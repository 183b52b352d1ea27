"""Mail that comes back: what a delivery report says, which message it is about, and addresses that do not work.

``reports`` is pure.
"""
