"""Exact counts of days that are over, kept so that nobody counts them twice, and the marks that make them void.

Nobody ever reads a count that is stale: the database itself marks each change of the past, in its transaction
(docs/decisions/counts-that-are-kept.md). Nothing is hidden or rounded here. May import
``reports.figures`` and what that imports.
"""
