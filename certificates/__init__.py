"""Certificates: numbers, issuing once per completion, the document, the PDF, and verification by anybody.

Imports ``courses``, ``people`` and ``kernel``. WeasyPrint is imported in ``pdf.py`` only, and never by a web process.
"""
