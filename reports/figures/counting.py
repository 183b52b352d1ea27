"""The one function that counts: how far the people of an authority are with a course, and why others are left out."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, literal, not_, null, select, text
from sqlalchemy.orm import Session

from people.counting import REASONS, people_to_come, people_who_manage, people_with_work_email
from people.organisations import Organisation
from people.reorganisation.periods import units_on
from reports.figures.definition import NO, NOT_RECORDED, YES, By
from reports.figures.late import can_be_late, is_late
from reports.figures.population import EXEMPT, NOT_ASKED, Population, Question, population
from reports.figures.routes import finished_by_route, ways_in_words
from reports.figures.unit_tree import list_of, tree_of
from reports.groups import Counts, Group, Level

_LEVELS = {
    By.GRADE: Level.GRADE,
    By.CONTRACT: Level.CONTRACT,
    By.ROUTE: Level.ROUTE,
    By.MANAGER: Level.MANAGER,
    By.EMAIL: Level.EMAIL,
}
# What parts are called whose keys are no words for people.
_WORDS: Mapping[By, Mapping[str, str]] = {
    By.GRADE: {NOT_RECORDED: "No grade recorded"},
    By.CONTRACT: {NOT_RECORDED: "No contract recorded"},
    By.MANAGER: {YES: "Managers", NO: "People who manage nobody"},
    By.EMAIL: {YES: "With a work email", NO: "No work email"},
}
NOT_FINISHED = "Not finished: in no way yet"
_UNFINISHED = "unfinished"


class Reason(NamedTuple):
    """Why people are left out, in words, and how many it leaves out: counted by the same parts as the rest."""

    words: str
    group: Group


class Exact(NamedTuple):
    """By part, who counts and how far they are; and by the reason of ``LeftOut`` and the like, then by part, how many
    it leaves out. A part is the id of a unit, a grade and so on."""

    counts: Mapping[Any, Counts]
    left_out: Mapping[str, Mapping[Any, Counts]]
    has_late: bool = False


class Counted(NamedTuple):
    """Everybody who counts, by parts, and by reason whoever does not. Exact: whoever shows it has to hide what is
    small."""

    total: Group
    left_out: tuple[Reason, ...]
    has_late: bool = False


def count(
    session: Session, question: Question, *, organisation: Organisation, by: By, with_late: bool = False
) -> Counted:
    """The figure of a day with its parts: the units of that day by the names that they had, the grades or contracts
    of the jobs that day, managers and others, those with and without a work email, or the ways in which those
    finished who have.

    Where the course was asked of an audience on that day, those of it count and nobody else; of those who are exempt
    from what is asked, those who have finished all the same. One statement counts, however large the authority.
    ``with_late`` counts too who is past their own date, where anybody could be.
    """
    exact = exactly(session, question, by=by, with_late=with_late)
    return arranged(session, question, exact, organisation=organisation, by=by)


def exactly(session: Session, question: Question, *, by: By, with_late: bool = False, with_begun: bool = True) -> Exact:
    """The numbers of it alone, before they have names and stand in an order. Without ``with_begun`` nobody is in
    progress: of days that are over, that is asked by no one."""
    who = population(session, question, with_begun=with_begun)
    if by is By.ROUTE:
        return _by_route(session, question, who)
    has_late = with_late and can_be_late(question.plan, question.on)
    return Exact(*_count(session, who, by, is_late(session, who) if has_late else None), has_late)


def exactly_to_come(session: Session, question: Question, *, by: By) -> Mapping[Any, Counts]:
    """By part, who is left out because every job of theirs begins after the day: what ``exactly`` says of them, alone.

    The only number of a day that is over which changes whenever somebody is taken on.
    """
    people = people_to_come(organisation_id=question.organisation_id, on=question.on)
    who = Population(select(*people.c).cte("to_come"), question)
    part = part_of(who, None if by is By.ROUTE else by).label("part")
    rows = session.execute(select(part, func.count()).select_from(who.people).group_by(text("part")))
    return {key: Counts(number) for key, number in rows}


def arranged(session: Session, question: Question, exact: Exact, *, organisation: Organisation, by: By) -> Counted:
    """The same as groups with names: the units of the day, or a list."""
    words = _reasons_in_words(question)
    if by is By.ROUTE:
        return _routes(session, exact, words, organisation)
    shape = arrangement(session, organisation=organisation, by=by, on=question.on, also=exact.counts)
    nobody = Group(Level.AUTHORITY, organisation.name, None, ("", "", ""), Counts())
    reasons = {said: shape(found) if (found := exact.left_out[why]) else nobody for why, said in words.items()}
    return Counted(shape(exact.counts), tuple(Reason(said, group) for said, group in reasons.items()), exact.has_late)


def arrangement(
    session: Session, *, organisation: Organisation, by: By, on: date, also: Collection[Any]
) -> Callable[[Mapping[Any, Counts]], Group]:
    """How counts by part become one group with its parts: the units of that day, and those of ``also`` that are gone;
    or a list of the grades, contracts, managers and others, or those with and without a work email."""
    if by is By.UNIT:
        units = units_on(session, organisation_id=organisation.id, on=on, also=also)
        return lambda found: tree_of(organisation.name, units, found)
    return lambda found: list_of(organisation.name, _LEVELS[by], found, _WORDS[by])


def _by_route(session: Session, question: Question, who: Population) -> Exact:
    """Of those who have finished alone: not to have finished is a reason for being left out."""
    ways = finished_by_route(session, question, who)
    counts, left_out = _count(session, who, None)
    left_out[_UNFINISHED] = {None: Counts(counts.get(None, Counts()).not_finished)}
    return Exact({way: Counts(people, people) for way, people in ways.items()}, left_out)


def _routes(session: Session, exact: Exact, words: Mapping[str, str], organisation: Organisation) -> Counted:
    said = {**words, _UNFINISHED: NOT_FINISHED}
    numbers = [(words, exact.left_out[why].get(None, Counts())) for why, words in said.items()]
    return Counted(
        list_of(organisation.name, Level.ROUTE, exact.counts, ways_in_words(session, exact.counts)),
        tuple(Reason(said, list_of(organisation.name, Level.ROUTE, {"": found}, {})) for said, found in numbers),
    )


def _count(
    session: Session, who: Population, by: By | None, late: ColumnElement[bool] | None = None
) -> tuple[dict[Any, Counts], dict[str, dict[Any, Counts]]]:
    """By part, or all under ``None``: who counts and how far they are, and how many each reason leaves out."""
    is_midway = not_(who.has_finished) & who.has_begun
    rows = session.execute(
        select(
            part_of(who, by).label("part"),
            who.left_out.label("reason"),
            func.count(),
            func.sum(case((who.has_finished, 1), else_=0)),
            func.sum(case((is_midway, 1), else_=0)),
            literal(0) if late is None else func.sum(case((late, 1), else_=0)),
        ).group_by(text("part"), text("reason"))
    )
    counts: dict[Any, Counts] = {}
    left_out: dict[str, dict[Any, Counts]] = {one: {} for one in (*REASONS, NOT_ASKED, EXEMPT)}
    for key, why, headcount, complete, in_progress, past in rows:
        if why is None:
            counts[key] = Counts(headcount, complete, in_progress, past)
        else:
            left_out[why][key] = Counts(headcount)
    return counts, left_out


def part_of(who: Population, by: By | None) -> ColumnElement[Any]:
    """The part in which somebody is counted; null for all under one."""
    people, of = who.people.c, who.question
    parts: dict[By | None, ColumnElement[Any]] = {
        By.UNIT: people.unit_id,
        By.GRADE: func.coalesce(func.nullif(people.grade, ""), NOT_RECORDED),
        By.CONTRACT: func.coalesce(func.nullif(people.contract, ""), NOT_RECORDED),
        By.MANAGER: _yes_or_no(people.person_id.in_(people_who_manage(organisation_id=of.organisation_id, on=of.on))),
        By.EMAIL: _yes_or_no(people.person_id.in_(people_with_work_email())),
    }
    return parts.get(by, null())


def _yes_or_no(condition: ColumnElement[bool]) -> ColumnElement[str]:
    return case((condition, literal(YES)), else_=literal(NO))


def _reasons_in_words(question: Question) -> dict[str, str]:
    words: dict[str, str] = {reason.value: said for reason, said in REASONS.items()}
    plan = question.plan
    if plan is not None and plan.audience_name is not None:
        words[NOT_ASKED] = f"Not asked: not among “{plan.audience_name}” on this date"
    if plan is not None:
        words[EXEMPT] = "Exempt: not asked to take this course on this date, and not finished"
    return words
