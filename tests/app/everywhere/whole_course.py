"""One small course that holds everything a course can ask of learners, each on a screen that is open from the start."""

from functools import cache

from courses.content.bundle.reading import BundleOutcome, read_bundle
from tests.app.learn.screens.test_typed import QUESTIONS as TYPED
from tests.app.manage.publishing.test_preview import MORE_KINDS
from tests.builders.bundles import PICTURE
from tests.builders.own_words import PLANS, STATEMENTS
from tests.builders.quizzes import BANK
from tests.builders.region import COURSE
from tests.builders.stories import STORY

GLOSSARY = "- {id: bias, term: Bias, meaning: Leaning to one side.}\n"
QUIZ = """
- id: TC-QUIZ-1
  title: What you remember
  draw: [{tag: bank, count: 2}]
  mode: check
  attempts: 1
  pause: 2 hours
"""
EXAMPLES = "examples: [{id: care, name: Care, default: true}, {id: parks, name: Parks}]\n"
# The only screen of a module each, so that all of them are open from the start.
SCREENS = {
    "welcome": "Welcome to {{authority_name}}.\n\n![A grey point](media/point.png)",
    "number": "::: question TC-M1-Q1\n:::",
    "words": "::: question TC-M1-Q2\n:::",
    "gaps": "::: question TC-M1-Q3\n:::",
    "statement": "::: question TC-M2-Q1\n:::",
    "order": "::: question TC-M2-Q2\n:::",
    "match": "::: question TC-M2-Q3\n:::",
    "scenario": "::: question TC-M2-Q4\n:::",
    "story": "::: question TC-M1-X1\n:::",
    "thought": "::: reflection TC-M1-R1\nWhat would you like to change?\n:::",
    "statements": "::: statements TC-C before\n:::",
    "plan": "::: plan TC-PLAN\n:::",
    "check": "::: plan-check TC-PLAN\n:::",
    "comment": "::: comment TC-COMMENT\nWhat is missing?\n:::",
    "meeting": "::: meeting Who is left out?\nBring one form.\n:::",
    "quiz": "::: quiz TC-QUIZ-1\n:::",
}


def _module(slug: str, words: str) -> bytes:
    code = slug.upper()[:12]
    return (
        f"---\nid: TC-{code}\nslug: {slug}\ntitle: About {slug}\nminutes: 1\n---\n"
        f"# This is about {slug} {{#TC-{code}-S1}}\n\n{words}\n"
    ).encode()


def whole_files(**more: object) -> dict[str, bytes]:
    """The bundle, file by file; ``more`` are further keys of the course."""
    modules = ", ".join(f"modules/{slug}.md" for slug in SCREENS)
    course = COURSE.replace("[modules/first.md, modules/second.md]", f"[{modules}]")
    course = course.replace("order: in-order", "order: any-order").replace("outcomes:", f"{EXAMPLES}outcomes:")
    bank = BANK[BANK.index("- id: TC-B1") :].replace("  outcome: TC-M1\n", "")
    questions = "\n".join([TYPED, MORE_KINDS, STORY, bank])
    return {
        "course.yaml": "\n".join([course, *(f"{key}: {value}" for key, value in more.items())]).encode(),
        "questions/all.yaml": questions.encode(),
        "quizzes/all.yaml": QUIZ.encode(),
        "statements.yaml": STATEMENTS.encode(),
        "plans.yaml": PLANS.encode(),
        "glossary.yaml": GLOSSARY.encode(),
        "media/point.png": PICTURE,
        **{f"modules/{slug}.md": _module(slug, words) for slug, words in SCREENS.items()},
    }


@cache
def the_whole_course(**more: object) -> BundleOutcome:
    """Each is read once for each test process."""
    outcome = read_bundle(whole_files(**more))
    assert outcome.document is not None, outcome.findings
    return outcome
