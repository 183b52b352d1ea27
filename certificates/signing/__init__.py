"""Digital signatures (PAdES) in the PDFs of certificates.

``signer`` and ``keys_used`` may be imported anywhere in this room; ``pades``, ``key_files`` and ``tokens`` load
pyHanko, and ``field`` loads pydyf: those are for workers, never for a web process.
"""
