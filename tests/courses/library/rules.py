"""The writing rules of the shipped courses, as functions that any test of the library can use.

Each rule gives back what breaks it, so ``assert rule(course) == []`` names the place when it does not hold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE
from courses.content.files.role_questions import as_given_to
from courses.content.model.course import CourseDocument, DetailBlock, NoteBlock
from courses.content.model.local_wording import TOKEN
from courses.content.source.findings import Finding
from courses.marking.question import Question
from tests.courses.library.texts import (
    all_readings,
    all_texts,
    asks_about_oneself,
    core_words,
    feedback_of,
    filled,
    is_text,
    module_texts,
    sentences,
    words,
)

FEEDBACK_WORDS = range(15, 41)
LONGEST_LEAD_IN = 30
MARKED_TOPICS = {"law", "policy", "behaviour", "fact"}

FORBIDDEN = [
    # Plain English
    r"!(?!\[[^\]]+\]\(media/)",  # a picture begins with the same sign
    r"&", r"\be\.g\b", r"\bi\.e\b", r"\betc\b", r"\bplease\b", r"\bregarding\b", r"\butili[sz]e",
    r"\bfacilitat", r"\bprocure", r"n[’']t\b", r"(?<!\*)\*[^*\s][^*]*\*(?!\*)", r"(?<!\w)_\w[^_]*_(?!\w)",
    r"[\"']",
    # American spelling
    r"\b(color|favor|behavior|labor|honor|neighbor|center|program|defense|license[ds]?)\b",
    r"\b(organi|recogni|apologi|summari|priorit)z", r"\banalyz",
    # Voice
    r"\bwe must all\b", r"\byou must\b(?! report)", r"\bmust not think", r"\bjourney", r"\bconversation",
    r"\blived experience", r"\bzero tolerance", r"\bfailure to complete", r"\bmandatory", r"\bprivileged\b",
    r"\bfail(s|ed|ure)?\b",
    # Words about race and ethnicity
    r"\bBAME\b", r"\bBME\b", r"\bethnics\b", r"(?<!ethnic )(?<!White )\bminorities\b", r"\bnon-white",
    r"\bblacks\b", r"\ba Black\b(?! \w)", r"half-caste", r"\bcoloured\b", r"\bmixed people", r"\bGypsies\b",
    r"\bpeople of colour", r"global majority", r"racially minoritised", r"\bslaves\b", r"\bcargo\b",
    r"\billegals\b", r"\bswarm", r"\binflux", r"hard to reach", r"\btoleran(t|ce)\b", r"\bchristian name",
    r"\bsurname", r"\bracists\b", r"\b(Gypsy|Roma|Traveller)s?/", r"\bunderserved\b",
    r"\b(migrant|refugee|asylum seeker)s? (flood|wave|tide|crisis)", r"\bbogus\b", r"\bindigenous\b",
    r"\bhost (community|society|nation)", r"\bethnic (person|people|community|communities|family|families|staff)\b",
    # Nobody is asked to be somebody else, to tell a story or to prove harm
    r"\bimagine (being|you are|that you are|yourself)\b", r"\bprove (that )?(it|this) was rac",
    # A link says where it goes
    r"\[(here|click here|this|link|more|read more)\]\(",
]  # fmt: skip
# The essentials teach on one screen, and practise in one question, which words to leave behind.
TAUGHT_ON_ONE_SCREEN = {r"\bBAME\b", r"\bBME\b", r"\bnon-white", r"half-caste", r"\bcoloured\b"}
PARTIES = (
    r"\b(Labour|Conservatives?|Tory|Tories|Liberal Democrats?|Lib Dems?|Green Party|Greens|Reform UK|UKIP|"
    r"Plaid Cymru)\b"
)
COUNTED = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
SMALL_LETTERS = (
    r"\b(black|white|asian|chinese|irish|roma|arab|arabic|african|mixed)[ -]"
    r"(people|person|residents?|men|man|women|woman|british|group|minorities|speaking|families|seamen)"
)

# Facts that nobody has confirmed yet, and details that are never shown.
UNCONFIRMED = [
    r"Employment Rights Act", r"\bOctober 2026\b", r"\bthird-party harassment", r"pay gap report",
    r"\bdraft (law|clauses?)\b", r"\bBracking\b", r"\bGehlen\b", r"\bstale\b", r"census of councillors",
    r"(nine|9) (in|out of) (ten|10)", r"\b5 Ds\b", r"\bfive Ds\b", r"(?-i:Right To Be)", r"Hollaback",
    r"Anthony Walker", r"Stop Hate", r"Crimestoppers", r"Victim Care", r"\bSamaritans\b", r"\bAcas\b",
    r"\b0800\b", r"\b0808\b", r"\b0300\b", r"\b116 ?123\b", r"\b85258\b", r"\bIslamophobia\b", r"\binjur",
    r"\bblood", r"\bstabb", r"\bknife\b",
]  # fmt: skip

# What belongs to the people who make the course, and not to the people who take it.
INTERNAL = [
    r"\[check", r"\bwriter\b", r"\bdistractor", r"\bbrief\b", r"[✔✘]", r"\bKirkpatrick\b",
    r"\bmeta-analysis\b", r"\b(RE|IR|FL|EM|HR|FU\d+)-[A-Z]\w*\b", r"section [1-8]\.\d", r"\btrauma",
    r"\bpre-election\b",
]  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """How long a course and its parts may be."""

    minutes: tuple[int, ...]  # of each module
    scored: int
    practice: frozenset[str] = frozenset()  # the interactions, which are not scored
    screen_words: range = range(60, 121)
    words_a_minute: range = range(45, 81)  # core text of a module, by the minute that it says it takes
    longest_sentence: int = 25
    average_sentence: float = 16


def besides_facts_to_check(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the notes to authors about facts that nobody has confirmed yet."""
    return [
        finding
        for finding in findings
        if finding.file not in (FACT_FILE, SHARED_FACT_FILE)
        or finding.severity != "warning"
        or "still to be checked" not in finding.message
    ]


def matching(patterns: Sequence[str], texts: list[str]) -> list[tuple[str, str]]:
    """Each pattern with each text in which it occurs; tokens are no text."""
    bare = [TOKEN.sub("", text) for text in texts]
    return [(pattern, text) for pattern in patterns for text in bare if re.search(pattern, text, re.IGNORECASE)]


def badly_sized_screens(course: CourseDocument, allowed: range) -> dict[str, int]:
    sizes = {screen.id: core_words(screen) for _, screen in course.screens() if is_text(screen)}
    return {key: size for key, size in sizes.items() if size not in allowed}


def badly_sized_modules(course: CourseDocument, words_a_minute: range) -> dict[str, float]:
    rates = {
        module.id: sum(core_words(screen) for screen in module.screens) / module.minutes for module in course.modules
    }
    return {key: rate for key, rate in rates.items() if int(rate) not in words_a_minute}


def crowded_screens(course: CourseDocument) -> list[str]:
    """Screens that hold more than text, or than one question or reflection with a short lead-in, for somebody who
    completed no other course."""
    return [
        screen.id
        for _, screen in as_given_to(course, ()).screens()
        if len(screen.question_ids) + len(screen.reflection_ids) + asks_about_oneself(screen) > 1
        or (not is_text(screen) and core_words(screen) > LONGEST_LEAD_IN)
    ]


def long_sentences(course: CourseDocument, longest: int) -> list[str]:
    return [
        sentence
        for text in all_texts(course)
        for reading in all_readings(course, text)
        for sentence in sentences(reading)
        if len(words(sentence)) > longest
    ]


def average_sentence(course: CourseDocument) -> float:
    """Words to a sentence on the screens."""
    found = [
        len(words(sentence))
        for module in course.modules
        for text in module_texts(module)
        for sentence in sentences(filled(course, text))
    ]
    return sum(found) / len(found)


def badly_sized_feedback(course: CourseDocument) -> list[tuple[str, int, str]]:
    """Feedback that is too short or too long for the staff of some authority, or with some example set."""
    return sorted(
        {
            (question.id, size, feedback)
            for question in course.questions.values()
            for feedback in feedback_of(question)
            for reading in all_readings(course, feedback)
            if (size := len(words(reading))) not in FEEDBACK_WORDS
        }
    )


def verdicts(course: CourseDocument) -> list[tuple[str, str]]:
    """Feedback that judges instead of giving a reason."""
    feedback = [text for question in course.questions.values() for text in feedback_of(question)]
    return matching([r"\b(wrong|incorrect)\b|^(No|False)[.,]"], feedback)


def small_letters(course: CourseDocument) -> list[str]:
    return [text for text in all_texts(course) if re.search(SMALL_LETTERS, text)]


def titles_with_full_stop(course: CourseDocument) -> list[str]:
    titles = [module.title for module in course.modules] + [screen.title for _, screen in course.screens()]
    return [title for title in titles if title.endswith(".")]


def questions_that_ask_for_an_opinion(course: CourseDocument) -> list[str]:
    return [
        question.id
        for question in course.questions.values()
        if question.about not in MARKED_TOPICS
        or re.search(r"\b(do you (agree|believe|feel|think)|your (opinion|view|belief))\b", question.stem)
    ]


def miscounted_stems(course: CourseDocument) -> list[str]:
    """Questions with several right answers whose stem does not say how many there are."""
    return [
        question.id
        for question in course.questions.values()
        if question.kind == "multiple" and not _says_how_many(question)
    ]


def _says_how_many(question: Question) -> bool:
    right = sum(option.is_right for option in question.options)
    return question.stem.endswith(("Select all that apply.", f"Select {COUNTED.get(right, right)}."))


def scenarios_without_one_best_choice(course: CourseDocument) -> list[str]:
    """Stories in which no choice, or more than one, is marked as the best."""
    return [
        question.id
        for question in course.questions.values()
        if question.kind == "scenario" and sum(option.is_best for option in question.options) != 1
    ]


def one_sided_feedback(course: CourseDocument) -> list[str]:
    """Questions without options that do not answer both those who are right and those who are not yet."""
    return [
        question.id
        for question in course.questions.values()
        if question.kind in ("order", "match") and not (question.feedback.right and question.feedback.wrong)
    ]


def riots_without_uprising(course: CourseDocument) -> list[str]:
    """Texts that call the events of 1981 by only one of the two words that local people use."""
    return [text for text in all_texts(course) if ("riot" in text.lower()) != ("uprising" in text.lower())]


def parties_named(course: CourseDocument) -> list[str]:
    """Texts that name a political party."""
    return [text for text in all_texts(course) if re.search(PARTIES, text)]


def screens_without_short_version(course: CourseDocument, hard: Sequence[str]) -> list[str]:
    """Hard screens that do not begin with a note and a short version, to be read instead or above the rest."""
    first = {screen.id: screen.blocks[0] for _, screen in course.screens()}
    return [
        screen_id
        for screen_id in hard
        if not isinstance(first[screen_id], DetailBlock)
        and (not isinstance(note := first[screen_id], NoteBlock) or "Short version" not in note.text)
    ]
