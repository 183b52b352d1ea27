"""Rules that look across files: ids, places of questions, use of pictures and tokens."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from courses.content.checks.example_checks import check_examples
from courses.content.checks.fact_checks import check_facts, facts_of
from courses.content.checks.glossary_checks import check_glossary
from courses.content.checks.module_number_checks import check_module_numbers
from courses.content.checks.personal_checks import check_personal
from courses.content.checks.quiz_checks import check_quizzes, questions_in_quizzes
from courses.content.checks.reading_checks import check_reading
from courses.content.checks.recording_checks import check_recordings, is_picture
from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE
from courses.content.format.authoring import LOCAL_NAME, CourseFile
from courses.content.format.draft import Draft, Named, Passage
from courses.content.model.local_wording import ORGANISATIONS, STANDARD, token_names
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Path
from courses.content.text_rules.picture_checks import check_options_differ
from courses.content.text_rules.text_checks import LONGEST_SCREEN, TextChecks

# Where course.yaml names the course that this one follows.
FOLLOWED: Path = ("follows", "course")


def check_draft(draft: Draft, findings: Findings, *, today: date | None = None) -> None:
    """Note everything that is wrong across the files of a bundle. ``today`` tells which reviews are due."""
    _check_ids(draft, findings)
    _check_slugs(draft, findings)
    _check_placement(draft, findings)
    check_personal(draft, findings)
    check_quizzes(draft, findings)
    _check_texts(draft, findings)
    check_options_differ(draft.questions, findings)
    check_facts(draft, _plain_texts(draft), today, findings)
    check_glossary(draft, _plain_texts(draft), findings)
    check_module_numbers(draft, (*_plain_texts(draft), *draft.passages()), findings)
    if draft.course is not None:
        _check_tokens(draft, draft.course, findings)
        _check_passing(draft, draft.course, findings)
        _check_following(draft, draft.course, findings)
        check_examples(draft, draft.course, findings)
        _check_validity(draft, draft.course, findings)
    check_reading(draft, facts_of(draft), findings)


def _names(draft: Draft) -> Iterator[Named]:
    for module in draft.modules:
        if module.front is not None:
            yield Named(module.front.id, "module", module.reading.place(("id",)))
        for screen in module.screens:
            yield Named(screen.screen.id, "screen", screen.place)
            yield from screen.reflections
    for question in draft.questions:
        yield Named(question.id or "", "question", question.place)
    for quiz in draft.quizzes:
        yield Named(quiz.id or "", "quiz", quiz.place())


def _check_ids(draft: Draft, findings: Findings) -> None:
    first: dict[str, Named] = {}
    for named in _names(draft):
        if not named.id:
            continue
        other = first.setdefault(named.id, named)
        if other is not named:
            findings.error(
                named.place,
                f"The id {named.id} is taken by the {other.what} {_where(other.place)}. Choose another.",
            )
        if draft.course is not None and not named.id.startswith(f"{draft.course.id}-"):
            findings.error(named.place, f"The id {named.id} must begin with the course’s id: {draft.course.id}-.")


def _check_slugs(draft: Draft, findings: Findings) -> None:
    first: dict[str, Place] = {}
    for module in draft.modules:
        if module.front is None:
            continue
        place = module.reading.place(("slug",))
        if module.front.slug in first:
            findings.error(
                place,
                f"The slug {module.front.slug} is taken {_where(first[module.front.slug])}. Choose another.",
            )
        first.setdefault(module.front.slug, place)


def _check_placement(draft: Draft, findings: Findings) -> None:
    known = {question.id for question in draft.questions if question.id}
    placed: dict[str, Place] = {}
    for module in draft.modules:
        for screen in module.screens:
            for asked in screen.questions:
                if asked.id not in known and draft.is_read("questions/"):
                    findings.error(
                        asked.place,
                        f"No question file has a question {asked.id}. Write it, or correct the id.",
                    )
                elif asked.id in placed:
                    findings.error(
                        asked.place,
                        f"The question {asked.id} is placed {_where(placed[asked.id])} already. Remove one of the two.",
                    )
                placed.setdefault(asked.id, asked.place)
    asked_elsewhere = questions_in_quizzes(draft)
    for question in draft.questions if draft.is_read("modules/", "quizzes/") else ():
        if question.id and question.id not in placed and question.id not in asked_elsewhere:
            findings.error(
                question.place,
                f"The question {question.id} is on no screen. Put “::: question {question.id}” and “:::” on one.",
            )


def _known_tokens(draft: Draft) -> set[str] | None:
    # A fault elsewhere in course.yaml must not make every token of the course unknown.
    written = draft.course_reading.value
    if draft.course is None and not isinstance(written, dict):
        return None
    tokens = written.get("tokens") if isinstance(written, dict) else None
    return set(STANDARD) | set(tokens if isinstance(tokens, dict) else ())


def _check_texts(draft: Draft, findings: Findings) -> None:
    checks = TextChecks(
        tokens=_known_tokens(draft),
        facts=facts_of(draft),
        pictures=draft.media_names,
        files=draft.file_names,
        findings=findings,
    )
    in_questions = [passage for question in draft.questions for passage in question.passages]
    in_facts = [passage for fact in draft.facts for passage in fact.passages]
    in_terms = [passage for term in draft.terms for passage in term.passages]
    in_personal = [passage for personal in draft.personal for passage in personal.passages]
    for passage in (*_plain_texts(draft), *in_questions, *in_facts, *in_terms, *in_personal):
        checks.check(passage)
    for module in draft.modules:
        for screen in module.screens:
            words = sum(checks.check(passage) for passage in screen.passages)
            if words > LONGEST_SCREEN:
                findings.warning(
                    screen.place,
                    f"This screen has {words} words. Split it, or move some behind “::: more”: 60 to 120 are best.",
                )
    unused = draft.media_names - checks.used_pictures - check_recordings(draft, findings)
    for name in sorted(unused) if draft.is_read("modules/", "questions/", FACT_FILE, SHARED_FACT_FILE) else ():
        what = "picture" if is_picture(name) else "file"
        findings.warning(Place(name), f"No screen shows this {what}. Use it, or remove it.")


def _plain_texts(draft: Draft) -> Iterator[Passage]:
    course = draft.course
    for quiz in draft.quizzes:
        yield from quiz.passages
    if course is not None:
        place = draft.course_reading.text_place
        for name in ("title", "summary"):
            yield Passage(place((name,)), getattr(course, name), "plain")
        for number, outcome in enumerate(course.outcomes):
            yield Passage(place(("outcomes", number)), outcome, "plain")
    for module in draft.modules:
        if module.front is None:
            continue
        for name in ("title", "know", "notice", "do"):
            yield Passage(module.reading.text_place((name,)), getattr(module.front, name), "plain")
        for number, outcome in enumerate(module.front.outcomes):
            yield Passage(module.reading.text_place(("outcomes", number)), outcome, "plain")


def _check_tokens(draft: Draft, course: CourseFile, findings: Findings) -> None:
    texts = (*_plain_texts(draft), *draft.passages())
    used = {name for passage in texts for name in token_names(passage.text)}
    for name, token in course.tokens.items():
        place = draft.course_reading.place(("tokens", name))
        if not re.match(LOCAL_NAME, name):
            findings.error(place, f"The token “{name[:40]}” must be named in small letters, digits and underscores.")
        elif name not in used and name not in STANDARD and not draft.unread:
            findings.warning(place, f"No text uses the token {name}. Use it as {{{{{name}}}}}, or remove it.")
        if any("{{" in text for text in (token.default or "", *token.authorities.values(), *token.sets.values())):
            findings.error(place, f"The text of the token {name[:40]} holds a token itself. Write the words in full.")
        _check_authorities(draft, name, token.authorities, findings)


def _check_authorities(draft: Draft, name: str, texts: Mapping[str, str], findings: Findings) -> None:
    for slug in texts:
        if slug not in ORGANISATIONS:
            findings.warning(
                draft.course_reading.place(("tokens", name, "authorities", slug)),
                f"“{slug[:40]}” is none of the authorities that ship with the platform. "
                f"Check its spelling: {', '.join(ORGANISATIONS)}.",
            )


def _check_passing(draft: Draft, course: CourseFile, findings: Findings) -> None:
    scored = any(draft_.question is None or draft_.question.scored for draft_ in draft.questions)
    if course.pass_percent and not scored and draft.is_read("questions/"):
        findings.error(
            draft.course_reading.place(("pass_percent",)),
            "No question is scored, so nobody could pass. Write “pass_percent: 0”, or add a scored question.",
        )


def _check_following(draft: Draft, course: CourseFile, findings: Findings) -> None:
    if course.follows is not None and course.follows.course == course.slug:
        findings.error(
            draft.course_reading.place(FOLLOWED),
            "A course cannot follow itself. Name the course that comes before it, or remove “follows”.",
        )


def _check_validity(draft: Draft, course: CourseFile, findings: Findings) -> None:
    if course.valid_for_months is not None and not course.certificate:
        findings.error(
            draft.course_reading.place(("valid_for_months",)),
            "This course gives no certificate that could expire. Remove “valid_for_months” or “certificate: false”.",
        )


def _where(place: Place) -> str:
    return f"in {place.file}" if place.line is None else f"on line {place.line} of {place.file}"
