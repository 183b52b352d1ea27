"""The nightly count: how everybody stands, by two ways that know nothing of each other, and every difference named.

Imports ``assignments.standing``, ``assignments.valid_on`` and what these import. Nobody imports it but ``app``.
"""
