"""The register of processing: what each table holds of whom, what for, how long, and who sees it.

``entries`` says what an entry is; the other modules hold them by subject, and ``whole`` puts them together.
"""
