"""A published course is written back as files that give the very same course."""

from dataclasses import replace
from pathlib import Path

import pytest

from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import BundleOutcome, read_bundle, read_folder
from courses.content.export.bundle_writing import files_of
from courses.content.model.course import CourseDocument
from tests.builders.region import bundle_files
from tests.courses.content.bundles import a_bundle
from tests.courses.content.sample_recordings import recorded
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import LIBRARY

EXAMPLE = LIBRARY.parent / "example"
SHIPPED = sorted(path.parent.name for path in LIBRARY.glob("*/course.yaml"))


def written_again(bundle: BundleOutcome) -> BundleOutcome:
    assert bundle.document is not None, bundle.findings
    return read_bundle(files_of(bundle.document, bundle.media))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_course_comes_back_as_the_same_version(name: str) -> None:
    again = written_again(shipped(name))
    assert again.document == shipped(name).document
    assert fingerprint_of(again.document) == fingerprint_of(shipped(name).document)


def test_the_example_with_every_kind_of_question_comes_back_as_the_same_version() -> None:
    bundle = read_bundle(read_folder(EXAMPLE))
    again = written_again(bundle)
    assert (again.document, again.media, again.findings) == (bundle.document, bundle.media, ())


def course_with(**files: str) -> CourseDocument:
    """The small course of tests with other texts, after being written and read once."""
    bundle = read_bundle(bundle_files(**files))
    assert bundle.document is not None, bundle.findings
    again = written_again(bundle)
    assert again.document == bundle.document, again.findings
    return again.document


@pytest.mark.parametrize(
    "words",
    [
        "Yes",
        "1919",
        "null",
        "~",
        "2026-11-21",
        "- a dash",
        "# no note",
        "a: colon",
        "ends with a colon:",
        "“quoted” and 'quoted' and \"quoted\"",
        "*star* & more",
        "{{authority_name}} first",
        "back\\slash",
        "日本語 and العربية and 🎉",
        "a non-breaking\u00a0space",
    ],
)
def test_words_that_yaml_would_take_for_something_else_stay_words(words: str) -> None:
    quoted = words.replace("'", "''")
    questions = bundle_files()["questions/all.yaml"].decode().replace("{text: The first,", f"{{text: '{quoted}',")
    document = course_with(questions=questions)
    assert document.questions["TC-M1-Q1"].options[0].text == words


def test_paragraphs_lists_and_code_stay_as_they_stand() -> None:
    text = "One.\n\n- a\n- b\n\n    indented\n\n```\n# no heading\n\n::: no directive\n```\n\nTwo, with  two blanks."
    first = bundle_files()["modules/first.md"].decode().replace("Welcome to {{authority_name}}.", text)
    document = course_with(first=first)
    assert document.modules[0].screens[0].blocks[0].text == text


def test_settings_that_are_seldom_used_stay(tmp_path: Path) -> None:
    course = bundle_files()["course.yaml"].decode().replace("order: in-order", "order: any-order\nvalid_for_months: 24")
    course = course.replace("pass_percent: 80", "pass_percent: 0\nfollows: {course: another, weeks: 0}")
    course = course.replace("language: en-GB", "language: cy")
    document = course_with(course=course)
    assert (document.pass_percent, document.valid_for_months, document.order) == (0, 24, "any-order")
    assert document.follows is not None
    assert document.follows.weeks == 0


def test_film_and_sound_stay_with_everything_that_stands_for_them() -> None:
    module = a_bundle()["modules/01-why.md"].decode()
    module += (
        "\n# A film {#RE-M1-S3}\n\n::: video media/film.mp4\ntitle: A film\ncaptions: media/film.vtt\n"
        "only_seen: nothing\n\n**Chair:** Let us begin.\n\nThe end.\n:::\n"
        "\n# A sound {#RE-M1-S4}\n\n::: audio media/sound.mp3\ntitle: A sound\n\nGood morning.\n:::\n"
    )
    media = {
        "media/film.mp4": recorded("film.mp4"),
        "media/film.vtt": b"WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nLet us begin.\n",
        "media/sound.mp3": recorded("tone.mp3"),
    }
    bundle = read_bundle({**a_bundle(), "modules/01-why.md": module.encode(), **media})
    assert bundle.is_publishable, bundle.findings
    again = written_again(bundle)
    assert again.document == bundle.document, again.findings


def test_a_version_from_before_word_lists_were_stored_comes_back_with_todays() -> None:
    bundle = read_bundle(read_folder(EXAMPLE))
    assert bundle.document is not None
    question = bundle.document.questions["EX-M2-Q4"]
    assert question.short is not None
    before = question.model_copy(update={"short": question.short.model_copy(update={"other_words": None})})
    old = bundle.document.model_copy(update={"questions": {**bundle.document.questions, before.id: before}})
    again = written_again(replace(bundle, document=old))
    assert again.document == bundle.document
