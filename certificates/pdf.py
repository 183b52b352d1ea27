"""The certificate as a tagged file that is PDF/UA-1 and PDF/A-2a. Imports WeasyPrint, so no web process may."""

import gc
import warnings
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import cssselect2  # type: ignore[import-untyped]
import pydyf  # type: ignore[import-untyped]

from certificates.actual_text import describe_lines
from certificates.branding import Branding
from certificates.documents import CertificateDocument, Look, backdrop_svg, sheet_css
from certificates.face_fetching import FaceFetcher, font_face_rule
from certificates.font_outlines import FontsMissing
from certificates.fonts import TEXT_FAMILY, Face, faces_for
from certificates.pdf_pictures import PdfPicture
from certificates.signing.field import keep_room
from certificates.signing.signer import Room
from certificates.standards import PROFILE_KEY, claim_both_standards, output_profile

with warnings.catch_warnings():
    # A machine without a single installed font is warned about at import; every face is our own.
    warnings.filterwarnings("ignore", message=".*FontConfig.*", category=UserWarning)
    from weasyprint import CSS, HTML, Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    from certificates.font_reserve import keep_in_reserve
    from certificates.frames import own_objects, write_file
    from certificates.mould_lines import NotAlike
    from certificates.moulds import Mould, Shelf

_CSS_PIXELS = b"0.75 0 0 0.75 0 0 cm"
_TEMPLATES = Path(__file__).parent / "templates"
# The objects with which a file begins: none, the pages, the catalog.
_LEFT = 3
_OPTIONS = {"pdf_variant": "pdf/a-2a", "output_intent": PROFILE_KEY}


_shelf = Shelf()


class PdfError(Exception):
    """The PDF could not be made; the message says why, for an operator to read."""


def render_pdf(document: CertificateDocument, *, room: Room | None = None) -> bytes:
    """A file that is PDF/UA-1 and PDF/A-2a: the same document gives the same bytes.

    The first certificate of a process takes longer than the next (see ``warm_up``), and the first two of a kind than
    those after them (see ``certificates.moulds``). Nothing but fonts and the document's own pictures is read.
    With ``room`` the file is complete but for the signature that belongs there. Raises ``PdfError``.
    """
    try:
        faces = faces_for(document.html)
        kind = (faces, document.look, document.pattern, document.pictures[1:], room is None)
        mould = _shelf.find(kind)
        if mould and document.blanks:
            with suppress(NotAlike):
                return mould.fill(document.blanks, document.pictures[0], room)
        if mould or not document.pattern or not _shelf.is_wanted(kind):
            return draw_whole(document, room)
        data, mould = _draw_and_cast(document, _dress_for(faces, document.look), room)
        _shelf.keep(kind, mould)
        return data
    except FontsMissing as error:
        raise PdfError(str(error)) from error
    except FatalURLFetchingError as error:
        raise PdfError(f"The certificate refers to an address that may not be read: {error}") from error
    except Exception as error:
        raise PdfError(f"The certificate could not be drawn: {error!r}") from error


def draw_whole(document: CertificateDocument, room: Room | None = None) -> bytes:
    """The file, laid out and painted from its first to its last word."""
    dress = _dress_for(faces_for(document.html), document.look)

    written: list[bytes] = []

    def finish(laid_out: Document, file: pydyf.PDF) -> None:
        dress.finish(laid_out, file, room, is_one_of_many=bool(document.pattern))
        written.append(_written(laid_out, file, is_one_of_many=bool(document.pattern)))

    lay_out(document).write_pdf(finisher=finish, **_OPTIONS)
    return written[0]


def _written(laid_out: Document, file: pydyf.PDF, *, is_one_of_many: bool) -> bytes:
    data = write_file(file, own_objects(file, laid_out.fonts) if is_one_of_many else ())
    del file.objects[_LEFT:]  # WeasyPrint would write all of it once more, for nobody
    return data


def _draw_and_cast(document: CertificateDocument, dress: "_Dress", room: Room | None) -> tuple[bytes, Mould | None]:
    """The file, and a mould for others of its kind unless they cannot be had from one."""
    cast: list[Mould] = []
    written: list[bytes] = []
    blanks = document.blanks

    def finish(laid_out: Document, file: pydyf.PDF) -> None:
        dress.finish(laid_out, file, room, is_one_of_many=True)
        if blanks:
            with suppress(NotAlike):
                cast.append(Mould(laid_out, file, blanks, has_letters=not dress.is_plain))
        written.append(_written(laid_out, file, is_one_of_many=True))

    lay_out(document).write_pdf(finisher=finish, **_OPTIONS)
    with suppress(NotAlike):
        if blanks and cast and cast[0].fill(blanks, document.pictures[0], room) == written[0]:
            return written[0], cast[0]
    return written[0], None


def lay_out(document: CertificateDocument) -> Document:
    """The document with every box in its place, not yet a file."""
    dress = _dress_for(faces_for(document.html), document.look)
    pictures = [PdfPicture(picture) for picture in document.pictures]
    page = _LeanHTML(document.html, dress.lean_sheet)
    laid_out = page.render(
        font_config=dress.fonts,
        stylesheets=[dress.sheet],
        color_profiles={PROFILE_KEY: output_profile()},
        cache={picture.address: picture for picture in pictures},
        **_OPTIONS,
    )
    page.describe(laid_out)
    return laid_out


def warm_up() -> None:
    """Load the faces and style sheet of the common case, so that processes forked from this one need not."""
    _dress_for(faces_for("A"), Look(Branding().design, Branding().colours))
    # All this stays until the process ends: looking through it again and again for garbage costs a twentieth.
    gc.collect()
    gc.freeze()


class _Dress:
    """What every certificate with the same faces and look shares: fonts, the two parsed style sheets, the drawing."""

    def __init__(self, faces: tuple[Face, ...], look: Look) -> None:
        self.fonts = FontConfiguration()
        fetcher = FaceFetcher(faces)
        self._backdrop = _backdrop(look)
        self.is_plain = all(face.family == TEXT_FAMILY for face in faces)
        families = list(dict.fromkeys(face.family for face in faces))
        # The more special rules come first: of two that fit an element equally well, the later one decides.
        style = "\n".join(
            (
                *map(font_face_rule, faces),
                f"body {{ font-family: {_names(families)}; }}",
                f".text {{ font-family: {_names(families)}; }}",
                f".wide {{ font-family: {_names([*families[1:], families[0]])}; }}",
                sheet_css(look),
            )
        )
        self.sheet = CSS(string=style, font_config=self.fonts, url_fetcher=fetcher)
        elements = (_TEMPLATES / "elements.css").read_text("utf-8")
        self.lean_sheet = CSS(string=elements, font_config=self.fonts, url_fetcher=fetcher)

    def finish(
        self, document: Document, file: pydyf.PDF, room: Room | None = None, *, is_one_of_many: bool = False
    ) -> None:
        """Put the drawing behind the words, say what each line is, and claim both standards."""
        stream = _page_stream(file)
        if is_one_of_many:
            keep_in_reserve(document.pages[0], document.fonts, file, stream, has_letters=not self.is_plain)
        if self._backdrop:
            stream.stream.insert(1, self._backdrop)
        describe_lines(document, file, has_letters=not self.is_plain)
        claim_both_standards(file)
        if room is not None:
            keep_room(file, room)


# Faces with East Asian characters are cut for one name, so those dresses do not come back: keep only a few.
_dress_for = lru_cache(maxsize=32)(_Dress)


class _LeanHTML(HTML):  # type: ignore[misc]
    """Well-formed HTML, read by the C parser; ten lines of style for its elements replace WeasyPrint's sheet."""

    def __init__(self, string: str, lean_sheet: CSS) -> None:
        root = ElementTree.fromstring(string)  # noqa: S314 - our own template; it has no DOCTYPE, so no entities
        # What is never drawn need not be styled either.
        found = root.find("head")
        self._head = ElementTree.Element("head") if found is None else found
        if found is not None:
            root.remove(found)
        self.base_url = None
        self.url_fetcher = _only_data
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self._lean_sheet = lean_sheet

    def describe(self, document: Document) -> None:
        """Say the title and the day, as the elements of the head do."""
        said = {meta.get("name"): meta.get("content") for meta in self._head.iter("meta")}
        document.metadata.title = self._head.findtext("title")
        document.metadata.created = said.get("dcterms.created")
        document.metadata.modified = said.get("dcterms.modified")

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002
        return [self._lean_sheet]


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


def _page_stream(file: pydyf.PDF) -> pydyf.Stream:
    pages = (item for item in file.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Page")
    contents = next(pages)["Contents"]
    return next(item for item in file.objects if item.reference == contents)
