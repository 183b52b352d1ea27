"""Built files: their names come from the manifest, and browsers keep them."""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask

from app.platform.pages.assets import FrontEndNotBuilt, init_assets

STYLES = b"body { color: black }" * 50


def site(folder: Path, *, is_built: bool, testing: bool = False) -> Flask:
    app = Flask("site", static_folder=str(folder))
    app.testing = testing
    if is_built:
        build = folder / "build"
        build.mkdir()
        (build / "common-ground.abc.css").write_bytes(STYLES)
        (build / "common-ground.abc.css.gz").write_bytes(gzip.compress(STYLES))
        (build / "manifest.json").write_text(json.dumps({"common-ground.css": "common-ground.abc.css"}))
    init_assets(app)
    return app


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return app.jinja_env.globals["asset_url"](name)


def test_the_address_of_a_built_file_carries_its_hash(tmp_path: Path):
    app = site(tmp_path, is_built=True)
    assert address(app, "common-ground.css") == f"/{tmp_path.name}/build/common-ground.abc.css"


def test_a_missing_build_says_what_to_run(tmp_path: Path):
    with pytest.raises(FrontEndNotBuilt, match="has not been built: run"):
        address(site(tmp_path, is_built=False), "common-ground.css")


def test_a_file_that_the_build_lacks_is_named(tmp_path: Path):
    with pytest.raises(FrontEndNotBuilt, match=r"lacks other\.css"):
        address(site(tmp_path, is_built=True), "other.css")


def test_tests_of_pages_need_no_build(tmp_path: Path):
    app = site(tmp_path, is_built=False, testing=True)
    assert address(app, "common-ground.css").endswith("/build/common-ground.css")


@pytest.mark.parametrize(("encoding", "is_packed"), [("gzip, br", True), ("", False)])
def test_built_files_are_kept_and_packed_for_those_who_can(tmp_path: Path, encoding: str, is_packed: bool):
    app = site(tmp_path, is_built=True)
    url = address(app, "common-ground.css")
    with app.test_client().get(url, headers={"Accept-Encoding": encoding}) as response:
        body = gzip.decompress(response.data) if is_packed else response.data
    assert body == STYLES
    assert response.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
