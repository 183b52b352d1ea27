"""Reading a bundle that is right, and the ways in which good bundles differ."""

import io
from pathlib import Path

import pytest

from courses.content.bundle.reading import read_bundle, read_folder, read_upload
from courses.content.model.course import (
    CourseDocument,
    Follows,
    MarkdownBlock,
    MoreBlock,
    NoteBlock,
    QuestionBlock,
    ReflectionBlock,
)
from tests.courses.content.bundles import COURSE, MODULE, QUESTIONS, a_bundle, found, picture, spoilt, zipped


def test_a_good_bundle_has_no_findings_and_can_be_published():
    outcome = read_bundle(a_bundle())
    assert outcome.findings == ()
    assert outcome.is_publishable


def test_a_document_reads_back_as_it_was_stored():
    document = read_bundle(a_bundle()).document
    assert document is not None
    assert CourseDocument.model_validate(document.model_dump(mode="json")) == document


def test_a_follow_up_says_what_it_follows_and_that_it_gives_no_certificate():
    follows = "follows:\n  course: other-course\n  weeks: 2\ncertificate: false\norder: in-order"
    document = read_bundle(spoilt("course", "order: in-order", follows)).document
    assert document is not None
    assert (document.follows, document.certificate) == (Follows(course="other-course", weeks=2), False)
    assert CourseDocument.model_validate(document.model_dump(mode="json")) == document


def test_a_document_that_was_stored_without_these_keys_follows_none_and_gives_a_certificate():
    document = read_bundle(a_bundle()).document
    assert document is not None
    stored = document.model_dump(mode="json", exclude={"follows", "certificate"})
    assert CourseDocument.model_validate(stored) == document
    assert (document.follows, document.certificate) == (None, True)


def test_a_document_knows_its_modules_and_questions_in_screen_order():
    document = read_bundle(a_bundle()).document
    assert document is not None
    assert document.module("why").question_ids == ("RE-M1-Q1",)
    assert document.module("why").screens[1].question_ids == ("RE-M1-Q1",)
    assert document.question_ids == document.scored_question_ids == ("RE-M1-Q1",)
    assert [screen.id for _, screen in document.screens()] == ["RE-M1-S1", "RE-M1-S2"]
    with pytest.raises(KeyError):
        document.module("elsewhere")
    with pytest.raises(KeyError):
        document.module("why").screen("RE-M9-S9")


def test_a_picture_is_kept_with_its_size_in_pixels():
    outcome = read_bundle(a_bundle())
    assert outcome.document is not None
    file = outcome.document.media["media/map.png"]
    assert (file.content_type, file.width, file.height, file.bytes) == ("image/png", 4, 3, len(picture()))
    assert outcome.media == {"media/map.png": picture()}


def test_each_directive_becomes_its_block():
    module = MODULE + (
        "\n# More {#RE-M1-S3}\n\nText.\n\n::: more Read on\nBehind it.\n:::\n\n::: note\nTake care.\n:::\n\n"
        "::: reflection RE-M1-R1\nWhat would *you* want?\n:::\n\nAfter.\n"
    )
    document = read_bundle(a_bundle(module=module)).document
    assert document is not None
    assert document.module("why").screen("RE-M1-S3").blocks == (
        MarkdownBlock(text="Text."),
        MoreBlock(title="Read on", text="Behind it."),
        NoteBlock(text="Take care."),
        ReflectionBlock(id="RE-M1-R1", prompt="What would *you* want?"),
        MarkdownBlock(text="After."),
    )
    assert document.module("why").screen("RE-M1-S2").blocks == (QuestionBlock(question_id="RE-M1-Q1"),)
    assert document.module("why").reflection_ids == ("RE-M1-R1",)


def test_headings_and_colons_inside_code_open_nothing():
    module = MODULE + "\n# Code {#RE-M1-S3}\n\n```\n# not a screen\n::: more\n```\n"
    assert found(a_bundle(module=module)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ],
    ids=["windows line ends", "byte-order mark", "both"],
)
def test_files_saved_on_windows_are_read_without_a_word(change):
    plain = read_bundle(a_bundle())
    saved = read_bundle(a_bundle(course=change(COURSE), module=change(MODULE), questions=change(QUESTIONS)))
    assert saved == plain


def test_right_to_left_text_and_emoji_are_fine():
    files = spoilt("module", "About 1.55 million people live here.", "مرحبا بكم 👋🏽 [سلام]{lang=ar dir=rtl}")
    assert found(files) == []


def test_words_that_yaml_takes_for_other_things_stay_words():
    questions = QUESTIONS.replace("text: 3%", "text: Yes").replace("text: 12%", "text: 2024-05-01")
    document = read_bundle(a_bundle(questions=questions)).document
    assert document is not None
    assert [option.text for option in document.questions["RE-M1-Q1"].options] == ["Yes", "2024-05-01"]


def test_a_folder_and_its_zip_read_the_same(tmp_path: Path):
    for name, data in a_bundle().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("hidden")
    (tmp_path / "link.md").symlink_to(tmp_path / "course.yaml")
    folder = read_bundle(read_folder(tmp_path))
    assert folder.findings == ()
    assert folder == read_upload(zipped(a_bundle()))


def test_a_zip_with_a_folder_around_the_course_is_unwrapped():
    wrapped = {f"my course/{name}": data for name, data in a_bundle().items()}
    wrapped |= {"__MACOSX/my course/._course.yaml": b"x", "my course/.DS_Store": b"x"}
    assert read_upload(zipped(wrapped)) == read_bundle(a_bundle())


def test_a_picture_with_an_accent_is_found_however_the_accent_is_stored():
    files = spoilt("module", "media/map.png", "media/caf\u00e9.png")
    del files["media/map.png"]
    assert read_upload(zipped({**files, "media/cafe\u0301.png": picture()})).findings == ()


def test_a_picture_may_be_named_as_editors_preview_it():
    assert found(spoilt("module", "(media/map.png)", "(../media/map.png)")) == []


def test_a_read_me_beside_the_course_is_nobodys_business():
    assert found({**a_bundle(), "README.md": b"Hello", "LICENSE": b"Free"}) == []


def test_a_zip_without_a_course_says_so_once():
    outcome = read_upload(zipped({"mimetype": b"x", "content.xml": b"<x/>"}))
    assert [(f.file, f.message) for f in outcome.findings] == [
        ("course.yaml", "There is no course.yaml. Put it at the top of the bundle.")
    ]
    assert not outcome.is_publishable


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("imsmanifest.xml", "This looks like a SCORM, QTI or Common Cartridge package."),
        ("Course.yml", "there is Course.yml. Move or rename it."),
        ("a/b/course.yaml", "there is a/b/course.yaml. Move or rename it."),
    ],
)
def test_a_zip_of_something_else_is_named(name: str, words: str):
    outcome = read_upload(zipped({name: b"x", "other/file.txt": b"x"}))
    assert words in outcome.findings[0].message
    assert len(outcome.findings) == 1


def test_faults_of_the_zip_and_of_the_course_come_together():
    files = spoilt("course", "title: Race equality\n", "")
    outcome = read_upload(zipped([*files.items(), ("../evil.txt", b"x")]))
    assert [f.file for f in outcome.findings] == ["../evil.txt", "course.yaml"]
    assert outcome.document is None


def test_a_good_course_in_a_bad_zip_cannot_be_published():
    outcome = read_upload(zipped([*a_bundle().items(), ("/etc/passwd", b"x")]))
    assert outcome.document is None
    assert not outcome.is_publishable


def test_an_empty_upload_is_refused():
    assert not read_upload(io.BytesIO()).is_publishable
    assert not read_upload(zipped({})).is_publishable


def test_a_course_of_more_screens_than_anybody_finishes_is_refused_with_the_limit():
    more = "".join(f"\n# Screen {{#RE-M1-S{number}}}\n\nA sentence.\n" for number in range(3, 1_002))
    outcome = read_bundle(a_bundle(module=MODULE + more))
    assert outcome.document is None
    assert [finding.message for finding in outcome.findings] == [
        "This course has 1,001 screens, and 1,000 are the most. Make two or more courses of it."
    ]


def test_more_questions_than_anybody_answers_are_refused_with_the_limit():
    more = {
        f"questions/{part}.yaml": "".join(
            QUESTIONS.replace("RE-M1-Q1", f"RE-M{part}-Q{number}") for number in range(500)
        ).encode()
        for part in range(2, 6)
    }
    outcome = read_bundle(a_bundle() | more)
    assert outcome.document is None
    assert [finding.message for finding in outcome.findings] == [
        "This course has 2,001 questions, and 2,000 are the most. Make two or more courses of it."
    ]
