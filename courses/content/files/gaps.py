"""Texts with gaps as authors write them: ``Racism can be [[individual|institutional]].``"""

import re
from collections.abc import Sequence

from courses.content.format.draft import Passage
from courses.content.format.question_authoring import AuthoredGap
from courses.content.model.markdown_parser import checking_parser
from courses.content.source.findings import Findings
from courses.content.text_rules.text_checks import LONGEST_PASSAGE, MOST_BRACKETS
from courses.marking.question import Cloze, Gap, GapChoice, opaque_id

_GAP = re.compile(r"\[\[([^\[\]]*)\]\]")
_PLACE = re.compile(r"\[\[(\d+)\]\]")
_PARSER = checking_parser()


def read_gaps(text: str, feedback: Sequence[AuthoredGap]) -> Cloze:
    """The text with its gaps numbered. In each gap the choice with a star is right; without a star the first."""
    gaps: list[Gap] = []

    def number(found: re.Match[str]) -> str:
        says = feedback[len(gaps)] if len(gaps) < len(feedback) else AuthoredGap()
        gaps.append(Gap(id=f"g{len(gaps) + 1}", choices=_choices(found.group(1)), right=says.right, wrong=says.wrong))
        return f"[[{len(gaps)}]]"

    numbered = _GAP.sub(number, text)
    return Cloze(text=numbered, gaps=tuple(gaps))


def gap_marker(number: int) -> str:
    """What stands for a gap while Markdown is read: characters of private use, which mean nothing to it."""
    return f"\ue000{number}\ue001"


def with_markers(cloze: Cloze) -> str:
    """The text with a marker for each gap in place of ``[[1]]``, which Markdown could take for a link."""
    return _PLACE.sub(lambda found: gap_marker(int(found.group(1))), cloze.text)


def check_gaps(cloze: Cloze, feedback: Sequence[AuthoredGap], passage: Passage, findings: Findings) -> None:
    """Note gaps that are not closed or stand where nobody could choose, and feedback that belongs to no gap."""
    rest = _PLACE.sub("", cloze.text)
    rest += "".join(choice.text for gap in cloze.gaps for choice in gap.choices)
    if "[[" in rest or "]]" in rest:
        findings.error(passage.place, "A gap begins with [[ and ends with ]]. One of the two is missing here.")
    if "\ue000" in rest or "\ue001" in rest:
        findings.error(passage.place, "This text holds a character that cannot be shown. Type the words afresh.")
    if len(feedback) > len(cloze.gaps) > 0:
        findings.error(passage.place, "“gap_feedback” has more entries than the text has gaps. Remove some.")
    if len(passage.text) > LONGEST_PASSAGE or passage.text.count("[") > MOST_BRACKETS:
        return  # TextChecks says so; reading it here would cost what it avoids
    shown = _running_text(passage.text)
    for number, _ in enumerate(cloze.gaps, start=1):
        if shown.count(gap_marker(number)) != 1:
            findings.error(
                passage.place,
                f"Gap {number} stands in a heading, a link, a picture or code, where nobody could choose. "
                "Put it into plain text.",
            )


def _choices(written: str) -> tuple[GapChoice, ...]:
    texts = [" ".join(text.split()) for text in written.split("|")]
    has_star = any(text.startswith("*") for text in texts)
    return tuple(
        _choice(text.removeprefix("*").strip(), is_right=text.startswith("*") if has_star else at == 0)
        for at, text in enumerate(texts)
    )


def _choice(text: str, *, is_right: bool) -> GapChoice:
    return GapChoice(id=opaque_id(text), text=text, is_right=is_right)


def _running_text(text: str) -> str:
    """The words that are neither link, picture, code nor heading."""
    words = ""
    is_heading = False
    for block in _PARSER.parse(text):
        is_heading = block.type == "heading_open" or (is_heading and block.type != "heading_close")
        links = 0
        for token in () if is_heading else block.children or ():
            links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "text" and not links:
                words += token.content
    return words
