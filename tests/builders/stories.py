"""A small branching story for tests: two good ways, a choice that may be made again, and two endings."""

from courses.content.bundle.reading import read_bundle
from courses.marking import Question
from tests.builders.region import FIRST, QUESTIONS, a_document, bundle_files

STORY = """
- id: TC-M1-X1
  kind: branching
  about: behaviour
  scored: false
  stem: What do you do?
  nodes:
    - id: meeting
      heading: In the meeting
      text: Karl makes a joke about a name at {{authority_name}}.
      choices:
        - {text: Laugh along, feedback: "He does it again.", next: afterwards}
        - {text: Say something, best: true, feedback: "The chair agrees.", next: farida}
        - {text: Message her later, acceptable: true, feedback: "She is glad.", next: farida}
    - id: afterwards
      heading: After the meeting
      text: You feel bad about it.
      stem: What now?
      choices:
        - {text: Ring Farida, best: true, feedback: "She is surprised.", next: farida}
        - {text: Hope that she forgot, feedback: "She has not.", next: afterwards}
    - id: farida
      heading: A call
      text: Farida says that she is fine.
      choices:
        - {text: Respect her wish, best: true, feedback: "She keeps control.", next: good}
        - {text: Let us forget it, feedback: "It may sound as if it does not matter.", next: left}
  endings:
    - {id: good, heading: A good way, text: There were several.}
    - {id: left, heading: Left as it is, text: Nothing changed.}
"""
WITH_STORY = QUESTIONS + STORY
ON_SCREEN = FIRST.replace("# A thought", "# A story {#TC-M1-S4}\n\n::: question TC-M1-X1\n:::\n\n# A thought")
IN_COURSE = {"first": ON_SCREEN, "questions": WITH_STORY}


def the_story() -> Question:
    return a_document(**IN_COURSE).questions["TC-M1-X1"]


def line_of(words: str) -> int:
    """The line of the question file on which these words stand first."""
    return WITH_STORY[: WITH_STORY.index(words)].count("\n") + 1


def faults_after(old: str, new: str) -> list[tuple[int | None, str]]:
    """Line and message of what the checker finds when one part of the story is replaced."""
    assert old in STORY
    files = bundle_files(first=ON_SCREEN, questions=QUESTIONS + STORY.replace(old, new))
    return [(found.line, found.message) for found in read_bundle(files).findings]
