"""The details of an audit entry in words. What is said of a thing by its id is said by its name."""

from collections.abc import Callable, Mapping
from datetime import date

from app.platform.pages.templating import day, plural

NO_DATE = "no date"
MAIL = {"none": "no mail", "at-once": "mail as each is ready", "morning": "one mail next morning"}
STATES = {
    "finished": "who have finished",
    "started": "who are in progress",
    "not-started": "who have not started",
    "not-finished": "who have not finished",
    "past-date": "who are past their date",
    "exempt": "who are exempt",
}
NAMES = {
    "full": "the full name",
    "called": "what they ask to be called",
    "pronunciation": "how to say it",
    "sorting": "where lists put it",
}
CHOICES = {"all": "all of it", "without-leavers": "all but those who leave", "nothing": "nothing of it"}
ACCEPTS = {
    "all": "all of it counts",
    "none": "none of it counts",
    "no-older-than": "it must not be too old",
    "as-for-all": "as for every course",
}
RUNS = {"issue": "first certificates", "reissue": "certificates issued anew"}


def _day(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def _by(value: str) -> str:
    return "with no date" if value == NO_DATE else f"by {_day(value)}"


def _instead(value: str) -> str:
    return f"instead of {value if value == NO_DATE else _day(value)}"


def _counted(one: str, many: str | None = None) -> Callable[[str], str]:
    return lambda value: plural(int(value), one, many) if value.isdecimal() else f"{value} {many or one}"


def _plain(before: str) -> Callable[[str], str]:
    return lambda value: f"{before} {value.replace('-', ' ')}"


def _only_if_true(words: str) -> Callable[[str], str]:
    return lambda value: words if value in ("True", "yes") else ""


# By the key that is stored. An empty answer says nothing.
WORDS: Mapping[str, Callable[[str], str]] = {
    "accepts": lambda value: ACCEPTS.get(value, value),
    "as_at": lambda value: f"as at {_day(value)}",
    "authority": str,
    "before": _instead,
    "certificates": _counted("certificate"),
    "changes": _counted("change"),
    "choice": lambda value: CHOICES.get(value, value),
    "count": lambda value: f"{value} in all",
    "course": str,
    "on": lambda value: f"from {_day(value)} on",
    "reorganisation": lambda value: f"number {value}",
    "days": lambda value: f"for {plural(int(value), 'day') if value.isdecimal() else value}",
    "due_on": _by,
    "percent": lambda value: f"{value}%",
    "by_on": _by,
    "ends_on": lambda value: f"until {_day(value)}",
    "extra_attempts": _counted("more try", "more tries"),
    "history_run": lambda value: f"from file {value}",
    "imported": _only_if_true("imported completions too"),
    "is_stopped": _only_if_true("stopped"),
    "was_stopped": _only_if_true("which had been stopped"),
    "rows": _counted("row"),
    "run": lambda value: f"HR file {value}",
    "source": lambda value: f"called {value}",
    "new_run": lambda value: f"as HR file {value}",
    "skipped": lambda value: "" if value == "0" else f"{value} left out",
    "act_for_many": lambda value: f"as number {value}",
    "left_out": lambda value: f"{value} left out",
    "is_search": _only_if_true("searched for by name"),
    "issued": lambda value: f"{value} issued",
    "job": _plain("payroll number"),
    "enquiry": lambda value: f"number {value}",
    "reference": lambda value: f"reference {value}",
    "export": lambda value: f"number {value}",
    "key": lambda value: value,
    "keys": lambda value: "not encrypted" if value == "0" else f"encrypted for {plural(int(value), 'key')}",
    "token": lambda value: f"token {value}",
    "reads": lambda value: f"for {value}",
    "label": lambda value: f"called “{value}”",
    "kind": lambda value: RUNS.get(value, value),
    "months": _counted("month"),
    "mail": lambda value: MAIL.get(value, value),
    "names": lambda value: ", ".join(NAMES.get(one, one) for one in value.split()),
    "new_number": lambda value: f"the new one is {value}",
    "organisation": str,
    "people": _counted("person", "people"),
    "reason": _plain("because of:"),
    "record": _plain("record"),
    "restored_from": _plain("from version"),
    "since": lambda value: f"from {_day(value)} on",
    "state": lambda value: STATES.get(value, value),
    "terms": lambda value: ", ".join(one.replace("_id", "").replace("_", " ") for one in value.split()),
    "tokens": lambda value: f"words: {value}",
    "waives_pause": _only_if_true("without a pause"),
    "way": lambda value: {"card": "with sign-in cards", "invitation": "with invitations"}.get(value, value),
    "wanted": lambda value: f"{value} wanted",
}


def detail_words(key: str, value: str) -> str:
    """One detail. A key that is not known stands before its value."""
    said = WORDS.get(key)
    return said(value) if said else f"{key.replace('_', ' ')} {value}"
