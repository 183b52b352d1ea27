"""In which way somebody finished: by which course of a step where one of several is enough, by the shorter course that
renews a completion, or by what was recorded of the time before."""

from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Select, case, literal, select
from sqlalchemy.orm import Session

from assignments.standing.people_asked import Asked, asked_of
from courses.catalogue.versions import titles_of
from courses.records.completion import Completion, CompletionSource
from reports.figures.population import Population, Question, completion_counts

HERE, EARLIER, WHOLE, SHORTER, ALL_STEPS, BEFORE = "here", "earlier", "whole", "shorter", "all-steps", "before"
WORDS: Mapping[str, str] = {
    HERE: "Completed here",
    EARLIER: "Completed before it was recorded here",
    WHOLE: "By the whole course",
    SHORTER: "By the shorter course",
    ALL_STEPS: "By the same courses as everybody",
    BEFORE: "By what was completed last time",
}


def finished_by_route(session: Session, question: Question, who: Population) -> Counter[str]:
    """How many of those who are counted have finished in each way, by its key."""
    plan = question.plan
    finished = who.left_out.is_(None) & who.has_finished
    if plan is None or plan.is_simple:
        how = _by_source(session, question, who)
        return Counter(session.execute(select(how).select_from(who.people).where(finished)).scalars())
    ids: Select[int] = select(who.people.c.person_id).where(finished)
    counted = set(session.scalars(ids))
    return Counter(
        _way(one) for one in asked_of(session, [plan], on=question.on, with_exempt=True) if one.person_id in counted
    )


def ways_in_words(session: Session, ways: Collection[str]) -> dict[str, str]:
    """Each way in words, as its courses are called today."""
    courses = {int(part) for way in ways for part in way.split("+") if part.isdigit()}
    titles = titles_of(session, course_ids=courses) if courses else {}
    return {way: WORDS.get(way) or _by_courses(way, titles) for way in ways}


def _by_source(session: Session, question: Question, who: Population) -> ColumnElement[str]:
    here = select(Completion.person_id).where(
        completion_counts(session, question), Completion.source == CompletionSource.PLATFORM
    )
    return case((who.people.c.person_id.in_(here), literal(HERE)), else_=literal(EARLIER))


def _way(asked: Asked) -> str:
    """The courses chosen in the steps that leave a choice, by their ids; or a word of ``WORDS``."""
    if not asked.plan.programme:
        return SHORTER if asked.is_renewed else WHOLE
    choices = [one for one in asked.steps if len(one.courses) > 1]
    if not choices:
        return ALL_STEPS
    taken = [one.course_id for one in choices]
    return BEFORE if asked.is_again or None in taken else "+".join(str(one) for one in taken)


def _by_courses(way: str, titles: Mapping[int, str]) -> str:
    return f"By {' and '.join(f'“{titles[int(part)]}”' for part in way.split('+'))}"
