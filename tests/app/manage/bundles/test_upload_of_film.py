"""Uploading a course with a large film: it fits, it is stored once, and a part of it is sent without the rest."""

import os
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.platform.storage import file_store
from config import Settings
from courses.catalogue.uploads import media_key
from people.roles import Role
from tests.builders.bundles import a_bundle_with
from tests.builders.region import FIRST, a_person, an_account
from tests.courses.content.sample_recordings import CAPTIONS, recorded
from tests.reading import Browser, Page

MB = 1_000_000
PLAYED = """
::: video media/film.mp4
title: A short meeting
captions: media/film.vtt
only_seen: nothing

**Siân:** Good morning.
:::
"""


def large(size: int) -> bytes:
    """A film that plays, with a box after it that every player passes over."""
    film = recorded("film.mp4")
    rest = size - len(film)
    return film + struct.pack(">I4s", rest, b"free") + os.urandom(rest - 8)


@pytest.fixture
def author(session: Session, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """An author where uploads are as large as they are out of the box; what was stored is gone afterwards."""
    as_shipped = Settings.model_fields["max_upload_mb"].default
    settings = app.config["SETTINGS"].model_copy(update={"max_upload_mb": as_shipped})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    before = set(stored(app))
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    yield browser.enter_as(account)
    for path in set(stored(app)) - before:
        path.unlink()


def stored(app: Flask) -> list[Path]:
    return [path for path in Path(app.config["SETTINGS"].storage_url).glob("media/**/*") if path.is_file()]


def send(author: Browser, film: bytes) -> Page:
    bundle = a_bundle_with(
        {"media/film.mp4": film, "media/film.vtt": CAPTIONS.encode()},
        first=FIRST.replace("Welcome to", f"{PLAYED}\nWelcome to"),
    )
    target, values = author.open("/manage/courses/upload").form("Upload and check")
    # The test client would keep a body of this size in a file that it never closes.
    boundary, body = encode_multipart({**values, "bundle": FileStorage(*bundle)})
    kind = f'multipart/form-data; boundary="{boundary}"'
    response = author.client.post(target, data=body, content_type=kind, follow_redirects=True)
    return Page(response, response.request.full_path.rstrip("?"))


def test_a_film_of_forty_megabytes_can_be_uploaded_and_looked_at(author: Browser) -> None:
    page = send(author, large(40 * MB))
    assert page.heading == "Test course"
    assert "This film has 40 MB. People pay for data" in page.text
    preview = author.open(page.links["Preview it from the first screen"])
    assert "Film, 2 seconds, 40 MB" in preview.text


def test_a_film_that_is_too_large_is_named_and_not_stored(author: Browser, app: Flask) -> None:
    before = stored(app)
    page = send(author, large(46 * MB))
    assert page.status == 422
    assert page.errors == ["media/film.mp4: 1 thing to put right"]
    assert "This film is larger than 45 MB. Save it shorter or smaller." in page.text
    assert stored(app) == before


def test_the_same_film_is_stored_once(author: Browser, app: Flask) -> None:
    film = large(MB)
    send(author, film)
    first = {path: path.stat().st_mtime_ns for path in stored(app)}
    assert send(author, film).heading == "Test course"
    assert {path: path.stat().st_mtime_ns for path in stored(app)} == first


def test_a_large_film_is_sent_without_being_read_whole(author: Browser, app: Flask) -> None:
    film = large(20 * MB)
    page = send(author, film)
    player = author.open(page.links["Preview it from the first screen"]).soup.find("source")
    url = str(player["src"])
    with app.app_context():
        assert file_store().exists(media_key(url.rsplit("/", 1)[1]))
    tracemalloc.start()
    try:
        with author.client.get(url, headers={"Range": f"bytes={10 * MB}-"}, buffered=False) as answer:
            sent = sum(len(piece) for piece in answer.iter_encoded())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, sent) == (206, 10 * MB)
    assert most < 5 * MB
