"""Reads a whole bundle, a folder or an uploaded zip, and says everything that is wrong with it at once."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from courses.content.archive import ArchiveLimits, read_archive
from courses.content.authoring import CourseFile
from courses.content.checks import FOLLOWED, check_draft
from courses.content.draft import Draft, ModuleDraft
from courses.content.example_checks import sets_of, token_of
from courses.content.explaining import validated
from courses.content.fact_checks import facts_of
from courses.content.fact_files import FACT_FILE, SHARED_FACT_FILE, read_facts, read_shared_facts
from courses.content.findings import Finding, Findings, Place, has_errors
from courses.content.glossary_checks import glossary_of
from courses.content.glossary_files import GLOSSARY_FILE, read_glossary
from courses.content.media import read_media
from courses.content.model import CourseDocument, Follows, Module
from courses.content.module_files import read_module
from courses.content.personal import Instrument
from courses.content.plan_files import PLAN_FILE, read_plans
from courses.content.plans import PlanForm
from courses.content.question_files import read_questions
from courses.content.quiz_checks import quizzes_of
from courses.content.quiz_files import read_quizzes
from courses.content.statement_files import STATEMENT_FILE, read_statements
from courses.content.text_files import decode
from courses.content.yaml_reading import read_yaml

COURSE_FILE = "course.yaml"
THE_COURSE = Place(COURSE_FILE)
MOST_TEXT_BYTES = 5 * 1024 * 1024

# Files that authors keep beside a course and that are nobody's business here.
_SET_ASIDE = {"readme", "licence", "license", "changelog", "notes", "makefile"}


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


def read_upload(stream: BinaryIO, limits: ArchiveLimits | None = None, *, today: date | None = None) -> BundleOutcome:
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
    draft = Draft()
    _read_course(draft, files[COURSE_FILE], findings)
    _read_modules(draft, files, findings)
    _read_facts(draft, files, findings)
    glossary = decode(GLOSSARY_FILE, files[GLOSSARY_FILE], findings) if GLOSSARY_FILE in files else None
    draft.terms = [] if glossary is None else read_glossary(glossary, findings)
    statements = decode(STATEMENT_FILE, files[STATEMENT_FILE], findings) if STATEMENT_FILE in files else None
    plans = decode(PLAN_FILE, files[PLAN_FILE], findings) if PLAN_FILE in files else None
    draft.personal = [] if statements is None else read_statements(statements, findings)
    draft.personal += [] if plans is None else read_plans(plans, findings)
    for name in sorted(files):
        if name.startswith("questions/") and name.endswith((".yaml", ".yml")):
            text = decode(name, files[name], findings)
            draft.questions += [] if text is None else read_questions(name, text, findings)
        elif name.startswith("quizzes/") and name.endswith((".yaml", ".yml")):
            text = decode(name, files[name], findings)
            draft.quizzes += [] if text is None else read_quizzes(name, text, findings)
        elif name.startswith("media/"):
            draft.media_names.add(name)
            media = read_media(name, files[name], findings)
            draft.media |= {} if media is None else {name: media}
    _check_left_over(draft, files, findings)
    check_draft(draft, findings, today=today)
    found = findings.in_order()
    document = None if has_errors(found) else _document(draft)
    place = draft.course_reading.place(FOLLOWED)
    return BundleOutcome(document, {name: files[name] for name in draft.media}, found, place)


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
    listed = draft.course.modules if draft.course is not None else _module_names(files)
    seen: set[str] = set()
    for number, written in enumerate(listed):
        name = unicodedata.normalize("NFC", written)
        place = draft.course_reading.place(("modules", number))
        if name in seen:
            findings.error(place, f"{name} is listed twice. Remove one of the two.")
        elif name not in files:
            findings.error(place, f"There is no file {name} in the bundle. Add it, or correct its name here.")
        else:
            text = decode(name, files[name], findings)
            draft.modules += [] if text is None else [read_module(name, text, findings)]
        seen.add(name)


def _read_facts(draft: Draft, files: Mapping[str, bytes], findings: Findings) -> None:
    course_id = draft.course.id if draft.course is not None else None
    own = decode(FACT_FILE, files[FACT_FILE], findings) if FACT_FILE in files else None
    shared = decode(SHARED_FACT_FILE, files[SHARED_FACT_FILE], findings) if SHARED_FACT_FILE in files else None
    draft.facts = [] if own is None else read_facts(own, findings)
    draft.facts += [] if shared is None else read_shared_facts(shared, course_id, findings)


def _module_names(files: Mapping[str, bytes]) -> list[str]:
    # course.yaml could not be read; the modules still get their findings, so that nobody has to upload twice.
    return sorted(name for name in files if name.startswith("modules/") and name.endswith(".md"))


def _check_left_over(draft: Draft, files: Mapping[str, bytes], findings: Findings) -> None:
    listed = draft.course.modules if draft.course else _module_names(files)
    used = {COURSE_FILE, FACT_FILE, SHARED_FACT_FILE, GLOSSARY_FILE, STATEMENT_FILE, PLAN_FILE, *listed}
    for name in sorted(set(files) - used):
        path = PurePosixPath(name)
        if name.startswith("media/") or (
            name.startswith(("questions/", "quizzes/")) and path.suffix in (".yaml", ".yml")
        ):
            continue
        if name.startswith("modules/") and path.suffix == ".md":
            findings.warning(
                Place(name), "course.yaml does not list this module, so nobody will see it. Add or remove it."
            )
        elif path.stem.lower() not in _SET_ASIDE:
            findings.warning(
                Place(name), "This file is not used: it is no module, question file or picture. Remove it."
            )


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
        tokens={name: token_of(course, token) for name, token in course.tokens.items()},
        modules=tuple(_module(module) for module in draft.modules if module.front is not None),
        questions={draft_.question.id: draft_.question for draft_ in draft.questions if draft_.question is not None},
        media=dict(draft.media),
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
