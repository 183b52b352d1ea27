"""Reads a module file: front matter, then screens with their text and directives."""

import re
from dataclasses import dataclass, field

from courses.content.files.directives import Directive, DirectiveReader, opens_directive
from courses.content.format.authoring import LONGEST_PART_ID, ModuleFront, is_part_id
from courses.content.format.draft import ModuleDraft, Named, Passage, RecordingDraft, ScreenDraft
from courses.content.format.explaining import validated
from courses.content.model.course import (
    Block,
    FactsBlock,
    MarkdownBlock,
    QuestionBlock,
    QuizBlock,
    ReflectionBlock,
    Screen,
)
from courses.content.model.personal import PERSONAL_BLOCKS, PersonalBlock
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Reading, read_yaml

_CODE_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def read_module(file: str, text: str, findings: Findings) -> ModuleDraft:
    """Everything that can be read from a module file; what cannot is a finding."""
    lines = text.split("\n")
    end = _end_of_front_matter(lines)
    if end is None:
        findings.error(
            Place(file, 1),
            "This module has no front matter. Begin the file with a line “---”, then id, slug, title and "
            "minutes, then another line “---”.",
        )
        return ModuleDraft(Reading(file), None, _screens(file, lines, 0, findings))
    reading = read_yaml(file, "\n".join(lines[1:end]), findings, first_line=2)
    front = None
    if reading is not None:
        reading.lines.setdefault((), 1)
        front = validated(ModuleFront, reading, findings, value=reading.value or {})
    return ModuleDraft(reading or Reading(file), front, _screens(file, lines, end + 1, findings))


def _heading(line: str) -> tuple[str, str] | None:
    """The title and id of a line that opens a screen; either may be empty."""
    if not line.startswith("#") or line[1:2] not in ("", " ", "\t"):
        return None
    title = line[1:].strip()
    start = title.rfind("{#")
    if start < 0 or not title.endswith("}"):
        return title, ""
    return title[:start].strip(), title[start + 2 : -1].strip()


def _end_of_front_matter(lines: list[str]) -> int | None:
    if lines[0].rstrip() != "---":
        return None
    return next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)


def _screens(file: str, lines: list[str], start: int, findings: Findings) -> tuple[ScreenDraft, ...]:
    body = _Body(file, findings)
    for number, line in enumerate(lines[start:], start=start + 1):
        body.read(Place(file, number), line)
    return body.finish(Place(file, len(lines)))


@dataclass
class _OpenScreen:
    place: Place
    id: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    questions: list[Named] = field(default_factory=list)
    reflections: list[Named] = field(default_factory=list)
    facts: list[Named] = field(default_factory=list)
    recordings: list[RecordingDraft] = field(default_factory=list)
    quizzes: list[Named] = field(default_factory=list)
    personal: list[tuple[Place, PersonalBlock]] = field(default_factory=list)

    def closed(self) -> ScreenDraft:
        screen = Screen(id=self.id, title=self.title, blocks=tuple(self.blocks))
        title = Passage(self.place, self.title, "plain")
        asked = tuple(self.questions), tuple(self.reflections), tuple(self.facts)
        more = tuple(self.personal), tuple(self.recordings), tuple(self.quizzes)
        return ScreenDraft(self.place, screen, (title, *self.passages), *asked, *more)


class _Body:
    """Goes through a module line by line: text, screens, directives."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._screens: list[ScreenDraft] = []
        self._screen: _OpenScreen | None = None
        self._directive: DirectiveReader | None = None
        self._text: list[str] = []
        self._text_place = Place(file)
        self._fence: str | None = None

    def read(self, place: Place, line: str) -> None:
        if self._directive is not None:
            self._read_in_directive(self._directive, place, line)
        elif self._is_code(line):
            self._keep(place, line)
        elif heading := _heading(line):
            self._open_screen(place, *heading)
        elif line.startswith(":::"):
            self._end_text()
            self._need_screen(place)
            self._directive = DirectiveReader.begin(place, line, self._findings)
        else:
            self._keep(place, line)

    def finish(self, place: Place) -> tuple[ScreenDraft, ...]:
        if self._directive is not None:
            self._not_closed(self._directive, "the end of the file")
        self._close_screen()
        if not self._screens:
            self._findings.error(
                Place(place.file), "This module has no screens. Begin each with “# Its heading {#ID}”."
            )
        return tuple(self._screens)

    def _read_in_directive(self, directive: DirectiveReader, place: Place, line: str) -> None:
        if line.startswith(":::") and not line.strip(": \t"):
            self._directive = None
            self._place_directive(directive.finish(self._findings))
        elif opens_directive(line) or (_heading(line) or ("", ""))[1]:
            self._not_closed(directive, f"line {place.line}")
            self._directive = None
            self.read(place, line)
        else:
            directive.lines.append(line)

    def _not_closed(self, directive: DirectiveReader, before: str) -> None:
        self._findings.error(
            directive.place,
            f"“::: {directive.name}” is not closed. Put a line “:::” after it, before {before}.",
        )
        self._place_directive(directive.finish(self._findings))

    def _place_directive(self, directive: Directive | None) -> None:
        if directive is None or self._screen is None:
            return
        block = directive.block
        self._screen.blocks.append(block)
        self._screen.passages += directive.passages
        if directive.recording is not None:
            self._screen.recordings.append(directive.recording)
        if isinstance(block, QuestionBlock):
            self._screen.questions.append(Named(block.question_id, "question", directive.place))
        if isinstance(block, QuizBlock):
            self._screen.quizzes.append(Named(block.quiz_id, "quiz", directive.place))
        if isinstance(block, ReflectionBlock):
            self._screen.reflections.append(Named(block.id, "reflection", directive.place))
        if isinstance(block, FactsBlock):
            self._screen.facts += [Named(one, "fact", directive.place) for one in block.fact_ids]
        if isinstance(block, PERSONAL_BLOCKS):
            self._screen.personal.append((directive.place, block))

    def _open_screen(self, place: Place, title: str, screen_id: str) -> None:
        self._close_screen()
        if not title:
            self._findings.error(place, "This screen has no heading. Write one after the “#”.")
        if not screen_id:
            self._findings.error(
                place,
                f"The screen “{title[:60]}” has no id. Write one after its heading, such as {{#RE-M1-S1}}.",
            )
        elif not is_part_id(screen_id):
            self._findings.error(
                place,
                "A screen’s id must be capital letters and digits joined by hyphens, such as RE-M1-S1, "
                f"in {LONGEST_PART_ID} characters or fewer.",
            )
        if len(title) > 200:
            self._findings.error(place, "This heading is too long: it may have up to 200 characters.")
        self._screen = _OpenScreen(place, screen_id, title)

    def _close_screen(self) -> None:
        self._end_text()
        if self._screen is None:
            return
        if not self._screen.blocks:
            self._findings.error(self._screen.place, "This screen is empty. Write its text, or remove the heading.")
        self._screens.append(self._screen.closed())
        self._screen = None

    def _keep(self, place: Place, line: str) -> None:
        if not self._text:
            if not line.strip():
                return
            self._text_place = place
            self._need_screen(place)
        self._text.append(line)

    def _need_screen(self, place: Place) -> None:
        if self._screen is None:
            self._findings.error(
                place,
                "This text stands before the first screen. Put a heading “# Its heading {#ID}” above it.",
            )
            self._screen = _OpenScreen(place, "", "")

    def _end_text(self) -> None:
        text = "\n".join(self._text).rstrip()
        if text and self._screen is not None:
            self._screen.blocks.append(MarkdownBlock(text=text))
            self._screen.passages.append(Passage(self._text_place, text, "blocks", is_core=True))
        self._text, self._fence = [], None

    def _is_code(self, line: str) -> bool:
        found = _CODE_FENCE.match(line)
        if self._fence is None:
            self._fence = found[1] if found else None
            return found is not None
        if found and found[1].startswith(self._fence) and not line.strip("`~ \t"):
            self._fence = None
        return True
