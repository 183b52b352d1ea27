"""What the state of somebody follows from, as events: what happened of it, by day."""

from dataclasses import dataclass
from datetime import date

from assignments.due.rules import Since
from assignments.due.words import day_in_words
from assignments.standing.people_asked import Asked


@dataclass(frozen=True)
class Happened:
    """Something that mattered, on a day."""

    on: date
    words: str


def events_of(held: Asked, employer: str, title: str, *, on: date, hides_days: bool) -> tuple[Happened, ...]:
    """In the order of time. With ``hides_days`` nothing of when the course was completed, where that still counts."""
    facts, plan = held.facts, held.plan
    found = [Happened(facts.employed_on, f"Began to work for {employer}")]
    if plan.due.since is Since.ROLE:
        found.append(Happened(facts.role_on, f"Began the role {held.job_title}"))
    found.append(Happened(plan.asked_on, f"{employer} asked for {title}"))
    if facts.asked_on != plan.asked_on:
        found.append(Happened(facts.asked_on, "Came to be among those who are asked"))
    if facts.completed_on is not None:
        found.append(Happened(facts.completed_on, "Completed the course from which the date is counted"))
    found += [
        Happened(one.given_on, f"Was given more time, until {day_in_words(one.until)}") for one in facts.more_time
    ]
    for away in facts.away:
        found.append(Happened(away.starts_on, "Long leave began"))
        if away.ends_on is not None and away.ends_on < on:
            found.append(Happened(away.ends_on, "Last day of long leave"))
    if held.period is not None and held.period.valid_until is not None and held.finished_on is None:
        if not hides_days:
            found.append(Happened(held.period.completed_on, f"Completed {title}"))
        found.append(Happened(held.period.valid_until, "Last day on which that was valid"))
    if held.finished_on is not None and not hides_days:
        found.append(Happened(held.finished_on, f"{'Renewed' if held.is_renewed else 'Completed'} {title}"))
    return tuple(sorted(found, key=lambda one: one.on))
