"""Days for a calendar: the day of a plan, and a prompt for a team meeting. Pure."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from courses.reflection.plans import Plan, sentence
from kernel.loading.later import later

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

# From the beginning of the day, which is how a day without hours begins.
_NINE_IN_THE_MORNING = timedelta(hours=9)


def calendar_for(plan: Plan, *, host: str, page_url: str) -> bytes:
    """An iCalendar file with the plan on its day, and a reminder at nine; ``ValueError`` for a plan without a day.

    ``host`` makes the event's name unique in the world: a later file of the same plan takes the place of this one.
    """
    if plan.acts_on is None:
        raise ValueError(f"plan {plan.id} has no day")
    return _file(
        uid=f"plan-{plan.id}@{host}",
        at=plan.changed_at,
        day=plan.acts_on,
        summary="My plan",
        description=f"{sentence(plan)}.\n\n{page_url}",
    )


def meeting_prompt(*, name: str, host: str, day: date, title: str, text: str, now: datetime) -> bytes:
    """An iCalendar file with a prompt on the day of a meeting, and a reminder at nine. Nobody is named in it.

    ``name`` tells the event from every other of ``host``, and is best a random one.
    """
    return _file(uid=f"meeting-{name}@{host}", at=now, day=day, summary=title, description=text)


def _file(*, uid: str, at: datetime, day: date, summary: str, description: str) -> bytes:
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", description)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", _NINE_IN_THE_MORNING)
    event.add_component(alarm)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Common Ground//My plan//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
