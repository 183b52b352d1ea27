"""What a screen asks people about themselves, as lines and boxes on paper. What they said is never printed."""

from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.personal import in_words
from app.course_pages.rendering import ReadyCourse
from courses.content.model.course import Screen
from courses.content.model.personal import CommentBlock, MeetingBlock, StatementsBlock
from courses.content.model.plans import PlanBlock


@dataclass(frozen=True)
class PaperStatements:
    """Statements to rate with a pen: the question above them, and each with its answers."""

    stem: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    shape: str = "statements"


@dataclass(frozen=True)
class PaperPlan:
    """A plan to write: ideas to borrow, by role, and the questions that make one stronger."""

    title: str
    ideas: tuple[tuple[str, tuple[str, ...]], ...]
    checks: tuple[str, ...]
    shape: str = "plan"


@dataclass(frozen=True)
class PaperWords:
    """Words to read, for what is sent from the site and not from paper."""

    html: Markup
    shape: str = "words"


PaperPersonal = PaperStatements | PaperPlan | PaperWords


def paper_personal(course: ReadyCourse, screen: Screen, key: str) -> PaperPersonal | None:
    """The block of a screen with this key; ``None`` for one that only shows people their own words again."""
    for block in screen.personal:
        if block.key == key and isinstance(block, StatementsBlock):
            return _statements(course, block)
        if block.key == key and isinstance(block, PlanBlock):
            return _plan(course, block)
        if block.key == key and isinstance(block, CommentBlock):
            return PaperWords(course.markdown(block.prompt))
        if block.key == key and isinstance(block, MeetingBlock):
            words = Markup('<p class="govuk-body"><strong>{}</strong></p><p class="govuk-body">{}</p>')
            return PaperWords(words.format(course.words(block.title), course.words(block.text)))
    return None


def _statements(course: ReadyCourse, block: StatementsBlock) -> PaperStatements:
    instrument = in_words(course, course.document.instruments[block.instrument_id])
    return PaperStatements(
        instrument.stem_at(block.moment),
        tuple((one.text, tuple(answer.text for answer in one.answers)) for one in instrument.asked_at(block.moment)),
    )


def _plan(course: ReadyCourse, block: PlanBlock) -> PaperPlan:
    form = course.document.plans[block.plan_id]
    ideas = tuple(
        (group.role, tuple(course.words(f"If {idea.situation}, then I will {idea.action}.") for idea in group.ideas))
        for group in form.ideas
    )
    return PaperPlan(course.words(form.title), ideas, tuple(map(course.words, form.checks)))
