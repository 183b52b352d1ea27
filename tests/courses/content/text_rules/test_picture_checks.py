"""Pictures in questions: where they may stand, and the words that stand for them."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.html.markup import pictures_in, render_inline, render_markdown, words_in
from courses.content.model.course import MediaFile
from tests.courses.content.bundles import QUESTIONS, a_bundle, found, picture, spoilt

WIDE = MediaFile(sha256="0" * 64, content_type="image/png", bytes=1, width=1200, height=800)


def as_option(markdown: str) -> dict[str, bytes]:
    return spoilt("questions", "text: 3%", f'text: "{markdown}"')


def test_a_picture_may_stand_alone_in_an_option():
    assert found(as_option("![Three people of a hundred](media/map.png)")) == []


def test_a_picture_of_a_question_counts_as_used():
    files = a_bundle(
        module=a_bundle()["modules/01-why.md"].decode().replace("![A map of six areas](media/map.png)", "Words."),
        questions=QUESTIONS.replace("stem: What share is it?", 'stem: "![Six areas](media/map.png) Which is it?"'),
    )
    assert found(files) == []


@pytest.mark.parametrize("alt", ["map.png", "map", "image", "Picture", "IMG_2041.JPG"])
def test_words_that_describe_nothing_are_an_error(alt: str):
    faults = found(as_option(f"![{alt}](media/map.png)"))
    assert [(file, line) for file, line, _ in faults] == [("questions/01-why.yaml", 6)]
    assert "does not say what the picture shows" in faults[0][2]


def test_what_a_screen_reader_says_by_itself_is_a_warning():
    outcome = read_bundle(as_option("![A picture of six areas](media/map.png)"))
    assert [(finding.severity, finding.line) for finding in outcome.findings] == [("warning", 6)]


def test_a_description_as_long_as_a_text_is_a_warning():
    outcome = read_bundle(as_option(f"![{'Six areas and more. ' * 20}](media/map.png)"))
    assert ["characters" in finding.message for finding in outcome.findings] == [True]
    assert outcome.is_publishable


def test_no_description_is_an_error_with_its_line():
    (fault,) = found(as_option("![](media/map.png)"))
    assert fault == (
        "questions/01-why.yaml",
        6,
        "The picture media/map.png has no description. Write what it shows: ![words](address).",
    )


def test_a_picture_in_plain_text_is_refused_with_its_line():
    files = spoilt("course", "summary: Two sentences about it.", 'summary: "See ![A map](media/map.png)."')
    (fault,) = found(files)
    assert fault[:2] == ("course.yaml", 5)
    assert "This text is plain" in fault[2]


def test_options_that_only_their_pictures_tell_apart_are_refused():
    questions = QUESTIONS.replace("text: 3%", 'text: "![A street](media/map.png)"').replace(
        "text: 12%", 'text: "![A  Street](media/other.png)"'
    )
    files = a_bundle(questions=questions) | {"media/other.png": picture(size=(5, 5))}
    (fault,) = found(files)
    assert fault[:2] == ("questions/01-why.yaml", 1)
    assert "2 options read the same" in fault[2]


def test_the_words_of_a_text_hold_the_descriptions_of_its_pictures():
    assert words_in("The **first**: ![A street in *Bootle*](media/a.png)") == "The first: A street in Bootle"
    assert words_in("\u0645\u062d\u0645\u062f") == "\u0645\u062d\u0645\u062f"


def test_pictures_of_a_text_are_found_by_name():
    assert pictures_in("![A](media/a.png) and ![B](../media/b.png), ![C](https://elsewhere.example/c.png)") == (
        ("media/a.png", "A"),
        ("media/b.png", "B"),
    )


def test_a_wide_picture_on_its_own_can_be_seen_larger():
    html = render_markdown(
        "![Two <b> people](media/a.png)", tokens={}, media_url=lambda _: "/m/1", media={"media/a.png": WIDE}
    )
    assert "See this picture larger" in html
    assert ": Two &lt;b&gt; people" in html


@pytest.mark.parametrize("text", ["Words ![Two people](media/a.png)", "![Two people](media/b.png)"])
def test_a_picture_among_words_or_of_its_full_size_has_no_link(text: str):
    narrow = WIDE.model_copy(update={"width": 600})
    media = {"media/a.png": WIDE, "media/b.png": narrow}
    assert "larger" not in render_markdown(text, tokens={}, media_url=lambda name: name, media=media)


def test_a_picture_in_a_label_is_no_link():
    html = render_inline("![Two people](media/a.png)", tokens={}, media={"media/a.png": WIDE})
    assert "<a " not in html
    assert 'width="1200"' in html


def test_an_option_that_is_a_picture_has_its_description_as_words():
    html = render_inline("![Two <people>](media/a.png)", tokens={})
    assert 'alt="Two &lt;people&gt;"' in html
    assert 'aria-hidden="true"' in html
    assert ">Two &lt;people&gt;</span>" in html
