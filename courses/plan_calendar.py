"""The day of a plan as a calendar file. Pure."""

from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from courses.plans import Plan, sentence

# From the beginning of the day, which is how a day without hours begins.
_NINE_IN_THE_MORNING = timedelta(hours=9)


def calendar_for(plan: Plan, *, host: str, page_url: str) -> bytes:
    """An iCalendar file with the plan on its day, and a reminder at nine; ``ValueError`` for a plan without a day.

    ``host`` makes the event's name unique in the world: a later file of the same plan takes the place of this one.
    """
    if plan.acts_on is None:
        raise ValueError(f"plan {plan.id} has no day")
    event = Event()
    event.add("uid", f"plan-{plan.id}@{host}")
    event.add("dtstamp", plan.changed_at)
    event.add("dtstart", plan.acts_on)
    event.add("dtend", plan.acts_on + timedelta(days=1))
    event.add("summary", "My plan")
    event.add("description", f"{sentence(plan)}.\n\n{page_url}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "My plan")
    alarm.add("trigger", _NINE_IN_THE_MORNING)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Common Ground//My plan//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
