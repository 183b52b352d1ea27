"""Reads a whole bundle, a folder or an uploaded zip, and says everything that is wrong with it at once."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

from courses.content.bundle.archive import ArchiveLimits, read_archive
from courses.content.bundle.left_over import check_left_over
from courses.content.checks.course_checks import FOLLOWED, check_draft
from courses.content.checks.example_checks import sets_of, stored_token
from courses.content.checks.fact_checks import facts_of
from courses.content.checks.glossary_checks import glossary_of
from courses.content.checks.quiz_checks import quizzes_of
from courses.content.checks.size_checks import check_sizes
from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE, read_facts, read_shared_facts
from courses.content.files.glossary_files import GLOSSARY_FILE, read_glossary
from courses.content.files.module_files import read_module
from courses.content.files.plan_files import PLAN_FILE, read_plans
from courses.content.files.question_files import read_questions
from courses.content.files.quiz_files import read_quizzes
from courses.content.files.statement_files import STATEMENT_FILE, read_statements
from courses.content.format.authoring import CourseFile
from courses.content.format.draft import Draft, ModuleDraft
from courses.content.format.explaining import validated
from courses.content.media.inspection import read_media
from courses.content.model.course import CourseDocument, Follows, Module
from courses.content.model.personal import Instrument
from courses.content.model.plans import PlanForm
from courses.content.source.file_names import FileNames
from courses.content.source.findings import Finding, Findings, Place, has_errors
from courses.content.source.text_files import decode
from courses.content.source.yaml_reading import read_yaml

COURSE_FILE = "course.yaml"
THE_COURSE = Place(COURSE_FILE)
# A module that is listed and not there, whatever the author called it.
_AS_A_MODULE = "modules/{}"
Entry = TypeVar("Entry")
MOST_TEXT_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class BundleOutcome:
    """What was read. ``document`` is ``None`` when a finding is an error; ``media`` holds the bytes of the
    pictures, by the names that the document uses; ``follows_place`` is where it names the course that it follows."""

    document: CourseDocument | None
    media: dict[str, bytes]
    findings: tuple[Finding, ...]
    follows_place: Place = THE_COURSE

    @property
    def is_publishable(self) -> bool:
        """True when nothing has to be put right first."""
        return self.document is not None and not has_errors(self.findings)


def read_upload(stream: IO[bytes], limits: ArchiveLimits | None = None, *, today: date | None = None) -> BundleOutcome:
    """Read an uploaded zip: the findings about the archive and about the course in it, together."""
    archive = read_archive(stream, limits or ArchiveLimits())
    if not archive.files and archive.findings:
        return BundleOutcome(None, {}, archive.findings)
    bundle = read_bundle(archive.files, today=today)
    findings = Findings()
    findings.add((*archive.findings, *bundle.findings))
    document = None if has_errors(archive.findings) else bundle.document
    return replace(bundle, document=document, findings=findings.in_order())


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their path in it, for ``read_bundle``. Hidden files and links are left out.

    The facts that courses share are those of the folder around it, unless it has its own.
    """
    files = {}
    shared = folder.parent / SHARED_FACT_FILE
    if shared.is_file() and not shared.is_symlink():
        files[SHARED_FACT_FILE] = shared.read_bytes()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in name.parts):
            files[unicodedata.normalize("NFC", name.as_posix())] = path.read_bytes()
    return files


def read_bundle(files: Mapping[str, bytes], *, today: date | None = None) -> BundleOutcome:
    """Read a course from its files by name. All findings come at once; nothing is written anywhere.

    With ``today``, facts whose review is overdue are findings too.
    """
    findings = Findings()
    if COURSE_FILE not in files:
        findings.error(Place(COURSE_FILE), _no_course(files))
        return BundleOutcome(None, {}, findings.in_order())
    text_bytes = sum(len(data) for name, data in files.items() if not name.startswith("media/"))
    if text_bytes > MOST_TEXT_BYTES:
        findings.error(
            Place(COURSE_FILE),
            "The files outside media hold more than 5 MB together. Remove what is not needed.",
        )
        return BundleOutcome(None, {}, findings.in_order())
    draft = Draft(file_names=FileNames(files))
    _read_course(draft, files[COURSE_FILE], findings)
    _read_modules(draft, files, findings)
    _read_facts(draft, files, findings)
    source = _Source(files, draft, findings)
    draft.terms = source.entries(GLOSSARY_FILE, read_glossary)
    draft.personal = source.entries(STATEMENT_FILE, read_statements)
    draft.personal += source.entries(PLAN_FILE, read_plans)
    for name in sorted(files):
        if name.startswith("questions/") and name.endswith((".yaml", ".yml")):
            draft.questions += source.entries(name, partial(read_questions, name))
        elif name.startswith("quizzes/") and name.endswith((".yaml", ".yml")):
            draft.quizzes += source.entries(name, partial(read_quizzes, name))
        elif name.startswith("media/"):
            draft.media_names.add(name)
            media = read_media(name, files[name], findings)
            draft.media |= {} if media is None else {name: media}
    check_left_over(files, _module_files(draft, files), findings)
    if check_sizes(draft, THE_COURSE, findings):
        check_draft(draft, findings, today=today)
    found = findings.in_order()
    document = None if has_errors(found) else _document(draft)
    place = draft.course_reading.place(FOLLOWED)
    return BundleOutcome(document, {name: files[name] for name in draft.media}, found, place)


@dataclass(frozen=True)
class _Source:
    """The files while they are read: what holds nothing that could be read is noted in the draft."""

    files: Mapping[str, bytes]
    draft: Draft
    findings: Findings

    def text(self, name: str) -> str | None:
        """The text of a file; ``None`` when it is not there or cannot be read."""
        text = decode(name, self.files[name], self.findings) if name in self.files else None
        if text is None and name in self.files:
            self.draft.unread.add(name)
        return text

    def entries(self, name: str, read: Callable[[str, Findings], list[Entry]]) -> list[Entry]:
        """The entries of a file that is a list."""
        text = self.text(name)
        found = [] if text is None else read(text, self.findings)
        if not found and self.findings.has_error_in(name):
            self.draft.unread.add(name)
        return found


def _no_course(files: Mapping[str, bytes]) -> str:
    if any(PurePosixPath(name).name.lower() == "imsmanifest.xml" for name in files):
        return (
            "There is no course.yaml. This looks like a SCORM, QTI or Common Cartridge package. "
            "Upload a Common Ground course bundle."
        )
    near = next((name for name in files if PurePosixPath(name).name.lower() in ("course.yaml", "course.yml")), None)
    if near is not None:
        return f"There is no course.yaml at the top of the bundle, but there is {near}. Move or rename it."
    return "There is no course.yaml. Put it at the top of the bundle."


def _read_course(draft: Draft, data: bytes, findings: Findings) -> None:
    text = decode(COURSE_FILE, data, findings)
    reading = None if text is None else read_yaml(COURSE_FILE, text, findings)
    if reading is not None:
        draft.course_reading = reading
        draft.course = validated(CourseFile, reading, findings, value=reading.value or {})


def _read_modules(draft: Draft, files: Mapping[str, bytes], findings: Findings) -> None:
    listed = _module_files(draft, files)
    source, seen = _Source(files, draft, findings), set[str]()
    for number, written in enumerate(listed):
        name = unicodedata.normalize("NFC", written)
        place = draft.course_reading.place(("modules", number))
        if name in seen:
            findings.error(place, f"{name} is listed twice. Remove one of the two.")
        elif name not in files:
            findings.error(place, draft.file_names.missing("file", name))
            draft.unread.add(_AS_A_MODULE.format(name))
        else:
            text = source.text(name)
            if text is None:
                draft.unread.add(_AS_A_MODULE.format(name))
            else:
                draft.modules.append(read_module(name, text, findings))
        seen.add(name)


def _read_facts(draft: Draft, files: Mapping[str, bytes], findings: Findings) -> None:
    course_id = draft.course.id if draft.course is not None else None
    source = _Source(files, draft, findings)
    draft.facts = source.entries(FACT_FILE, read_facts)
    text = source.text(SHARED_FACT_FILE)
    if text is not None:
        shared, draft.facts_of_others = read_shared_facts(text, course_id, findings)
        draft.facts += shared
        if not shared and not draft.facts_of_others and findings.has_error_in(SHARED_FACT_FILE):
            draft.unread.add(SHARED_FACT_FILE)


def _module_files(draft: Draft, files: Mapping[str, bytes]) -> Sequence[str]:
    # Where course.yaml cannot be read, the modules still get their findings, so that nobody has to upload twice.
    if draft.course is not None:
        return draft.course.modules
    return sorted(name for name in files if name.startswith("modules/") and name.endswith(".md"))


def _document(draft: Draft) -> CourseDocument | None:
    if draft.course is None:
        return None
    course = draft.course
    return CourseDocument(
        id=course.id,
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        language=course.language,
        minutes=course.minutes,
        pass_percent=course.pass_percent,
        order=course.order,
        follows=Follows(**course.follows.model_dump()) if course.follows else None,
        certificate=course.certificate,
        valid_for_months=course.valid_for_months,
        outcomes=course.outcomes,
        examples=sets_of(course),
        tokens={name: stored_token(course, token) for name, token in course.tokens.items()},
        modules=tuple(_module(module) for module in draft.modules if module.front is not None),
        questions={draft_.question.id: draft_.question for draft_ in draft.questions if draft_.question is not None},
        media={name: file.as_stored() for name, file in draft.media.items()},
        facts=facts_of(draft),
        glossary=glossary_of(draft),
        instruments={one.id: one.thing for one in draft.personal if one.id and isinstance(one.thing, Instrument)},
        quizzes=quizzes_of(draft),
        plans={one.id: one.thing for one in draft.personal if one.id and isinstance(one.thing, PlanForm)},
    )


def _module(draft: ModuleDraft) -> Module:
    front = draft.front
    if front is None:
        raise ValueError("a module without front matter cannot be built")
    return Module(**front.model_dump(), screens=tuple(screen.screen for screen in draft.screens))
