"""Rules for example sets: every token has them all, no text grows too long in one, and no two options become alike."""

from collections.abc import Iterator, Mapping
from itertools import product

from courses.content.checks.fact_checks import facts_of
from courses.content.format.authoring import AuthoredToken, CourseFile
from courses.content.format.draft import Draft, QuestionDraft, ScreenDraft
from courses.content.model.course import ExamplesBlock, Token
from courses.content.model.examples import ExampleSet, set_in_use
from courses.content.model.facts import fill_facts
from courses.content.model.local_wording import fill_tokens, token_names, token_values
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Path
from courses.content.text_rules.text_checks import LONGEST_SCREEN, core_words
from kernel.typed import folded


def sets_of(course: CourseFile) -> tuple[ExampleSet, ...]:
    """The example sets of a course as versions store them."""
    return tuple(ExampleSet(id=one.id, name=one.name, is_default=one.default) for one in course.examples)


def stored_token(course: CourseFile, token: AuthoredToken) -> Token:
    """A token as versions store it. With sets, its default is what goes with the default set."""
    default = token.default
    if default is None:
        general = set_in_use(sets_of(course), None)
        default = token.sets.get(general.id, "") if general else ""
    return Token(default=default, authorities=token.authorities, sets=token.sets)


def check_examples(draft: Draft, course: CourseFile, findings: Findings) -> None:
    """Note everything that is wrong with the sets, and with texts as they read in one of them."""
    _check_sets(draft, course, findings)
    for name, token in course.tokens.items():
        _check_token(course, name, token, draft.course_reading.place(("tokens", name)), findings)
    _check_place(draft, course, findings)
    wordings = tuple(_wordings(course))
    if wordings:
        for question in draft.questions:
            _check_options(question, wordings, findings)
        for module in draft.modules:
            for screen in module.screens:
                _check_length(draft, course, screen, findings)


def _check_sets(draft: Draft, course: CourseFile, findings: Findings) -> None:
    place = draft.course_reading.place
    at: Path = ("examples",)
    ids = [one.id for one in course.examples]
    for number, one in enumerate(course.examples):
        if one.id in ids[:number]:
            findings.error(place((*at, number)), f"There are two example sets {one.id}. Choose another id.")
        elif course.tokens and not any(one.id in token.sets for token in course.tokens.values()):
            findings.warning(
                place((*at, number)),
                f"No token has a text for the example set {one.id}. Write some, or remove the set.",
            )
    if course.examples and sum(one.default for one in course.examples) != 1:
        findings.error(
            place(at), "Write “default: true” for one example set: people who have not picked any read that one."
        )
    if len(course.examples) == 1:
        findings.error(place(at), "One example set is nothing to pick from. Write another, or remove “examples”.")


def _check_token(course: CourseFile, name: str, token: AuthoredToken, place: Place, findings: Findings) -> None:
    known = [one.id for one in course.examples]
    for key in token.sets:
        if key not in known:
            findings.error(place, f"The token {name[:40]} has a text for “{key[:40]}”, which is no example set.")
    if not token.sets:
        if token.default is None:
            findings.error(place, "Add “default”: it is missing here.")
        return
    lacking = [key for key in known if key not in token.sets]
    if lacking:
        findings.error(place, f"The token {name[:40]} has no text for the example set {', '.join(lacking)}. Write it.")
    if token.default is not None:
        findings.error(
            place, f"Nobody would read the default of the token {name[:40]}: its default set is read. Remove it."
        )


def _check_place(draft: Draft, course: CourseFile, findings: Findings) -> None:
    places = [
        screen.place
        for module in draft.modules
        for screen in module.screens
        for block in screen.screen.blocks
        if isinstance(block, ExamplesBlock)
    ]
    for place in places[1:] if course.examples else places:
        findings.error(
            place,
            "The example sets can be picked on one screen only. Remove this “::: examples”."
            if course.examples
            else "There are no example sets to pick from. Write them in course.yaml under “examples”.",
        )
    if course.examples and not places and draft.is_read("modules/"):
        findings.warning(
            draft.course_reading.place(("examples",)),
            "No screen lets learners pick a set, so they find the choice on the page of the course only. "
            "Put “::: examples” on an early screen.",
        )


def _wordings(course: CourseFile) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Everything that learners may read for tokens, with the words that say who reads it."""
    tokens = {name: stored_token(course, token) for name, token in course.tokens.items()}
    slugs = (None, *sorted({slug for token in tokens.values() for slug in token.authorities}))
    for one, slug in product(course.examples, slugs):
        values = token_values(tokens, organisation_slug=slug, local_wording={}, example_set=one.id)
        yield f"the example set {one.id}" + (f" at {slug}" if slug else ""), values


def _check_options(
    draft: QuestionDraft, wordings: tuple[tuple[str, Mapping[str, str]], ...], findings: Findings
) -> None:
    question = draft.question
    if question is None:
        return
    nodes = question.branching.nodes if question.branching else ()
    groups = (question.options, question.items, question.choices, *(node.choices for node in nodes))
    for group in groups:
        if not any(token_names(one.text) for one in group):
            continue
        for words, values in wordings:
            texts = [folded(fill_tokens(one.text, values)) for one in group]
            if len(set(texts)) < len(texts):
                findings.error(
                    draft.place, f"Two answers of {question.id} read the same with {words}. Change a text of a token."
                )
                break


def _check_length(draft: Draft, course: CourseFile, screen: ScreenDraft, findings: Findings) -> None:
    core = [passage for passage in screen.passages if passage.is_core]
    varying = {name for name, token in course.tokens.items() if token.sets}
    if not any(varying.intersection(token_names(passage.text)) for passage in core):
        return
    facts = facts_of(draft)
    tokens = {name: stored_token(course, token) for name, token in course.tokens.items()}
    for one in course.examples:
        values = token_values(tokens, organisation_slug=None, local_wording={}, example_set=one.id)
        words = sum(core_words(fill_tokens(fill_facts(passage.text, facts), values)) for passage in core)
        if words > LONGEST_SCREEN:
            findings.warning(screen.place, f"This screen has {words} words with the example set {one.id}. Shorten it.")
