"""Modules named by their number in a text: learners see them numbered from 1, in their order in course.yaml."""

import re
from collections.abc import Iterable, Sequence

from courses.content.format.draft import Draft, Passage
from courses.content.source.findings import Findings

# “module 3”, with what may follow: the course that it is of, or its title.
_NAMED = re.compile(
    r"\bmodule\s+(?P<number>\d{1,3})\b(?P<elsewhere>\s+of\s)?(?:,?\s+[“\"](?P<title>[^”\"\n]{1,200})[”\"])?",
    re.IGNORECASE,
)


def check_module_numbers(draft: Draft, texts: Iterable[Passage], findings: Findings) -> None:
    """Note numbers that lead to another module than learners find there. Those of other courses are not known here."""
    titles = [" ".join(module.front.title.split()) for module in draft.modules if module.front is not None]
    if len(titles) != len(draft.modules):
        return
    for passage in texts:
        for found in _NAMED.finditer(passage.text):
            if found["elsewhere"] is None:
                refusal = _refusal(int(found["number"]), found["title"], titles)
                if refusal:
                    findings.warning(passage.place.down(passage.text.count("\n", 0, found.start())), refusal)


def _refusal(number: int, title: str | None, titles: Sequence[str]) -> str:
    if not 1 <= number <= len(titles):
        count = f"{len(titles)} module{'' if len(titles) == 1 else 's'}"
        return f"There is no module {number}: the course has {count}, numbered from 1 in their order in course.yaml."
    if title is None:
        return (
            f"Write the title behind the number: module {number}, “{titles[number - 1]}”. "
            "Learners see modules numbered from 1, in their order in course.yaml."
        )
    if title.strip(" .,").casefold() != titles[number - 1].strip(" .,").casefold():
        return f"Module {number} is “{titles[number - 1]}”. Correct the number or the title."
    return ""
