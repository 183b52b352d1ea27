"""Pages go out packed, and never where somebody else's words may stand on them beside a secret."""

import gzip
from io import BytesIO

import pytest
from flask import Flask, Response, send_file
from werkzeug.test import TestResponse

from app.platform.pages import compression
from app.platform.pages.compression import SMALLEST, packed

PACKED = {"Accept-Encoding": "gzip, deflate, br"}
PAGE = "<!DOCTYPE html><title>x</title>" + "<p>Some words.</p>" * 200


def answers() -> dict[str, Response]:
    """One answer of each sort; only the first is packed."""
    made = {
        "page": Response(PAGE, mimetype="text/html"),
        "error": Response(PAGE, status=422, mimetype="text/html"),
        "missing": Response(PAGE, status=404, mimetype="text/html"),
        "short": Response("x" * (SMALLEST - 1), mimetype="text/html"),
        "stream": Response(iter((PAGE, PAGE)), mimetype="text/html"),
        "file": send_file(BytesIO(PAGE.encode()), mimetype="text/html"),
        "etag": Response(PAGE, mimetype="text/html"),
        "part": Response(PAGE, mimetype="text/html", headers={"Content-Range": "bytes 0-10/20"}),
        "packed": Response(packed(PAGE.encode()), mimetype="text/html", headers={"Content-Encoding": "gzip"}),
        "picture": Response(PAGE, mimetype="image/svg+xml"),
        "table": Response(PAGE, mimetype="text/csv"),
    }
    made["etag"].set_etag("one")
    return made


@pytest.fixture
def site() -> Flask:
    site = Flask(__name__)
    compression.init_app(site)
    site.add_url_rule("/<kind>", view_func=lambda kind: answers()[kind], methods=["GET", "POST"])
    return site


def asked(site: Flask, path: str, *, method: str = "GET", **headers: str) -> TestResponse:
    sent = {**PACKED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return site.test_client().open(path, method=method, headers=sent)


@pytest.mark.parametrize("path", ["/support", "/privacy", "/verify", "/sign-in"])
def test_a_page_goes_out_packed_and_whole(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers=PACKED)
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert gzip.decompress(response.data).strip().endswith(b"</html>")
    assert {"accept-encoding", "sec-fetch-site"} <= {name.lower() for name in response.vary}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("encodings", ["", "identity", "br", "gzip;q=0", "identity, *;q=0"])
def test_who_cannot_unpack_gets_the_page_as_it_is_and_caches_know_it(site: Flask, encodings: str) -> None:
    response = asked(site, "/page", Accept_Encoding=encodings)
    assert (response.text, "Content-Encoding" in response.headers) == (PAGE, False)
    assert "Accept-Encoding" in response.vary


@pytest.mark.parametrize("kind", ["error", "missing", "short"])
def test_errors_and_short_pages_go_out_as_they_are(site: Flask, kind: str) -> None:
    assert "Content-Encoding" not in asked(site, f"/{kind}").headers


@pytest.mark.parametrize("kind", ["stream", "file", "etag", "part", "picture", "table"])
def test_files_and_parts_of_them_go_out_as_they_are(site: Flask, kind: str) -> None:
    response = asked(site, f"/{kind}")
    assert "Content-Encoding" not in response.headers
    assert response.text.startswith(PAGE)


def test_nothing_is_packed_twice(site: Flask) -> None:
    response = asked(site, "/packed")
    assert gzip.decompress(response.data).decode() == PAGE


def test_an_address_with_a_query_is_not_packed_for_its_words_may_stand_on_the_page(site: Flask) -> None:
    assert "Content-Encoding" not in asked(site, "/page?q=guess").headers


def test_an_answer_to_a_post_is_not_packed_for_what_was_typed_stands_on_it(site: Flask) -> None:
    assert "Content-Encoding" not in asked(site, "/page", method="POST").headers


@pytest.mark.parametrize(
    ("site_of_asker", "is_packed"),
    [("none", True), ("same-origin", True), ("same-site", False), ("cross-site", False), ("", False)],
)
def test_what_a_page_elsewhere_asks_for_is_not_packed(site: Flask, site_of_asker: str, is_packed: bool) -> None:
    response = asked(site, "/page", Sec_Fetch_Site=site_of_asker)
    assert ("Content-Encoding" in response.headers) == is_packed


def test_asking_for_the_head_alone_names_what_the_page_would_have(site: Flask) -> None:
    whole, head = asked(site, "/page"), asked(site, "/page", method="HEAD")
    assert head.data == b""
    assert dict(head.headers) == dict(whole.headers)


def test_the_same_page_gives_the_same_bytes() -> None:
    assert packed(b"x" * 5000) == packed(b"x" * 5000)
    assert packed(b"x" * 5000)[4:8] == bytes(4)
