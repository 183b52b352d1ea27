"""Addresses of files for browsers: `asset_url("common-ground.css")` of a built one, `static_url("favicon.svg")`.

`tools/installing/build_frontend.py` writes the manifest that is read here.
"""

import json
from pathlib import Path

from flask import Flask, Response, request

BUILD_FOLDER = "build"
ONE_YEAR = 365 * 24 * 60 * 60
CONTENT_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class FrontEndNotBuilt(RuntimeError):
    """The style sheet and scripts have not been built, or lack the file asked for."""


class Manifest:
    """Plain name to hashed name; read again when the build has been renewed (in debug only)."""

    def __init__(self, path: Path, *, is_reloading: bool) -> None:
        self.path = path
        self.is_reloading = is_reloading
        self._names: dict[str, str] | None = None
        self._read_at = 0.0

    def hashed_name(self, name: str) -> str:
        """Return the hashed name of a built file; raises `FrontEndNotBuilt`."""
        if self._names is None or (self.is_reloading and self._changed()):
            self._names = self._read()
        try:
            return self._names[name]
        except KeyError:
            raise FrontEndNotBuilt(f"The build lacks {name}: run `make frontend`.") from None

    def _changed(self) -> bool:
        return self.path.exists() and self.path.stat().st_mtime != self._read_at

    def _read(self) -> dict[str, str]:
        try:
            self._read_at = self.path.stat().st_mtime
            names: dict[str, str] = json.loads(self.path.read_text(encoding="utf-8"))
        except OSError:
            raise FrontEndNotBuilt("The style sheet has not been built: run `make frontend`.") from None
        return names


def accepts_gzip() -> bool:
    return request.accept_encodings.best_match(["gzip"]) is not None


def init_assets(app: Flask) -> None:
    """Give templates `asset_url(name)` and `static_url(name)`, send built files packed, to be kept for a year.

    They may, because a built file's name changes with its content.
    """
    static = Path(app.static_folder or "")
    manifest = Manifest(static / BUILD_FOLDER / "manifest.json", is_reloading=app.debug)

    def asset_url(name: str) -> str:
        try:
            hashed = manifest.hashed_name(name)
        except FrontEndNotBuilt:
            # Tests of pages should not need Node; the plain address is enough for them.
            if not app.testing:
                raise
            hashed = name
        return static_url(f"{BUILD_FOLDER}/{hashed}")

    def static_url(name: str) -> str:
        # Put together by hand: url_for takes 40 µs, and every page asks seven times.
        return f"{request.script_root}{app.static_url_path}/{name}"

    def send_built_or_static(filename: str) -> Response:
        is_built = filename.startswith(f"{BUILD_FOLDER}/")
        packed = f"{filename}.gz"
        is_packed = is_built and accepts_gzip() and (static / packed).is_file()
        response = app.send_static_file(packed if is_packed else filename)
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Type"] = CONTENT_TYPES[Path(filename).suffix]
            response.headers["Content-Disposition"] = "inline"
        if is_built and not filename.endswith("manifest.json"):
            response.vary.add("Accept-Encoding")
            response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
            response.headers.pop("Expires", None)
        return response

    app.add_template_global(asset_url)
    app.add_template_global(static_url)
    app.view_functions["static"] = send_built_or_static
