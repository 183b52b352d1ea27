"""Pressing the buttons that decide something for many people."""

from datetime import timedelta

from kernel.clock import local_day, utc_now
from tests.reading import Browser, Page

PEOPLE = "/council/halton/people"
NEW = f"{PEOPLE}/for-many/new"
LATER = local_day(utc_now()) + timedelta(days=60)
DAY = {"ends_on": [str(LATER.day), str(LATER.month), str(LATER.year)]}


def decide(lead: Browser, looked: Page, button: str, **changed: object) -> Page:
    """Press the button that decides, which stands in the form with this one."""
    target, values = looked.form(button)
    return lead.post(target, {**values, **changed, "decide": "yes"})


def give_time(lead: Browser, address: str = f"{NEW}/more-time?name=person") -> Page:
    return decide(lead, lead.submit(address, "See who that is", **DAY), "Check again")
