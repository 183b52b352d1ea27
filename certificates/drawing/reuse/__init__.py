"""The fast way: a certificate is drawn once and filled in for others that differ in a few short lines.

What stays the same is left out: laying out, painting, packing. ``draw_or_fill_in`` is all that others use of it, and
they use it only when the settings say so: a certificate that is drawn whole needs nothing of this.
"""

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import pydyf  # type: ignore[import-untyped]
from weasyprint import Document

from certificates.document.documents import CertificateDocument
from certificates.drawing.pdf_writer import write_file
from certificates.drawing.reuse.filled_pdf import PdfTemplate
from certificates.drawing.reuse.font_superset import FontSuperset
from certificates.drawing.reuse.own_objects import OwnObjects
from certificates.drawing.reuse.replaceable_text import CannotFill, LineDrawer
from certificates.drawing.whole_pdf import draw, draw_whole, needs_actual_text, page_stream
from certificates.signing.signer import SignatureSpace
from typesetting.fonts import faces_for

_TIMES_UNTIL_TEMPLATE = 2


@dataclass
class _Kind:
    """Certificates that are alike. A template takes longer to make than a certificate, so the first makes none."""

    asked_for: int = 0
    template: PdfTemplate | None = None


# A template holds a quarter of a megabyte, and fifteen kilobytes more for each set of letters in rarer names.
@lru_cache(maxsize=160)
def _kind_of(*_: Hashable) -> _Kind:
    return _Kind()


def draw_or_fill_in(document: CertificateDocument, space: SignatureSpace | None = None) -> bytes:
    """The file, to the same bytes whether it is filled in or drawn; one of a kind of its own is drawn whole."""
    fields = document.fields
    if fields is None:
        return draw_whole(document, space)
    kind = _kind_of(
        faces_for(document.html),
        needs_actual_text(document),
        document.look,
        document.pattern,
        document.pictures[1:],
        space is None,
    )
    kind.asked_for += 1
    if kind.template:
        with suppress(CannotFill):
            return kind.template.fill(fields, document.pictures[0], space)
    if kind.asked_for != _TIMES_UNTIL_TEMPLATE:
        return draw_with_shared_fonts(document, space)
    found: list[PdfTemplate] = []
    data = draw_with_shared_fonts(document, space, found)
    with suppress(CannotFill):
        if found and found[0].fill(fields, document.pictures[0], space) == data:
            kind.template = found[0]
    return data


def draw_with_shared_fonts(
    document: CertificateDocument, space: SignatureSpace | None = None, found: list[PdfTemplate] | None = None
) -> bytes:
    """The file as it is filled in, drawn from its first to its last word. With ``found`` it leaves a template there."""
    with_actual_text = needs_actual_text(document)

    def write(laid_out: Document, file: pydyf.PDF) -> bytes:
        page = laid_out.pages[0]
        drawer = LineDrawer(page_stream(file).clone(), laid_out.fonts)
        fonts = FontSuperset(page, file, drawer, with_actual_text=with_actual_text)
        try:
            own = OwnObjects(file, fonts.numbers)
        except CannotFill:
            return write_file(file)
        fonts.replace_in(file)
        if found is not None and document.fields:
            with suppress(CannotFill):
                found.append(PdfTemplate(page, file, document.fields, own, fonts, drawer))
        return write_file(file, own.numbers)

    return draw(document, space, write=write)
