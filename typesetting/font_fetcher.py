"""How a drawing gets its letters, and nothing else. Imports WeasyPrint, so no web process may."""

import warnings

from typesetting.fonts import Face

with warnings.catch_warnings():
    # A machine without a single installed font is warned about at import; every face is our own.
    warnings.filterwarnings("ignore", message=".*FontConfig.*", category=UserWarning)
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

__all__ = ["FaceFetcher", "FatalURLFetchingError", "font_face_rule"]


class FaceFetcher(URLFetcher):  # type: ignore[misc]
    """Reads the listed font files and ``data:`` addresses; anything else stops the drawing."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        super().__init__(allowed_protocols={"data", "file"}, allow_redirects=False, fail_on_errors=True)
        self._allowed = frozenset(face.address for face in faces)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
        """The file at an address. Raises ``PermissionError`` for any that is not a face's."""
        if url not in self._allowed and not url.startswith("data:"):
            raise PermissionError(f"{url} is not one of the fonts of this drawing")
        return super().fetch(url, headers)


def font_face_rule(face: Face) -> str:
    """The CSS that names a face."""
    source = f'src: url("{face.address}")'
    return f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; {source}; }}'
