"""The directives inside a screen, each between two lines of colons: more, note, question and so on."""

import difflib
import re
from dataclasses import dataclass, field

from courses.content.files import reading_directives
from courses.content.files.personal_directives import (
    PERSONAL_NAMES,
    WORDED_NAMES,
    personal_block,
    read_choices,
    worded_block,
)
from courses.content.files.recording_blocks import NAMES as RECORDINGS
from courses.content.files.recording_blocks import read_directive
from courses.content.files.role_questions import read_place
from courses.content.format.authoring import FACT_ID, is_part_id
from courses.content.format.draft import Passage, RecordingDraft
from courses.content.model.course import (
    Block,
    FactsBlock,
    MoreBlock,
    NoteBlock,
    QuestionBlock,
    QuizBlock,
    RecordingBlock,
    ReflectionBlock,
)
from courses.content.source.findings import Findings, Place

NAMES = (
    *("more", "note", "question", "quiz", "reflection", "facts"),
    *(*reading_directives.NAMES, *PERSONAL_NAMES, *WORDED_NAMES, *RECORDINGS),
)


@dataclass(frozen=True)
class Directive:
    """A directive that could be read."""

    place: Place
    block: Block
    passages: list[Passage]
    recording: RecordingDraft | None = None


def opens_directive(line: str) -> bool:
    """True for a line that begins a directive."""
    return line.startswith(":::") and bool(line.strip(": \t"))


@dataclass
class DirectiveReader:
    """A directive whose lines are still being collected."""

    place: Place
    name: str
    argument: str
    lines: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, place: Place, line: str, findings: Findings) -> "DirectiveReader | None":
        """The directive that ``line`` opens; ``None`` with a finding when it opens none."""
        if not opens_directive(line):
            findings.error(place, "Nothing is open here to be closed. Remove this line of colons.")
            return None
        words = line.strip(" \t")
        if words.endswith(":::"):
            findings.error(place, "Put the closing “:::” on a line of its own.")
            return None
        name, _, argument = words.lstrip(":").strip().partition(" ")
        return cls(place, name, argument.strip())

    def finish(self, findings: Findings) -> Directive | None:
        """The finished directive, or ``None`` with findings."""
        text = "\n".join(self.lines).strip()
        place = self._text_place()
        if self.name == "more":
            return self._more(text, place, findings)
        if self.name == "note":
            self._refuse_argument(findings)
            return self._with_text(NoteBlock(text=text), text, place, findings)
        if self.name in ("question", "quiz"):
            return self._asked(text, findings)
        if self.name == "reflection":
            self._check_id(findings)
            prompt, choices = read_choices(text, place, findings)
            return self._with_text(
                ReflectionBlock(id=self.argument, prompt=prompt, choices=choices), prompt, place, findings
            )
        if self.name == "facts":
            return self._facts(text, place, findings)
        if self.name in reading_directives.NAMES:
            part = reading_directives.read_part(self.name, self.argument, text, self.place, place, findings)
            return Directive(self.place, *part) if part else None
        if self.name in PERSONAL_NAMES:
            block = personal_block(self.name, self.argument, text, self.place, findings)
            return Directive(self.place, block, []) if block else None
        if self.name in WORDED_NAMES:
            worded = worded_block(self.name, self.argument, text, self.place, place, findings)
            return Directive(self.place, *worded) if worded else None
        if self.name in RECORDINGS:
            return self._recording(findings)
        near = difflib.get_close_matches(self.name, NAMES, n=1)
        advice = f"Did you mean “{near[0]}”?" if near else f"Use {', '.join(NAMES[:-1])} or {NAMES[-1]}."
        findings.error(self.place, f"“::: {self.name[:40]}” is not known. {advice}")
        return None

    def _text_place(self) -> Place:
        blank = next((number for number, line in enumerate(self.lines) if line.strip()), 0)
        return self.place.down(1 + blank)

    def _more(self, text: str, place: Place, findings: Findings) -> Directive | None:
        if not self.argument:
            findings.error(self.place, "Write the words that open this part, after “::: more”.")
        directive = self._with_text(MoreBlock(title=self.argument, text=text), text, place, findings)
        if directive is not None:
            directive.passages.append(Passage(self.place, self.argument, "plain"))
        return directive

    def _asked(self, text: str, findings: Findings) -> Directive | None:
        if text:
            findings.error(
                self._text_place(),
                f"A {self.name}’s words stand in its {self.name} file. Remove this text, or move it out of here.",
            )
        courses: tuple[str, ...] = ()
        if self.name == "question":
            self.argument, courses = read_place(self.argument, self.place, findings)
        if not self._check_id(findings):
            return None
        block: Block = QuestionBlock(question_id=self.argument, courses=courses)
        return Directive(self.place, QuizBlock(quiz_id=self.argument) if self.name == "quiz" else block, [])

    def _facts(self, text: str, place: Place, findings: Findings) -> Directive | None:
        ids = tuple(self.argument.split())
        if not ids or not all(re.match(FACT_ID, one) for one in ids):
            findings.error(self.place, "Write the ids of facts after “::: facts”, such as “::: facts RE-F-PORT”.")
            return None
        passages = [Passage(place, text, "blocks")] if text else []
        return Directive(self.place, FactsBlock(fact_ids=ids, text=text), passages)

    def _recording(self, findings: Findings) -> Directive | None:
        read = read_directive(self.place, self.name, self.argument, self.lines, findings)
        if read is None:
            return None
        recording, passages = read
        return Directive(self.place, RecordingBlock(recording=recording.recording), passages, recording)

    def _with_text(self, block: Block, text: str, place: Place, findings: Findings) -> Directive | None:
        if not text:
            findings.error(self.place, f"“::: {self.name}” is empty. Write its text before the closing “:::”.")
            return None
        return Directive(self.place, block, [Passage(place, text, "blocks", is_core=self.name == "note")])

    def _refuse_argument(self, findings: Findings) -> None:
        if self.argument:
            findings.error(self.place, f"“::: {self.name}” stands alone. Put its text on the next line.")

    def _check_id(self, findings: Findings) -> bool:
        if is_part_id(self.argument):
            return True
        findings.error(
            self.place, f"Write the id after “::: {self.name}”, such as “::: {self.name} {self._example()}”."
        )
        return False

    def _example(self) -> str:
        return {"question": "RE-M1-Q1", "quiz": "RE-QUIZ-1"}.get(self.name, "RE-M1-R1")
