"""Certificates: numbers, issuing once per completion, the document, the PDF, and verification by anybody.

Imports ``courses``, ``messages``, ``people``, ``typesetting`` and ``kernel``. WeasyPrint is imported in ``drawing``
only, behind ``pdf``, and never by a web process. The order of the parts stands in docs/architecture.md.
"""
