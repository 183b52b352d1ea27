"""For whom of many people something would be done now, and who is left out and why. Nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.exemptions.giving import faults_in_days
from assignments.exemptions.giving_many import exempt_on_any
from assignments.exemptions.record import ExemptionReason
from assignments.for_many.record import ActForMany, ActKind, Why
from assignments.plans import plans_on
from assignments.reminders.nudges import last_nudges
from assignments.reminders.record import WhyNot
from assignments.reminders.standing import may_be_nudged, why_not_reminded
from assignments.requests.asking import LONGEST_DAYS
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of
from kernel.clock import local_day
from kernel.typed import composed
from messages.ways import Ways, is_reachable
from people.accounts import Account
from people.persons import Person

PORTION = 2000


@dataclass(frozen=True)
class Terms:
    """What is to be done, about which course. ``ends_on`` is the last day of more time or of an exemption; without it
    a preview leaves out those who would be, whatever the day."""

    kind: ActKind
    organisation_id: int
    course_id: int
    starts_on: date | None = None
    ends_on: date | None = None
    reason: ExemptionReason | None = None
    evidence: str = ""


def terms_of(act: ActForMany) -> Terms:
    """What was decided."""
    return Terms(act.kind, act.organisation_id, act.course_id, act.starts_on, act.ends_on, act.reason, act.evidence)


@dataclass(frozen=True)
class ActPreview:
    """For whom it would be done, in the order of the list, and who is left out, by reason."""

    person_ids: tuple[int, ...]
    left_out: Mapping[Why, tuple[int, ...]]
    days: str = ""

    @property
    def left_out_count(self) -> int:
        """How many are left out."""
        return sum(len(some) for some in self.left_out.values())

    @property
    def stamp(self) -> str:
        """The same as long as it would be done for the very same people and days."""
        return sha256(f"{self.days}:{sorted(self.person_ids)}".encode()).hexdigest()[:16]


def faults_in_terms(terms: Terms, *, on: date) -> dict[str, str]:
    """What is wrong with the days and the words, by field; all of it at once."""
    if terms.kind is ActKind.MORE_TIME:
        fault = _fault_in_until(terms.ends_on, on)
        return {"ends_on": fault} if fault else {}
    if terms.kind is ActKind.NUDGE:
        return {}
    found = {} if composed(terms.evidence) else {"evidence": "Enter what it rests on"}
    if terms.reason is None:
        found["reason"] = "Select why they are exempt"
    if terms.starts_on is None or terms.ends_on is None:
        return found | {"ends_on": "Enter the last day"}
    days = faults_in_days(terms.starts_on, terms.ends_on, changes_past=False, on=on)
    if "changes_past" in days:
        days = {"starts_on": "The first day must be today or in the future"} | days
        del days["changes_past"]
    return found | days


def _fault_in_until(until: date | None, on: date) -> str:
    if until is None:
        return "Enter the day until which they have time"
    if until < on:
        return "The day must be today or in the future"
    latest = on + timedelta(days=LONGEST_DAYS)
    return f"The day must be {day_in_words(latest)} or earlier" if until > latest else ""


def preview(
    session: Session, terms: Terms, person_ids: Sequence[int], *, by: int | None, ways: Ways, now: datetime
) -> ActPreview:
    """What it would mean now. ``by`` is the account that decides. A few statements for each two thousand people."""
    on = local_day(now)
    only = (Requirement.organisation_id == terms.organisation_id, Requirement.course_id == terms.course_id)
    plans = plans_on(session, *only, on=on)
    oneself = session.scalar(select(Account.person_id).where(Account.id == by)) if by is not None else None
    chosen: list[int] = []
    left_out: defaultdict[Why, list[int]] = defaultdict(list)
    for start in range(0, len(person_ids), PORTION):
        some = person_ids[start : start + PORTION]
        asked = {one.person_id: one for one in asked_of(session, plans, on=on, person_ids=some, with_exempt=True)}
        reasons = _reasons(session, terms, some, asked, ways, now)
        for person_id in some:
            is_own = person_id == oneself and terms.kind is not ActKind.NUDGE
            why = reasons.get(person_id) or (Why.ONESELF if is_own else None)
            (left_out[why] if why else chosen).append(person_id)
    in_order = sorted(left_out.items(), key=lambda one: (-len(one[1]), one[0]))
    days = f"{terms.starts_on}-{terms.ends_on}"
    return ActPreview(tuple(chosen), {why: tuple(ids) for why, ids in in_order}, days)


def _reasons(
    session: Session, terms: Terms, some: Sequence[int], asked: Mapping[int, Asked], ways: Ways, now: datetime
) -> dict[int, Why]:
    """Why each of these is left out who is."""
    on = local_day(now)
    match terms.kind:
        case ActKind.NUDGE:
            found = _each(some, lambda one: _why_no_nudge(asked.get(one), on))
            return found | _why_not_told(session, [one for one in some if one not in found], ways, now)
        case ActKind.MORE_TIME:
            return _each(some, lambda one: _why_no_time(asked.get(one), terms.ends_on, on))
        case ActKind.EXEMPT:
            found = _each(some, lambda one: _why_not_open(asked.get(one)))
            return found | dict.fromkeys(_exempt(session, terms, [one for one in some if one not in found]), Why.EXEMPT)


def _each(some: Iterable[int], why_of: Callable[[int], Why | None]) -> dict[int, Why]:
    found = ((one, why_of(one)) for one in some)
    return {one: why for one, why in found if why is not None}


def _why_not_open(asked: Asked | None) -> Why | None:
    """Why there is nothing to change for somebody: it is not asked, or done, or they are exempt today."""
    if asked is None:
        return Why.NOT_ASKED
    if asked.finished_on is not None:
        return Why.FINISHED
    return Why.EXEMPT if asked.is_left_out else None


def _why_no_nudge(asked: Asked | None, on: date) -> Why | None:
    if (why := _why_not_open(asked)) or may_be_nudged(asked, on):
        return why
    return Why.AWAY if why_not_reminded(asked, on) is WhyNot.AWAY else Why.NO_DATE


def _why_not_told(session: Session, some: Collection[int], ways: Ways, now: datetime) -> dict[int, Why]:
    reached = set(session.scalars(select(Person.id).where(Person.id.in_(some), is_reachable(ways))))
    nudged = last_nudges(session, person_ids=reached, now=now)
    unreachable = dict.fromkeys([one for one in some if one not in reached], Why.UNREACHABLE)
    return unreachable | dict.fromkeys(nudged, Why.NUDGED_LATELY)


def _why_no_time(asked: Asked | None, until: date | None, on: date) -> Why | None:
    if asked is None or (why := _why_not_open(asked)):
        return why if asked else Why.NOT_ASKED
    due_on = asked.due.due_on
    if due_on is None:
        return Why.NO_DATE
    if until is None:
        return None
    if until <= due_on:
        return Why.HAS_LONGER
    return Why.TOO_FAR if until > max(due_on, on) + timedelta(days=LONGEST_DAYS) else None


def _exempt(session: Session, terms: Terms, some: Collection[int]) -> set[int]:
    if terms.starts_on is None or terms.ends_on is None:
        return set()
    return exempt_on_any(
        session,
        organisation_id=terms.organisation_id,
        course_id=terms.course_id,
        person_ids=some,
        days=(terms.starts_on, terms.ends_on),
    )
