"""The certificate as a tagged file that is PDF/UA-1 and PDF/A-2a. Imports WeasyPrint, so no web process may."""

import gc

from certificates.document.documents import CertificateDocument, Look
from certificates.drawing.build_info import Drawn
from certificates.drawing.whole_pdf import Draw, draw_whole, style_sheets_for
from certificates.looks.branding import Branding
from certificates.signing.signer import SignatureSpace
from typesetting.font_fetcher import FatalURLFetchingError
from typesetting.font_outlines import FontsMissing
from typesetting.fonts import faces_for


class PdfError(Exception):
    """The PDF could not be made; the message says why, for an operator to read."""


def render_pdf(
    document: CertificateDocument, *, space: SignatureSpace | None = None, drawn: Drawn = Drawn.FILLED_IN
) -> bytes:
    """A file that is PDF/UA-1 and PDF/A-2a: the same document drawn in the same way gives the same bytes.

    The first certificate of a process takes longer than the next (see ``warm_up``). Nothing but fonts and the
    document's own pictures is read. With ``space`` the file is complete but for the signature that belongs there.
    Raises ``PdfError``.
    """
    try:
        return _way(drawn)(document, space)
    except FontsMissing as error:
        raise PdfError(str(error)) from error
    except FatalURLFetchingError as error:
        raise PdfError(f"The certificate refers to an address that may not be read: {error}") from error
    except Exception as error:
        raise PdfError(f"The certificate could not be drawn: {error!r}") from error


def _way(drawn: Drawn) -> Draw:
    if drawn is Drawn.WHOLE:
        return draw_whole
    # What is drawn whole must go on when a new WeasyPrint no longer has what the fast way leans on.
    from certificates.drawing.reuse import draw_or_fill_in  # noqa: PLC0415

    return draw_or_fill_in


def warm_up(drawn: Drawn = Drawn.FILLED_IN) -> None:
    """Load the faces and style sheet of the common case, so that processes forked from this one need not."""
    _way(drawn)
    style_sheets_for(faces_for("A"), Look(Branding().design, Branding().colours))
    # All this stays until the process ends: looking through it again and again for garbage costs a twentieth.
    gc.collect()
    gc.freeze()
