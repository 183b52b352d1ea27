"""Pictures and recordings on learners' pages."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from bs4 import Tag
from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.course_pages import players
from app.course_pages.pictures import spoken
from app.platform.storage import file_store
from courses.catalogue.uploads import media_key
from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from courses.content.html.markup import render_inline
from courses.content.model.course import MediaFile, Recording
from tests.builders.region import FIRST, NOON, QUESTIONS, a_person, a_unit, an_account, an_organisation, bundle_files
from tests.courses.content.bundles import picture
from tests.courses.content.sample_recordings import CAPTIONS, recorded
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
SCREEN = f"{COURSE}/first-steps/1"
QUESTION = f"{COURSE}/first-steps/2"
WITH_PICTURES = (
    QUESTIONS.replace("stem: Which answer is right?", 'stem: "![A street in Bootle](media/street.png) Who lives here?"')
    .replace("text: The first", 'text: "![One in ten](media/wide.png)"')
    .replace('"Not this one.', '"![A raised hand](media/street.png) Not this one.')
)
MEDIA = {"media/street.png": picture(), "media/wide.png": picture(size=(900, 300))}


@pytest.fixture
def files(app: Flask) -> Iterator[Callable[[bytes], None]]:
    """Puts a media file where uploads put it; it is gone again after the test."""
    put: list[str] = []

    def store(data: bytes) -> None:
        put.append(media_key(hashlib.sha256(data).hexdigest()))
        with app.app_context():
            file_store().put(put[-1], data)

    yield store
    with app.app_context():
        for key in put:
            file_store().delete(key)


@pytest.fixture
def learner(browser: Browser, session: Session) -> Browser:
    """A member of staff at a course whose first question has pictures everywhere."""
    bundle = read_bundle(bundle_files(questions=WITH_PICTURES) | MEDIA)
    assert bundle.document is not None, bundle.findings
    publish(session, document=bundle.document, account_id=None, now=NOON)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    learner = browser.enter_as(account)
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    return learner


def descriptions(learner: Browser) -> list[str]:
    return [str(picture["alt"]) for picture in learner.open(QUESTION).soup.find_all("img", alt=True) if picture["alt"]]


def test_pictures_stand_in_the_stem_and_the_options(learner: Browser) -> None:
    assert sorted(descriptions(learner)) == ["A street in Bootle", "One in ten"]


def test_an_option_that_is_wide_has_a_link_to_see_it_larger(learner: Browser) -> None:
    links = learner.open(QUESTION).links
    assert [words for words in links if "larger" in words] == ["See this picture larger : One in ten"]


def test_pictures_stand_in_feedback(learner: Browser) -> None:
    learner.submit(QUESTION, "Check my answer", answer="b")
    assert "A raised hand" in descriptions(learner)


def test_every_picture_leads_to_its_bytes(learner: Browser, files: Callable[[bytes], None]) -> None:
    data = MEDIA["media/wide.png"]
    place = next(url for words, url in learner.open(QUESTION).links.items() if "larger" in words)
    files(data)
    with learner.client.get(place) as answer:
        assert (answer.mimetype, answer.get_data()) == ("image/png", data)


PLAYED = """
::: video media/film.mp4
title: A short meeting
captions: media/film.vtt
only_seen: Siân waves to {{authority_name}}.

**Siân:** Good morning, 王芳.
:::
"""


@pytest.fixture
def viewer(browser: Browser, session: Session, files: Callable[[bytes], None]) -> Browser:
    """A member of staff at a screen with a film, whose question has a sound; both are stored."""
    sound = "{file: media/tone.mp3, title: How to say Nguyễn, transcript: Roughly “ngwin”.}"
    texts = bundle_files(
        first=FIRST.replace("Welcome to", f"{PLAYED}\nWelcome to"),
        questions=QUESTIONS.replace("  stem: Which answer is", f"  media: {sound}\n  stem: Which answer is", 1).replace(
            'try again."}', f'try again.", media: {sound}}}'
        ),
    )
    media = {"media/film.mp4": recorded("film.mp4"), "media/tone.mp3": recorded("tone.mp3")}
    bundle = read_bundle(texts | media | {"media/film.vtt": CAPTIONS.encode()})
    assert bundle.document is not None, bundle.findings
    publish(session, document=bundle.document, account_id=None, now=NOON)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    for data in bundle.media.values():
        files(data)
    viewer = browser.enter_as(account)
    viewer.submit(COURSE, "Start this course")
    return viewer


def player(page: Page, name: str) -> Tag:
    found = page.soup.find(["video", "audio"], attrs={"aria-label": name})
    assert isinstance(found, Tag)
    return found


def sources(page: Page, name: str) -> dict[str, str]:
    """The addresses of a player by their element: its file and its captions."""
    return {part.name: str(part["src"]) for part in player(page, name).find_all(["source", "track"])}


def test_a_film_says_what_it_costs_and_everything_that_stands_for_it(viewer: Browser) -> None:
    page = viewer.open(SCREEN)
    assert "A short meeting Film, 2 seconds, 8 KB" in page.text
    assert "What is only seen: Siân waves to your organisation." in page.text
    assert "Siân: Good morning, 王芳." in page.text


def test_no_player_loads_or_plays_by_itself(viewer: Browser) -> None:
    viewer.submit(SCREEN, "Continue")
    for page, name in ((viewer.open(SCREEN), "A short meeting"), (viewer.open(QUESTION), "How to say Nguyễn")):
        found = player(page, name)
        assert found["preload"] == "none"
        assert found.has_attr("controls")
        assert not found.has_attr("autoplay")


def test_a_question_and_its_option_have_the_recording_and_its_words(viewer: Browser) -> None:
    viewer.submit(SCREEN, "Continue")
    assert viewer.open(QUESTION).text.count("Roughly “ngwin”.") == 2


def test_captions_come_as_captions(viewer: Browser) -> None:
    with viewer.client.get(sources(viewer.open(SCREEN), "A short meeting")["track"]) as answer:
        assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
        assert answer.get_data() == CAPTIONS.encode()


def test_a_page_whose_film_is_lost_still_has_its_words(viewer: Browser, app: Flask) -> None:
    url = sources(viewer.open(SCREEN), "A short meeting")["source"]
    with app.app_context():
        file_store().delete(media_key(url.rsplit("/", 1)[1]))
    assert viewer.open(url).status == 404
    assert "Good morning, 王芳." in viewer.open(SCREEN).text


@pytest.mark.parametrize(
    ("asked", "status", "first", "size"),
    [
        (None, 200, 0, None),
        ("bytes=0-", 206, 0, None),
        ("bytes=4-7", 206, 4, 4),
        ("bytes=-10", 206, -10, 10),
        ("bytes=5-999999", 206, 5, None),
    ],
)
def test_a_part_of_a_film_can_be_asked_for(
    viewer: Browser, asked: str | None, status: int, first: int, size: int | None
) -> None:
    whole = recorded("film.mp4")
    wanted = whole[first:][:size]
    url = sources(viewer.open(SCREEN), "A short meeting")["source"]
    with viewer.client.get(url, headers={"Range": asked} if asked else {}) as answer:
        assert (answer.status_code, answer.get_data()) == (status, wanted)
        assert answer.headers["Content-Length"] == str(len(wanted))
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=0-1,4-5", "bytes=x-"])
def test_a_part_that_is_not_there_is_refused(viewer: Browser, asked: str) -> None:
    url = sources(viewer.open(SCREEN), "A short meeting")["source"]
    with viewer.client.get(url, headers={"Range": asked}) as answer:
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(recorded('film.mp4'))}"


def test_what_the_browser_has_already_is_not_sent_again(viewer: Browser) -> None:
    url = sources(viewer.open(SCREEN), "A short meeting")["source"]
    with viewer.client.head(url) as first:
        assert first.headers["Content-Length"] == str(len(recorded("film.mp4")))
        tag = first.headers["ETag"]
    with viewer.client.get(url, headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.get_data()) == (304, b"")
    with viewer.client.get(url, headers={"Range": "bytes=0-3", "If-Range": '"another"'}) as changed:
        assert changed.status_code == 200


def test_nobody_sees_a_film_without_signing_in(viewer: Browser, app: Flask) -> None:
    url = sources(viewer.open(SCREEN), "A short meeting")["source"]
    with app.test_client().get(url) as answer:
        assert answer.status_code in (302, 401)
        assert b"ftyp" not in answer.get_data()


def test_the_print_version_has_the_words_of_every_recording(viewer: Browser) -> None:
    page = viewer.open(f"{COURSE}/first-steps/print")
    assert "Siân: Good morning, 王芳." in page.text
    assert page.text.count("Roughly “ngwin”.") == 2


def test_what_is_said_of_a_picture_is_said_once() -> None:
    for text, words in (("![A hand](media/a.png)", "A hand"), ("First: ![A hand](media/a.png)", "First: A hand")):
        assert spoken(Markup(render_inline(text, tokens={}))) == words  # noqa: S704


def test_a_described_film_stands_beside_the_other(browser: Browser, app: Flask) -> None:
    film = MediaFile(sha256="0" * 64, content_type="video/mp4", bytes=2_400_000, seconds=72, has_sound=True)
    with app.test_request_context():
        html = players.player(
            Recording(file="a.mp4", title="A <meeting>", transcript="", described="b.mp4"),
            media={"a.mp4": film, "b.mp4": film.model_copy(update={"seconds": 60})},
            url=lambda name: f"/media/{name}",
            words=str,
            transcript=Markup("<p>Hello</p>"),
            language="cy",
        )
    words = html.striptags()
    assert "A <meeting> Film, 1 minute 12 seconds, 2.4 MB" in words
    assert "With a voice that says what is seen: A <meeting>" in words
    assert "Film, 1 minute, 2.4 MB" in words
