"""From the document to a PDF that is PDF/UA-1 and PDF/A-2a. Imports WeasyPrint, so no web process may import it.

``whole_pdf`` draws a certificate from its first to its last word. ``reuse`` is the fast way for those that are alike:
one function, which nothing here needs.
"""

import warnings

with warnings.catch_warnings():
    # A machine without a single installed font is warned about at import; every face is our own.
    warnings.filterwarnings("ignore", message=".*FontConfig.*", category=UserWarning)
    import weasyprint  # noqa: F401 - before any module of this room does, and in silence
