"""Handouts as tagged PDF/UA-1 files. Imports WeasyPrint, so no web process may import it."""

import warnings
from pathlib import Path
from string import Template

from certificates.face_fetching import FaceFetcher, font_face_rule
from certificates.font_outlines import FontsMissing
from certificates.fonts import TEXT_FAMILY, faces_for

with warnings.catch_warnings():
    # A machine without a single installed font is warned about at import; every face is our own.
    warnings.filterwarnings("ignore", message=".*FontConfig.*", category=UserWarning)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

_STYLE = Path(__file__).parent / "templates" / "pack.css"


class HandoutError(Exception):
    """The PDF could not be made; the message says why, for an operator to read."""


def render_handout(html: str, *, running: str) -> bytes:
    """A PDF/UA-1 file of a whole HTML document. ``running`` stands at the foot of every page.

    Only the product's own fonts are read, from whatever address the document names. Raises ``HandoutError``.
    """
    try:
        faces = faces_for(html)
        fetcher = FaceFetcher(faces)
        fonts = FontConfiguration()
        names = ", ".join(f'"{family}"' for family in dict.fromkeys((TEXT_FAMILY, *(face.family for face in faces))))
        style = Template(_STYLE.read_text("utf-8")).substitute(
            faces="\n".join(map(font_face_rule, faces)), family=names, running=running.replace('"', "”")
        )
        sheet = CSS(string=style, font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=html, url_fetcher=fetcher)
        return bytes(document.write_pdf(font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/ua-1"))
    except FontsMissing as error:
        raise HandoutError(str(error)) from error
    except FatalURLFetchingError as error:
        raise HandoutError(f"The handout refers to an address that may not be read: {error}") from error
    except Exception as error:
        raise HandoutError(f"The handout could not be drawn: {error!r}") from error
