"""A rule about earlier training in words: for those who set it, and for the person whose training it is about."""

from datetime import date

from courses.acceptance.judging import Employer
from courses.acceptance.preview import RulePreview
from courses.acceptance.rules import Accepts


def accepts_words(accepts: Accepts, months: int | None) -> str:
    """What of earlier training counts, as the end of a sentence."""
    match accepts:
        case Accepts.ALL:
            return "all earlier training counts"
        case Accepts.NONE:
            return "no earlier training counts"
        case Accepts.NO_OLDER:
            return f"earlier training counts that was no older than {_months(months or 0)} on somebody’s first day"
        case Accepts.AS_FOR_ALL:
            return "the rule for every course holds"


def preview_words(preview: RulePreview, *, smallest_shown: int) -> str:
    """What a rule would do, in two sentences. A number of people below ``smallest_shown`` is not said."""
    if not preview.people:
        return "Nobody who counts there came from elsewhere with this training, so nothing changes that day."
    then, now = (people_words(one, smallest_shown) for one in (preview.again_then, preview.again_now))
    who = people_words(preview.people, smallest_shown)
    return (
        f"Of {who} people who came from elsewhere, {then} would be asked to take it again. "
        f"As things stand, {now} {'is' if now == 'nobody' else 'are'}."
    )


def people_words(count: int, smallest_shown: int) -> str:
    """How many people: nobody, fewer than ten, or a number."""
    return "nobody" if not count else f"fewer than {smallest_shown}" if count < smallest_shown else f"{count:,}"


def why_it_does_not_count(employer: Employer, completed_on: date) -> str:
    """Why somebody is asked to take a course again, and since when."""
    name = employer.organisation_name
    rule = (
        f"{name} accepts earlier training if it was no older than {_months(employer.months or 0)} on your first day"
        if employer.accepts is Accepts.NO_OLDER
        else f"{name} does not accept training from before somebody joined it"
    )
    return (
        f"You completed this on {_day(completed_on)}, before you joined {name} on {_day(employer.joined_on)}. {rule}. "
        f"So since {_day(employer.refuses_since)} it does not count there, and you are asked to take the course again. "
        "What you completed stays in your record, with its certificate."
    )


def why_it_counts(employer: Employer) -> str:
    """Why somebody need not take a course again that they completed elsewhere, and since when."""
    name = employer.organisation_name
    accepts = (
        f"which accepts training that was no older than {_months(employer.months or 0)} on your first day there"
        if employer.accepts is Accepts.NO_OLDER
        else "which accepts it"
    )
    since = employer.joined_on if employer.since is None else employer.refuses_since
    return f"That was before you joined {name}, {accepts}. It counts there since {_day(since)}."


def _months(months: int) -> str:
    return "1 month" if months == 1 else f"{months:,} months"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
