"""Whether the words that stand for a picture can do so, and whether pictures stand where they can be shown."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from courses.content.format.draft import Passage, QuestionDraft
from courses.content.html.markup import words_in
from courses.content.source.findings import Findings, Place
from courses.marking.question import Choice, Question
from kernel.typed import folded

LONGEST_DESCRIPTION = 300

_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*\)")
_FILE = re.compile(r"^\S+\.(?:png|jpe?g|webp|gif)$", re.IGNORECASE)
_NO_DESCRIPTION = {"alt", "alt text", "chart", "diagram", "graph", "graphic", "image", "img", "photo", "photograph",
                   "picture", "untitled"}  # fmt: skip
_ANNOUNCED = re.compile(r"^(?:an? )?(?:image|photo|photograph|picture|graphic) (?:of|showing) ", re.IGNORECASE)


def check_description(place: Place, alt: str, address: str, findings: Findings) -> None:
    """Note a description that describes nothing, says what a screen reader says by itself, or is a whole text."""
    words = " ".join(alt.split())
    if words.lower() in _NO_DESCRIPTION or _FILE.match(words) or words == PurePosixPath(address).stem:
        findings.error(place, f"“{words[:60]}” does not say what the picture shows. Describe it in a sentence.")
    elif _ANNOUNCED.match(words):
        findings.warning(place, "A screen reader says by itself that this is a picture. Begin with what it shows.")
    if len(words) > LONGEST_DESCRIPTION:
        findings.warning(
            place,
            f"This description has {len(words)} characters. Say the main thing in up to {LONGEST_DESCRIPTION}, "
            "and the rest in the text or in a table.",
        )


def has_picture(text: str) -> bool:
    """Whether a picture stands in this Markdown."""
    return bool(_PICTURE.search(text))


def check_plain_text(passage: Passage, findings: Findings) -> None:
    """Note a picture where only plain text is shown."""
    for number, line in enumerate(passage.text.split("\n")):
        if _PICTURE.search(line):
            findings.error(
                passage.place.down(number),
                "This text is plain: a picture cannot stand in it. Put the picture into a screen, a story, a stem, "
                "an option, an item or feedback.",
            )


def check_options_differ(questions: Iterable[QuestionDraft], findings: Findings) -> None:
    """Note options that only a picture tells apart: who cannot see it hears the same words twice."""
    for draft in questions:
        for options in _groups(draft.question) if draft.question is not None else ():
            _check_group(draft, options, findings)


def _groups(question: Question) -> Iterator[Sequence[Choice]]:
    yield question.options
    yield from (node.choices for node in (question.branching.nodes if question.branching else ()))


def _check_group(draft: QuestionDraft, options: Sequence[Choice], findings: Findings) -> None:
    if any("![" in option.text for option in options):
        counted = Counter(folded(words_in(option.text)) for option in options)
        for words, times in counted.items():
            if times > 1 and words:
                findings.error(
                    draft.place,
                    f"{times} options read the same when somebody cannot see their pictures: “{words[:60]}”. "
                    "Describe what tells them apart.",
                )
