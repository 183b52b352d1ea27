"""A course with pictures, film and sound: an author uploads it, and learners see, hear or read it."""

import io
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.region import small_course
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS, Visitor
from tests.courses.content.bundles import picture
from tests.courses.content.sample_recordings import CAPTIONS, recorded

SLUG = "seen-and-heard"
SCREEN = f"/courses/{SLUG}/first-steps/1"
PLAYED = """
![A teal field, four times as wide as it is high](media/wide.png)

::: video media/film.mp4
title: A short meeting
captions: media/film.vtt
only_seen: Siân waves.

**Siân:** Good morning, 王芳.
:::

::: audio media/tone.mp3
title: How to say Nguyễn

Roughly “ngwin”, in one syllable.
:::
"""


def a_zip() -> dict[str, object]:
    texts = small_course("SH", SLUG, "Seen and heard")
    first = texts["first"].replace("Welcome to", f"{PLAYED}\nWelcome to")
    sound = "{file: media/tone.mp3, title: A greeting, transcript: “Good morning.”}"
    questions = (
        texts["questions"]
        .replace("text: The first", 'text: "![A wide teal field](media/wide.png)"')
        .replace('try again."}', f'try again.", media: {sound}}}')
    )
    files = {
        "course.yaml": texts["course"].encode(),
        "modules/first.md": first.encode(),
        "modules/second.md": texts["second"].encode(),
        "questions/all.yaml": questions.encode(),
        "media/wide.png": picture(size=(1600, 400)),
        "media/film.mp4": recorded("film.mp4"),
        "media/film.vtt": CAPTIONS.encode(),
        "media/tone.mp3": recorded("tone.mp3"),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"name": "seen.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


@pytest.fixture
def published(visit) -> None:
    """The course, uploaded and published through the pages; a second time changes nothing."""
    author = visit(DESKTOP, username="admin")
    author.open("/manage/courses/upload")
    author.page.locator("input[type=file]").set_input_files(a_zip())
    author.press("Upload and check")
    if author.page.get_by_role("button", name="Publish as version 1").count():
        author.choose("Nobody yet")
        author.press("Publish as version 1")


def begin(visit, site, device) -> Visitor:
    staff = visit(device, username=site.a_learner())
    staff.open(f"/courses/{SLUG}")
    staff.press("Start this course")
    return staff


def state(page: Page, name: str) -> dict[str, object]:
    """What a player is doing, as the browser knows it."""
    found: dict[str, object] = page.get_by_label(name, exact=True).evaluate(
        "p => ({paused: p.paused, at: p.currentTime, seconds: p.duration, networks: p.networkState,"
        " captions: p.textTracks[0] ? p.textTracks[0].mode : null})"
    )
    return found


@pytest.mark.parametrize("device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_screen_with_film_and_sound_can_be_read_by_everybody(visit, site, published, device):
    staff = begin(visit, site, device)
    assert staff.heading == "Hello"
    staff.sees("Film, 2 seconds, 8 KB")
    staff.sees("What is only seen: Siân waves.")
    staff.page.get_by_text("Read it instead: A short meeting").click()
    staff.sees("Good morning, 王芳.")
    staff.look()
    staff.fits(320, 360, 1280)
    staff.press("Continue")
    staff.sees("“Good morning.”")
    staff.page.get_by_role("radio", name="A wide teal field").check()
    staff.press("Check my answer")
    staff.fits(320, 360)


def test_nothing_is_loaded_and_nothing_plays_until_somebody_asks(visit, site, published):
    staff = visit(PHONE, username=site.a_learner())
    asked: list[str] = []
    staff.page.on("request", lambda request: asked.append(request.resource_type))
    staff.open(f"/courses/{SLUG}")
    staff.press("Start this course")
    staff.page.wait_for_timeout(300)
    assert "media" not in asked
    assert state(staff.page, "A short meeting")["paused"] is True


@pytest.mark.parametrize("name", ["A short meeting", "How to say Nguyễn"])
def test_a_recording_plays_by_keyboard_alone(visit, site, published, name):
    staff = begin(visit, site, DESKTOP)
    player = staff.page.get_by_label(name, exact=True)
    for _ in range(60):
        staff.page.keyboard.press("Tab")
        if player.evaluate("p => document.activeElement === p"):
            break
    expect(player).to_be_focused()
    staff.page.keyboard.press("Space")
    staff.page.wait_for_function("name => document.querySelector(`[aria-label='${name}']`).currentTime > 0.2", arg=name)
    assert round(float(str(state(staff.page, name)["seconds"]))) == 2


def test_the_captions_of_a_film_are_on(visit, site, published):
    staff = begin(visit, site, DESKTOP)
    film = staff.page.get_by_label("A short meeting", exact=True)
    film.evaluate("f => { f.muted = true; return f.play() }")
    staff.page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 2")
    assert state(staff.page, "A short meeting")["captions"] == "showing"
    assert film.evaluate("f => f.textTracks[0].language") == "en-GB"


def test_a_film_can_be_wound_to_any_place(visit, site, published):
    staff = begin(visit, site, DESKTOP)
    film = staff.page.get_by_label("A short meeting", exact=True)
    film.evaluate("f => new Promise(done => { f.onloadedmetadata = done; f.preload = 'metadata'; f.load() })")
    film.evaluate("f => new Promise(done => { f.onseeked = done; f.currentTime = 1.5 })")
    assert film.evaluate("f => f.seekable.end(0)") == pytest.approx(2, abs=0.2)


def test_a_wide_picture_can_be_opened_on_its_own(visit, site, published):
    staff = begin(visit, site, PHONE)
    link = staff.page.get_by_role("link", name="See this picture larger")
    with staff.page.expect_navigation() as gone:
        link.click()
    assert gone.value.headers["content-type"] == "image/png"
