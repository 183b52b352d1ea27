"""The print version of a module or a course: one page, with the answers at the end, for people who learn on paper.

It holds nothing of the person who prints it but the local words of their authority: no answer, no note, no name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import render_template

from app.course_pages.glossary import entries
from app.course_pages.paper_questions import PaperQuestion, letter, paper_question
from app.course_pages.rendering import ReadyBlock, ReadyCourse
from app.course_pages.tables import TableView, tables
from app.learn.courses.whole_course import WholeCourse, get_whole_course
from app.learn.paper.personal import PaperPersonal, paper_personal
from app.platform.access import signed_in
from app.platform.extensions import db
from courses.content.model.course import Module, Screen
from courses.taking.screens import module_at


@dataclass(frozen=True)
class PaperBlock:
    """A block as it is printed; ``question``, ``table`` and ``personal`` for blocks that are such a thing."""

    block: ReadyBlock
    question: PaperQuestion | None
    table: TableView | None
    personal: PaperPersonal | None


@dataclass(frozen=True)
class PaperScreen:
    """A screen as a section of the page."""

    id: str
    title: str
    blocks: tuple[PaperBlock, ...]


@dataclass(frozen=True)
class PaperModule:
    """A module as a chapter of the page, with the questions that its answers belong to."""

    module: Module
    title: str
    screens: tuple[PaperScreen, ...]

    @property
    def questions(self) -> list[PaperQuestion]:
        """Its questions, in their order."""
        return [part.question for screen in self.screens for part in screen.blocks if part.question is not None]


@signed_in
def print_module(slug: str, module_slug: str) -> str:
    """One module on paper."""
    course = get_whole_course(db.session(), slug)
    module = module_at(course.given, module_slug)
    return _page(course, [module])


@signed_in
def print_course(slug: str) -> str:
    """All modules of a course on paper, and its glossary."""
    course = get_whole_course(db.session(), slug)
    return _page(course, course.given.modules)


def _page(course: WholeCourse, modules: Iterable[Module]) -> str:
    sheet = _Sheet(course.ready)
    chapters = [sheet.module(module) for module in modules]
    is_whole = len(chapters) == len(course.document.modules)
    return render_template(
        "learn/paper.html",
        course=course.document,
        title=course.ready.words(course.document.title) if is_whole else chapters[0].title,
        modules=chapters,
        is_whole=is_whole,
        glossary=entries(course.ready) if is_whole else [],
        letter=letter,
        # The footer would name whoever printed the page, and a printed page is passed on.
        signed_in_as=None,
    )


class _Sheet:
    """Puts modules on one page and numbers what has to be told apart there: questions, and tables by their ids."""

    def __init__(self, course: ReadyCourse) -> None:
        self._course = course
        self._questions = 0
        self._tables = 0

    def module(self, module: Module) -> PaperModule:
        """The next chapter."""
        screens = tuple(
            self._screen(screen, self._course.screen(module.slug, number).blocks)
            for number, screen in enumerate(module.screens, start=1)
        )
        return PaperModule(module, self._course.words(module.title), screens)

    def _screen(self, screen: Screen, blocks: Iterable[ReadyBlock]) -> PaperScreen:
        given = [block for block in blocks if block.type != "question" or block.ref in screen.question_ids]
        return PaperScreen(
            screen.id, self._course.words(screen.title), tuple(self._block(screen, block) for block in given)
        )

    def _block(self, screen: Screen, block: ReadyBlock) -> PaperBlock:
        question = self._question(block.ref) if block.type == "question" else None
        personal = paper_personal(self._course, screen, block.ref) if block.type == "personal" else None
        return PaperBlock(block, question, self._table(block), personal)

    def _question(self, question_id: str) -> PaperQuestion | None:
        self._questions += 1
        return paper_question(self._course, self._course.document.questions[question_id], self._questions)

    def _table(self, block: ReadyBlock) -> TableView | None:
        view = tables(self._course, (block,), {}).get(0)
        if view is None:
            return None
        self._tables += 1
        return replace(view, id=f"table-{self._tables}")
