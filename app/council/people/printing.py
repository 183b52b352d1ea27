"""The list on paper, for a wall: by name or by initials, and never how far somebody is beyond what the heading says."""

from flask import render_template, request

from app.council.people.filters import asked_list
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import utc_now
from people.roles import Role
from reports.listing.people_states import ids_of_people, people_with_states

# A wall has room for no more; a longer list wants a unit.
MOST_PRINTED = 500


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def people_printed(slug: str) -> str:
    """Everybody whom the filters find, unit by unit."""
    asked = asked_list(slug, now=utc_now())
    session, of = db.session(), asked.of
    ids = ids_of_people(session, of, asked.wanted)
    people = people_with_states(session, of, ids[:MOST_PRINTED])
    by_initials = request.args.get("initials") == "yes"
    shown = render_template(
        "council/people_printed.html",
        organisation=asked.scope.organisation,
        courses=asked.choice,
        whom=asked.words,
        lines=sorted(
            (one.unit_path, place, initials(one.name) if by_initials else one.name, one.due_on)
            for place, one in enumerate(people)
        ),
        found=len(ids),
        most=MOST_PRINTED,
        by_initials=by_initials,
        today=of.on,
        kept=asked.kept,
    )
    note_names_opened(
        "people-printed", authority=slug, state=asked.wanted.state, unit=asked.wanted.unit_id, people=len(people)
    )
    return shown


def initials(name: str) -> str:
    """The first letter of each word of a name: "S. N." of Siân Nguyễn."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word)
