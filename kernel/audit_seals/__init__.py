"""The seals of the audit trail: each entry is chained to the one before by hashes, so that a later change shows.

``content`` says what is hashed, ``seals`` stores it, ``horizon`` knows which entries may be sealed already, ``sealing``
does it, and ``verifying`` names the first link that is broken. Nobody who writes an entry waits for any of it.
"""
