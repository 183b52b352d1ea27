"""The shipped courses keep the promises of their content brief."""

import re
from collections.abc import Iterator

import pytest

from courses.content.bundle import BundleOutcome
from courses.content.model import (
    CourseDocument,
    DetailBlock,
    MarkdownBlock,
    Module,
    MoreBlock,
    NoteBlock,
    ReflectionBlock,
    Screen,
    TableBlock,
)
from courses.content.tables import find_table
from courses.content.tokens import TOKEN
from courses.fact_register import uses_of
from courses.marking.question import Question
from tests.courses.library_rules import besides_facts_to_check
from tests.courses.library_texts import (
    LIBRARY,
    all_readings,
    as_read,
    core_words,
    feedback_of,
    filled,
    is_text,
    met_their_own_way,
    question_texts,
    sentences,
    words,
)
from tests.courses.shipped import shipped

SCREEN_WORDS = range(60, 121)
MODULE_WORDS = range(550, 701)
FEEDBACK_WORDS = range(15, 41)
LONGEST_SENTENCE = 25
LONGEST_AVERAGE = 10
AUTHORITIES = (None, "combined-authority", "halton", "knowsley", "liverpool", "sefton", "st-helens", "wirral")

FORBIDDEN = [
    # Plain English
    r"!(?!\[[^\]]+\]\(media/)",  # a picture begins with the same sign
    r"&", r"\be\.g\b", r"\bi\.e\b", r"\betc\b", r"\bplease\b", r"\bregarding\b", r"\butili[sz]e",
    r"\bfacilitat", r"\bprocure", r"n[’']t\b", r"(?<!\*)\*[^*\s][^*]*\*(?!\*)", r"(?<!\w)_\w[^_]*_(?!\w)",
    # Voice
    r"\bwe must all\b", r"\byou must\b", r"\bmust not think", r"\bjourney", r"\bconversation",
    r"\blived experience", r"\bzero tolerance", r"\bfailure to complete", r"\bmandatory", r"\bprivileged\b",
    r"\bfail(s|ed|ure)?\b",
    # Words about race and ethnicity
    r"\bBAME\b", r"\bBME\b", r"\bethnics\b", r"(?<!ethnic )(?<!White )\bminorities\b", r"\bnon-white",
    r"\bblacks\b", r"\ba Black\b(?! \w)", r"half-caste", r"\bmixed people", r"\bGypsies\b",
    r"\bpeople of colour", r"global majority", r"racially minoritised", r"\bslaves\b", r"\bcargo\b",
    r"\billegals\b", r"\bswarm", r"\binflux", r"hard to reach", r"\btoleran(t|ce)\b", r"\bchristian name",
    r"\bsurname", r"\bracists\b",
]  # fmt: skip
SMALL_LETTERS = r"\b(black|white|asian|chinese|irish|roma|arab|african|mixed) (people|residents?|british|group|seamen)"

# One screen teaches which words to leave behind, and one question practises it.
WORDS_TO_LEAVE = {r"\bBAME\b", r"\bBME\b", r"\bnon-white", r"half-caste"}
WHERE_THEY_ARE_TAUGHT = ("RE-M4-S7", "RE-M4-Q3")

# Facts that nobody has confirmed yet, and details that are never shown.
UNCONFIRMED = [
    r"£300", r"\b1860s?\b", r"\bKurdish\b", r"\bGehlen\b", r"\bMandla\b", r"Employment Rights Act",
    r"\bWotten\b", r"\bWotton\b", r"Wootton,? (aged|\d)", r"\b470\b", r"\babout 500\b", r"\b1,000 police",
    r"police vehicle", r"\bdisabled man\b", r"\bSomali\b", r"\bYemeni\b", r"Anthony Walker Foundation",
    r"\b0800\b", r"\b0300\b", r"\b116 ?123\b", r"% of (the|all)[\w ]* slav", r"one in ten", r"\bmissiles?\b",
    r"\binjur", r"\bblood", r"\bbruise", r"Stop Hate", r"Crimestoppers", r"Victim Care", r"\b0808\b",
    r"\b85258\b", r"Race and Ethnic Disparities", r"\b5 Ds\b", r"\boh-loo", r"Islamophobia",
    # What is for writers and facilitators
    r"\[check", r"[✔✘]", r"\bfacilitator", r"\bdistractor", r"\bgo to (node|part)", r"\bnode \d", r"\bTODO\b",
    # What the platform does not do yet
    r"\byou will hear from us\b", r"\bwe will (send|write|remind|email)", r"\breminder\b", r"\bpledge\b",
]  # fmt: skip

# Each module: the screens of facts that say where the facts come from.
SOURCED = {
    "RE-M1": ("RE-M1-S1", "RE-M1-S2", "RE-M1-S3", "RE-M1-S4", "RE-M1-S5"),
    "RE-M2": ("RE-M2-S1", "RE-M2-S2", "RE-M2-S3", "RE-M2-S4", "RE-M2-S6"),
    "RE-M3": ("RE-M3-S2", "RE-M3-S6"),
    "RE-M4": ("RE-M4-S1", "RE-M4-S3"),
    "RE-M5": ("RE-M5-S1", "RE-M5-S3"),
    "RE-M6": ("RE-M6-S2", "RE-M6-S4"),
}
# Each taught module: how many questions are scored, and how many steps its stories have.
SCORED = {"RE-M1": 5, "RE-M2": 6, "RE-M3": 5, "RE-M4": 5, "RE-M5": 5, "RE-M6": 6}
STORIES = {"RE-M1": 1, "RE-M2": 2, "RE-M3": 4, "RE-M4": 3, "RE-M5": 1, "RE-M6": 3}
TAUGHT = sorted(SCORED)


@pytest.fixture(scope="module")
def outcome() -> BundleOutcome:
    return shipped("race-equality-essentials")


@pytest.fixture(scope="module")
def course(outcome: BundleOutcome) -> CourseDocument:
    assert outcome.document is not None, outcome.findings
    return as_read(outcome.document)


def module_of(course: CourseDocument, module_id: str) -> Module:
    return next(module for module in course.modules if module.id == module_id)


def screen_of(course: CourseDocument, screen_id: str) -> Screen:
    return next(screen for _, screen in course.screens() if screen.id == screen_id)


def questions_of(course: CourseDocument, module: Module) -> list[Question]:
    return [course.questions[key] for screen in module.screens for key in screen.question_ids]


def screen_texts(screen: Screen) -> Iterator[str]:
    yield screen.title
    for block in screen.blocks:
        if isinstance(block, MarkdownBlock | MoreBlock | NoteBlock):
            yield block.text
        if isinstance(block, MoreBlock):
            yield block.title
        if isinstance(block, ReflectionBlock):
            yield block.prompt
        yield from met_their_own_way(block)


def all_texts(course: CourseDocument, *, without: tuple[str, ...] = ()) -> list[str]:
    texts = [course.title, course.summary, *course.outcomes]
    for token in course.tokens.values():
        texts += [token.default, *token.authorities.values(), *token.sets.values()]
    for module in course.modules:
        texts += (module.title, module.know, module.notice, module.do, *module.outcomes)
    for _, screen in course.screens():
        texts += [] if screen.id in without else screen_texts(screen)
    for question in course.questions.values():
        texts += [] if question.id in without else question_texts(question)
    return texts


def matching(pattern: str, texts: list[str]) -> list[str]:
    return [text for text in texts if re.search(pattern, text, re.IGNORECASE)]


def test_the_shipped_course_has_nothing_to_put_right(outcome: BundleOutcome) -> None:
    assert besides_facts_to_check(outcome.findings) == []


def test_what_nobody_has_confirmed_is_kept_for_authors_with_the_thing_to_do(outcome: BundleOutcome) -> None:
    assert outcome.document is not None
    waiting = [key for key, fact in outcome.document.facts.items() if not fact.is_checked]
    assert all(outcome.document.facts[key].note for key in waiting)
    assert [(finding.severity, finding.message.split()[2]) for finding in outcome.findings] == [
        ("warning", key) for key in waiting
    ]
    assert {"RE-F-KURDISH", "ALL-F-THIRD-PARTIES", "RE-F-REGION-JOBS", "RE-F-WOOTTON"} <= set(waiting)


def test_every_checked_fact_has_a_source_and_two_days_and_is_used(outcome: BundleOutcome) -> None:
    document = outcome.document
    assert document is not None
    checked = {key: fact for key, fact in document.facts.items() if fact.is_checked}
    assert len(checked) > 50
    assert [key for key, fact in checked.items() if not (fact.source and fact.name and fact.checked_on)] == []
    assert [key for key in checked if not uses_of(document)[key]] == []


def test_every_shipped_folder_with_a_course_can_be_published() -> None:
    folders = sorted(path.parent for path in LIBRARY.glob("*/course.yaml"))
    assert folders
    assert [folder.name for folder in folders if not shipped(folder.name).is_publishable] == []


def test_the_minutes_of_the_modules_add_up_to_the_minutes_of_the_course(course: CourseDocument) -> None:
    assert [module.minutes for module in course.modules] == [3, 9, 9, 9, 9, 9, 9, 3]
    assert sum(module.minutes for module in course.modules) == course.minutes


def test_every_module_has_one_thing_to_know_to_notice_and_to_do(course: CourseDocument) -> None:
    assert all(module.know and module.notice and module.do and module.outcomes for module in course.modules)


def test_a_screen_of_text_has_60_to_120_words(course: CourseDocument) -> None:
    sizes = {screen.id: core_words(screen) for _, screen in course.screens() if is_text(screen)}
    assert {key: size for key, size in sizes.items() if size not in SCREEN_WORDS} == {}


def test_between_the_welcome_and_the_close_stand_the_six_taught_modules(course: CourseDocument) -> None:
    assert [module.id for module in course.modules] == ["RE-M0", *TAUGHT, "RE-M7"]
    assert len(course.outcomes) == 6


@pytest.mark.parametrize("module_id", TAUGHT)
def test_a_taught_module_keeps_to_its_length(course: CourseDocument, module_id: str) -> None:
    module = module_of(course, module_id)
    assert sum(core_words(screen) for screen in module.screens if is_text(screen)) in MODULE_WORDS
    assert 12 <= len(module.screens) <= 16


@pytest.mark.parametrize("module_id", TAUGHT)
def test_a_taught_module_has_its_questions_in_its_own_name(course: CourseDocument, module_id: str) -> None:
    questions = questions_of(course, module_of(course, module_id))
    scored = {f"{module_id}-Q{number + 1}" for number in range(SCORED[module_id])}
    practice = {f"{module_id}-X{number + 1}" for number in range(STORIES[module_id])}
    assert {question.id for question in questions if question.scored} == scored
    assert {question.id for question in questions if not question.scored} == practice
    assert all(question.story or question.branching for question in questions if question.id in practice)


def test_nothing_is_scored_outside_the_taught_modules(course: CourseDocument) -> None:
    assert len(course.scored_question_ids) == sum(SCORED.values())
    assert [questions_of(course, module) for module in (course.modules[0], course.modules[-1])] == [[], []]


def test_the_course_closes_with_a_plan_that_is_private(course: CourseDocument) -> None:
    asked = [key for _, screen in course.screens() for key in screen.reflection_ids]
    assert asked == ["RE-M1-R1", "RE-M2-R1", "RE-M3-R1", "RE-M4-R1", "RE-M5-R1"]
    assert [block.key for block in screen_of(course, "RE-M7-S2").personal] == ["RE-PLAN"]


def test_a_screen_holds_either_text_or_one_question_with_a_short_lead_in(course: CourseDocument) -> None:
    for _, screen in course.screens():
        asked = len(screen.question_ids) + len(screen.reflection_ids) + len(screen.personal)
        assert asked <= 1, screen.id
        assert not asked or core_words(screen) <= 30, screen.id


def test_every_sentence_has_at_most_25_words_in_every_wording(course: CourseDocument) -> None:
    readings = {reading for text in all_texts(course) for reading in all_readings(course, text)}
    found = {sentence for reading in readings for sentence in sentences(reading)}
    assert [sentence for sentence in found if len(words(sentence)) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("module_id", TAUGHT)
def test_sentences_of_a_module_are_short_on_average(course: CourseDocument, module_id: str) -> None:
    module = module_of(course, module_id)
    texts = [text for screen in module.screens for text in screen_texts(screen)]
    texts += [text for question in questions_of(course, module) for text in question_texts(question)]
    lengths = [len(words(found)) for text in texts for found in sentences(filled(course, text, None))]
    assert sum(lengths) / len(lengths) <= LONGEST_AVERAGE


def test_every_answer_gets_feedback_of_a_readable_length_everywhere(course: CourseDocument) -> None:
    for question in course.questions.values():
        assert feedback_of(question)
        for feedback in feedback_of(question):
            sizes = {len(words(reading)) for reading in all_readings(course, feedback)}
            assert sizes <= set(FEEDBACK_WORDS), (question.id, feedback)


def test_feedback_gives_reasons_and_no_verdicts(course: CourseDocument) -> None:
    feedback = [text for question in course.questions.values() for text in feedback_of(question)]
    assert matching(r"\b(wrong|incorrect)\b|^(No|False)[.,]", feedback) == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_text_uses_words_that_the_style_rules_leave_out(course: CourseDocument, pattern: str) -> None:
    without = WHERE_THEY_ARE_TAUGHT if pattern in WORDS_TO_LEAVE else ()
    assert matching(pattern, [TOKEN.sub("", text) for text in all_texts(course, without=without)]) == []


def test_names_of_ethnic_groups_have_capital_letters(course: CourseDocument) -> None:
    assert [text for text in all_texts(course) if re.search(SMALL_LETTERS, text)] == []


@pytest.mark.parametrize("pattern", UNCONFIRMED)
def test_no_text_states_what_nobody_has_confirmed_or_describes_an_injury(course: CourseDocument, pattern: str) -> None:
    assert matching(pattern, all_texts(course)) == []


def test_headings_have_no_full_stop(course: CourseDocument) -> None:
    titles = [module.title for module in course.modules] + [screen.title for _, screen in course.screens()]
    assert [title for title in titles if title.endswith(".")] == []


@pytest.mark.parametrize("screen_id", ["RE-M1-S4", "RE-M4-S7"])
def test_what_is_hard_to_read_is_announced_and_a_short_version_stands_beside_it(
    course: CourseDocument, screen_id: str
) -> None:
    screen = screen_of(course, screen_id)
    detail = screen.blocks[0]
    assert screen.title.startswith("Detail:")
    assert isinstance(detail, DetailBlock)
    assert detail.mentions
    assert detail.short.count(".") == 1


@pytest.mark.parametrize(
    ("screen_id", "words"),
    [("RE-M5-S21", "nothing that you choose counts"), ("RE-M6-S21", "you can choose any answer and go on")],
)
def test_a_hard_story_is_announced_and_asks_nothing_of_those_who_pass(
    course: CourseDocument, screen_id: str, words: str
) -> None:
    screen = screen_of(course, screen_id)
    note = screen.blocks[0]
    assert isinstance(note, NoteBlock)
    assert "Short version" in note.text
    assert words in note.text
    assert not any(course.questions[key].scored for key in screen.question_ids)


@pytest.mark.parametrize("module_id", sorted(SOURCED))
def test_every_screen_of_facts_says_where_they_come_from(course: CourseDocument, module_id: str) -> None:
    for screen_id in SOURCED[module_id]:
        titles = [block.title for block in screen_of(course, screen_id).blocks if isinstance(block, MoreBlock)]
        assert [title for title in titles if re.match(r"Where th(is|ese)\b", title)], screen_id


def test_words_to_leave_behind_are_named_on_one_screen_and_never_as_a_right_answer(
    course: CourseDocument,
) -> None:
    right = [option.text for question in course.questions.values() for option in question.options if option.is_right]
    assert matching("|".join(WORDS_TO_LEAVE), right) == []
    text = "\n".join(screen_texts(screen_of(course, "RE-M4-S7")))
    assert len(re.findall(r"“coloured”|half-caste", text, re.IGNORECASE)) == 2


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_the_story_of_module_6_stands_in_the_area_of_its_police_force(course: CourseDocument, slug: str | None) -> None:
    story = filled(course, " ".join(question_texts(course.questions["RE-M6-X1"])), slug)
    assert ("one-stop shop in Widnes" in story) == (slug == "halton") == ("Cheshire Constabulary" in story)
    assert ("Merseyside Police" in story) == (slug != "halton")
    assert "{{" not in story


def test_the_table_of_areas_has_a_row_for_each_council_and_the_city_region(course: CourseDocument) -> None:
    screen = course.module("why-race-equality-matters-here").screen("RE-M1-S1")
    block = next(block for block in screen.blocks if isinstance(block, TableBlock))
    table = find_table(block.text)
    assert table is not None
    areas = [row[0] for row in table.rows]
    assert areas == ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral", "City region"]
    assert table.rows[-1][2:] == ("12.2% (189,140)", "7.9% (122,991)")
    assert [table.own_row(slug) for slug in AUTHORITIES] == [None, 6, 0, 1, 2, 3, 4, 5]
    assert block.is_own_first
    assert block.is_sortable


@pytest.mark.parametrize("slug", AUTHORITIES)
def test_every_authority_reads_its_own_figures_in_the_story(course: CourseDocument, slug: str | None) -> None:
    story = filled(course, " ".join(question_texts(course.questions["RE-M1-X1"])), slug)
    expected = {
        "combined-authority": "over 120,000 people across the city region", "knowsley": "over 7,000 people",
        "liverpool": "over 77,000 people", "sefton": "over 11,000 people", "st-helens": "over 6,000 people",
        "wirral": "over 15,000 people",
    }  # fmt: skip
    assert f"We serve {expected.get(slug or '', 'over 4,000 people')} from Asian" in story
    assert ("We already have a diverse city, so we must be fine." in story) == (slug == "liverpool")
    assert "{{" not in story


def test_no_question_asks_for_an_opinion(course: CourseDocument) -> None:
    assert [question.id for question in course.questions.values() if question.about == "reflection"] == []
