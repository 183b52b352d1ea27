"""What a worker needs for a report of a schedule: its figures, and what stands around them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assignments.plan_words import due_rule_in_words
from assignments.plans import find_plan
from courses.catalogue.versions import Course
from kernel.clock import local_day
from people.actors import names_of_accounts
from people.organisations import Organisation
from people.visibility import who_may_see
from reports.answers.answering import answer
from reports.completion import CompletionFigures
from reports.figures.definition import FigureDefinition
from reports.listing.wanted import ListOfPeople
from reports.paper.board import BoardFacts, board_facts
from reports.paper.notes import Made
from reports.paper.record import Paper
from reports.schedules.record import ReportSchedule
from reports.target.standing import standing


@dataclass(frozen=True)
class Scheduled:
    """The figures of a report on the day on which it is made, and who has it made."""

    figures: CompletionFigures
    made: Made


def may_be_made(session: Session, paper: Paper, *, now: datetime) -> bool:
    """Whether the schedule still runs, and whoever made it still may see the figures."""
    schedule = session.get(ReportSchedule, paper.subject_id or 0)
    if schedule is None or schedule.stopped_at is not None:
        return False
    may = who_may_see(session, organisation_id=schedule.organisation_id, on=local_day(now))
    return schedule.made_by_account_id in may


def scheduled_figures(session: Session, paper: Paper, *, site: str, now: datetime, smallest_shown: int) -> Scheduled:
    """The figures that a schedule asks for, as they are now; ``site`` begins the address of their page. Raises as
    ``answer`` does: a unit may have gone."""
    schedule = session.get_one(ReportSchedule, paper.subject_id or 0)
    course = session.get_one(Course, schedule.course_id)
    slug = session.get_one(Organisation, schedule.organisation_id).slug
    definition = FigureDefinition(slug, course.slug, local_day(now), schedule.cut)
    figures = answer(session, definition, now=now, smallest_shown=smallest_shown)
    names = names_of_accounts(session, account_ids=[schedule.made_by_account_id])
    arguments = "&".join(f"{name}={value}" for name, value in definition.as_arguments().items())
    made = Made(
        f"A schedule of {names.get(schedule.made_by_account_id, 'somebody')}", f"{site}/council/{slug}?{arguments}"
    )
    return Scheduled(figures, made)


def scheduled_board(session: Session, paper: Paper, scheduled: Scheduled) -> BoardFacts:
    """What stands in a report for a board of these figures."""
    figures = scheduled.figures
    schedule = session.get_one(ReportSchedule, paper.subject_id or 0)
    plan = find_plan(session, organisation_id=schedule.organisation_id, course_id=schedule.course_id, on=figures.on)
    of = ListOfPeople(schedule.organisation_id, (), schedule.course_id, plan, figures.on)
    around = standing(session, figures, figures.total, of)
    rule = due_rule_in_words(session, plan.due) if plan else ""
    return board_facts(figures, around, scheduled.made, plan=plan, rule=rule)
