"""A certificate drawn from its first to its last word."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import pydyf  # type: ignore[import-untyped]
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from certificates.document.documents import CertificateDocument, Look, backdrop_svg, sheet_css
from certificates.drawing.pdf_pictures import PdfPicture
from certificates.drawing.pdf_writer import write_file
from certificates.drawing.standards import PROFILE_KEY, claim_both_standards, output_profile
from certificates.signing.field import reserve_space
from certificates.signing.signer import SignatureSpace
from typesetting.actual_text import describe_lines
from typesetting.font_fetcher import FaceFetcher, font_face_rule
from typesetting.fonts import Face, faces_for, is_drawn_in_parts

Draw = Callable[[CertificateDocument, SignatureSpace | None], bytes]
Write = Callable[[Document, pydyf.PDF], bytes]

_CSS_PIXELS = b"0.75 0 0 0.75 0 0 cm"
_ELEMENTS = Path(__file__).parents[1] / "document" / "templates" / "elements.css"
_OPTIONS = {"pdf_variant": "pdf/a-2a", "output_intent": PROFILE_KEY}
# A file begins with these objects: none, the pages, the catalog.
_FIRST_OBJECTS = 3


def draw_whole(document: CertificateDocument, space: SignatureSpace | None = None) -> bytes:
    """The file, laid out and painted. With ``space`` it lacks nothing but the signature that belongs there."""
    return draw(document, space, write=lambda _, file: write_file(file))


def draw(document: CertificateDocument, space: SignatureSpace | None, *, write: Write) -> bytes:
    """What ``write`` makes of the layout and of all that stands in the file."""
    styles, has_parts = style_sheets_of(document), needs_actual_text(document)
    written: list[bytes] = []

    def finish(laid_out: Document, file: pydyf.PDF) -> None:
        if styles.backdrop:
            page_stream(file).stream.insert(1, styles.backdrop)
        describe_lines(laid_out, file, is_hard=lambda _: has_parts)
        claim_both_standards(file)
        if space is not None:
            reserve_space(file, space)
        written.append(write(laid_out, file))
        del file.objects[_FIRST_OBJECTS:]  # WeasyPrint would write all of it once more, for nobody

    lay_out(document).write_pdf(finisher=finish, **_OPTIONS)
    return written[0]


def lay_out(document: CertificateDocument) -> Document:
    """The document with every box in its place, not yet a file."""
    styles = style_sheets_of(document)
    pictures = [PdfPicture(picture) for picture in document.pictures]
    return _Page(document.html, styles.elements).render(
        font_config=styles.fonts,
        stylesheets=[styles.sheet],
        color_profiles={PROFILE_KEY: output_profile()},
        cache={picture.address: picture for picture in pictures},
        **_OPTIONS,
    )


def page_stream(file: pydyf.PDF) -> pydyf.Stream:
    """What draws the first page of a file."""
    pages = (item for item in file.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Page")
    contents = next(pages)["Contents"]
    return next(item for item in file.objects if item.reference == contents)


class StyleSheets:
    """What certificates with the same faces and look share: fonts, two style sheets, the drawing behind the words."""

    def __init__(self, faces: tuple[Face, ...], look: Look) -> None:
        self.fonts = FontConfiguration()
        self.backdrop = _backdrop(look)
        families = list(dict.fromkeys(face.family for face in faces))
        # The more special rules come first: of two that fit an element equally well, the later one decides.
        style = "\n".join(
            (
                *map(font_face_rule, faces),
                f"body {{ font-family: {_names(families)}; }}",
                f".text {{ font-family: {_names(families)}; }}",
                f".wide {{ font-family: {_names([*families[1:], families[0]])}; }}",
                # A letter and its mark as one glyph where there is one: readers would copy the two with a gap.
                '.alphabetic { font-feature-settings: "ccmp" 0; }',
                sheet_css(look),
            )
        )
        fetcher = FaceFetcher(faces)
        self.sheet = CSS(string=style, font_config=self.fonts, url_fetcher=fetcher)
        self.elements = CSS(string=_ELEMENTS.read_text("utf-8"), font_config=self.fonts, url_fetcher=fetcher)


# A face with East Asian characters is made for one name, so its style sheets do not come back: keep only a few.
style_sheets_for = lru_cache(maxsize=32)(StyleSheets)


def style_sheets_of(document: CertificateDocument) -> StyleSheets:
    """The style sheets to draw a document with. Raises ``FontsMissing``."""
    return style_sheets_for(faces_for(document.html), document.look)


def needs_actual_text(document: CertificateDocument) -> bool:
    """Whether a letter may be drawn with several glyphs, so that every line says what it is as a whole."""
    return is_drawn_in_parts(document.html)


class _Page(HTML):  # type: ignore[misc]
    """HTML that needs ten lines of style for its elements: WeasyPrint's own sheet takes an eighth of the time."""

    def __init__(self, string: str, elements: CSS) -> None:
        super().__init__(string=string, url_fetcher=_only_data)
        self._elements = elements

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002
        return [self._elements]


_only_data = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


def _names(families: Iterable[str]) -> str:
    return ", ".join(f'"{family}"' for family in families)


@lru_cache(maxsize=32)
def _backdrop(look: Look) -> bytes | None:
    """The drawing under every certificate of a look, as PDF operators.

    WeasyPrint draws the SVG once per process: drawing it for every certificate costs a seventh of the time.
    """
    drawing = backdrop_svg(look)
    if drawing is None:
        return None
    art = b64encode(drawing.encode()).decode("ascii")
    place = "left top / 297mm 210mm no-repeat"
    style = f"@page {{ size: A4 landscape; margin: 0; background: url(data:image/svg+xml;base64,{art}) {place} }}"
    drawn: list[bytes] = []

    def keep(_: Document, file: pydyf.PDF) -> None:
        forms = (item for item in file.objects if isinstance(item, pydyf.Stream) and "BBox" in item.extra)
        drawn.extend(next(forms).stream)

    HTML(string="<body>", url_fetcher=_only_data).write_pdf(
        stylesheets=[CSS(string=style, url_fetcher=_only_data)], finisher=keep
    )
    # Nothing in the drawing is transparent, so its references to graphics states can go.
    operators = [item for item in drawn if not item.endswith(b" gs")]
    return b"\n".join((b"/Artifact BMC q", _CSS_PIXELS, *operators, b"Q EMC"))
