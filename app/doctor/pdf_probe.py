"""Run as a process of its own: draws a test certificate, in the way named, and prints as JSON how far that went.

Nothing may import this: it loads WeasyPrint.
"""

import json
import sys
from datetime import date

from certificates.document.documents import certificate_document
from certificates.document.facts import CertificateFacts
from typesetting.font_outlines import FontsMissing
from typesetting.fonts import faces_for

# A name that needs several faces; it belongs to nobody.
NAME = "Siân Nguyễn Ọláyínká 王芳 محمد ਸੰਧੂ বেগম"


def main() -> None:
    """Print ``{"fonts": …, "libraries": …, "pdf": …}``: each an error, or null when it went well."""
    found: dict[str, str | None] = dict.fromkeys(("fonts", "libraries", "pdf"))
    try:
        faces_for(NAME)
    except FontsMissing as error:
        found["fonts"] = str(error)
    try:
        from certificates.drawing.build_info import Drawn  # noqa: PLC0415 - its failure is what we came to see
        from certificates.pdf import PdfError, render_pdf  # noqa: PLC0415
    except (OSError, ImportError) as error:
        found["libraries"] = found["pdf"] = str(error).splitlines()[0]
    else:
        try:
            if not render_pdf(certificate_document(_facts()), drawn=Drawn(sys.argv[1])).startswith(b"%PDF-"):
                found["pdf"] = "What was drawn is no PDF"
        except PdfError as error:
            found["pdf"] = str(error)
    json.dump(found, sys.stdout)


def _facts() -> CertificateFacts:
    return CertificateFacts(
        number="TEST-0000-0000-0",
        holder_name=NAME,
        organisation_name="A council",
        course_title="A test",
        course_version=1,
        modules=1,
        minutes=60,
        completed_on=date(2026, 1, 1),
        verify_url="https://example.org/verify/TEST-0000-0000-0",
    )


if __name__ == "__main__":
    main()
