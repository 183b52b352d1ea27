"""What happens to the people of both authorities. What was allowed or worked out then arrives again as it was kept."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, inspect, select

from assignments.exemptions.giving import NewExemption, end_exemption, give_exemption
from assignments.exemptions.record import Exemption, ExemptionEnd, ExemptionReason
from assignments.requests.asking import NewRequest, ask
from assignments.requests.deciding import Decision, decide
from assignments.requests.record import LearnerRequest, Outcome, RequestKind
from courses.catalogue.versions import get_current_version
from courses.records.completion import Completion, note_event, record_completion
from courses.records.completion_events import CompletionEventKind
from kernel.database import Base
from kernel.errors import RuleBroken
from tests.assignments.machine.plain_facts import Done, Person
from tests.assignments.machine.region import PLACES, Region
from tests.builders.region import change_job

DAY = timedelta(days=1)
Key = tuple[str, str]


def change(region: Region, place: str, who: str, on: date, now: datetime, **values: object) -> None:
    """A job is otherwise from a day on. Each is a stream of its own: of two rows of a feed either may arrive first."""

    def act(again: Region) -> None:
        said: dict[str, object] = {
            {"title": "job_title", "unit": "unit_id"}.get(key, key): again.units[place, value].id
            if key == "unit" and isinstance(value, str)
            else value
            for key, value in values.items()
        }
        change_job(again.session, again.jobs[place, who], on, now=now, **said)

    region.seconds += 1
    region.happens(("job", region.seconds), act)
    _person(region, (place, "course"), who).job.say(on, region.seconds, values)


def complete(region: Region, who: str, course: str, now: datetime) -> None:
    """Complete a course. With which authority is a copy of that moment, and arrives again as such."""
    person_id, course_id = region.ids[who], region.courses[course]
    of_it = (Completion.person_id == person_id, Completion.course_id == course_id)
    newest = region.session.scalar(select(func.max(Completion.cycle)).where(*of_it))
    (event,) = record_completion(
        region.session,
        person_id=person_id,
        course_id=course_id,
        cycle=(newest or 0) + 1,
        course_version_id=get_current_version(region.session, course_id=course_id).id,
        now=now,
    )
    row = region.session.get_one(Completion, event.completion_id)
    where = _place_of(region, row.organisation_id)
    _person(region, ("halton", "course"), who).done.append(Done(course, region.today, where=where, key=row.id))
    region.completions[row.id] = row.id
    values = _kept(row)

    def act(again: Region) -> None:
        course_id = again.courses[course]
        version = get_current_version(again.session, course_id=course_id).id
        whose = {"person_id": again.ids[who], "organisation_id": again.organisations[where].id}
        new = Completion(**values | whose | {"course_id": course_id, "course_version_id": version})
        again.session.add(new)
        again.session.flush()
        again.completions[row.id] = new.id

    region.keep(("completion", row.id), act)


def correct(region: Region, who: str, place: int, now: datetime) -> None:
    """One of their completions turns out to be none, or is one after all."""
    done = _person(region, ("halton", "course"), who).done
    if not done:
        return
    one = done[place % len(done)]
    kind = CompletionEventKind.REINSTATED if one.is_none else CompletionEventKind.WITHDRAWN

    def act(again: Region) -> None:
        row = again.session.get_one(Completion, again.completions[one.key])
        assert note_event(again.session, row, kind, reason="Corrected", account_id=None, now=now)

    region.happens(("completion", one.key), act)
    one.is_none = not one.is_none


def exempt(region: Region, key: Key, who: str, days: int, now: datetime) -> None:
    """Exempt somebody from today on, where the product lets it happen."""
    span, view = (region.today, region.today + days * DAY), region.views[key]
    about = (region.ids[who], view.organisation.id, view.course.course_id)
    new = NewExemption(*about, ExemptionReason.OTHER, "Seen", *span)
    try:
        with region.session.begin_nested():
            found = give_exemption(region.session, new, by=None, now=now)
    except RuleBroken:
        return
    values = _kept(region.session.get_one(Exemption, found))

    def act(again: Region) -> None:
        row = Exemption(**values | _whose(again, key, who))
        again.session.add(row)
        again.session.flush()
        again.exemptions[found] = row.id

    region.exemptions[found] = found
    region.keep(("exemption", found), act)
    _person(region, key, who).exempt.append((*span, found))


def end_newest_exemption(region: Region, key: Key, who: str, now: datetime) -> None:
    """Ask somebody again from today on."""
    spans = _person(region, key, who).exempt
    if not spans:
        return
    first, _, found = spans[-1]
    try:
        with region.session.begin_nested():
            end_exemption(region.session, exemption_id=found, reason="Over", by=None, now=now)
    except RuleBroken:
        return
    values = _kept(region.session.scalars(select(ExemptionEnd).where(ExemptionEnd.exemption_id == found)).one())

    def act(again: Region) -> None:
        again.session.add(ExemptionEnd(**values | {"exemption_id": again.exemptions[found]}))
        again.session.flush()

    region.keep(("exemption", found), act)
    spans[-1] = (first, region.today - DAY, found)


def give_time(region: Region, thing: str, who: str, days: int, now: datetime) -> None:
    """Give more time. The product says which authority it is that asks soonest."""
    until, wanted = region.today + days * DAY, region.today + 300 * DAY
    new = NewRequest(RequestKind.MORE_TIME, "Short of staff", wanted)
    whom = {"person_id": region.ids[who], "course_id": region.things[thing].course_id}
    try:
        with region.session.begin_nested():
            found = ask(region.session, new, **whom, by=None, now=now)
            decision = Decision(Outcome.GRANTED, "", until)
            decide(region.session, request_id=found, decision=decision, by=None, now=now)
    except RuleBroken:
        return
    row = region.session.get_one(LearnerRequest, found)
    key, values = (_place_of(region, row.organisation_id), thing), _kept(row)

    def act(again: Region) -> None:
        again.session.add(LearnerRequest(**values | _whose(again, key, who)))
        again.session.flush()

    region.keep(("request", found), act)
    _person(region, key, who).more_time.append((region.today, until))


def _person(region: Region, key: Key, who: str) -> Person:
    return region.views[key].plain.people[who]


def _place_of(region: Region, organisation_id: int) -> str:
    (place,) = [one for one in PLACES if region.organisations[one].id == organisation_id]
    return place


def _whose(region: Region, key: Key, who: str) -> dict[str, int]:
    view = region.views[key]
    return {
        "person_id": region.ids[who],
        "organisation_id": view.organisation.id,
        "course_id": view.course.course_id,
    }


def _kept(row: Base) -> dict[str, object]:
    """What is stored of a row, but its number."""
    return {
        one.key: getattr(row, one.key)
        for one in inspect(type(row)).column_attrs
        if one.key in row.__table__.columns and one.key != "id"
    }
