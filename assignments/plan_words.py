"""What an authority asks, in a sentence."""

from datetime import date

from sqlalchemy.orm import Session

from assignments.due.rules import DueRule, Since
from assignments.due.words import day_in_words, due_in_words
from assignments.plans import Plan
from assignments.programmes.refreshers import Refresher
from courses.catalogue.versions import titles_of


def due_rule_in_words(session: Session, rule: DueRule) -> str:
    """By when, with the title of the course that it is counted from."""
    titles = titles_of(session, course_ids=[rule.course_id]) if rule.course_id is not None else {}
    return due_in_words(rule, after_course=titles.get(rule.course_id or 0, ""))


def again_in_words(session: Session, rule: Refresher) -> str:
    """What is enough the next time, in a sentence."""
    title = titles_of(session, course_ids=[rule.course_id])[rule.course_id]
    return (
        f"In a new period the shorter course “{title}” is enough, unless the last completion is more than "
        f"{rule.months} months old."
    )


def asked_in_words(session: Session, plan: Plan | None, on: date) -> str:
    """Who is asked, and by when, without a full stop; ``None`` is what nobody is asked for."""
    if plan is None:
        return "Nobody here is asked to take this course"
    who = f"Whoever is among “{plan.audience_name}” is asked" if plan.audience_name else "Everybody is asked"
    if plan.due.since is Since.DAY and plan.due.day is None:
        return f"{who} to take it, and no day is named"
    if plan.due.since is Since.DAY and plan.due.day and not plan.due.at_least_days:
        gone = ", which has gone by" if plan.due.is_past(on) else ""
        return f"{who} to finish by {plan.due.day:%A} {day_in_words(plan.due.day)}{gone}"
    return f"{who} to finish {due_rule_in_words(session, plan.due)}"
