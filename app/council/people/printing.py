"""The list on paper, for a wall: by name or by initials, and never how far somebody is beyond what the heading says."""

from flask import render_template, request

from app.council.figures.course_choice import course_choice
from app.council.people.people import filter_kept, wanted_people
from app.council.people.whom import whom_in_words
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import local_day, utc_now
from people.organisations import units_of
from people.roles import Role
from people.visibility import figures_scope
from reports.people_states import ListOfPeople, ids_of_people, people_with_states, units_below

# A wall has room for no more; a longer list wants a unit.
MOST_PRINTED = 500


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def people_printed(slug: str) -> str:
    """Everybody whom the filters find, unit by unit."""
    session, today = db.session(), local_day(utc_now())
    scope = figures_scope(session, who(), slug=slug)
    choice = course_choice(session, organisation_id=scope.organisation.id)
    units = units_below(units_of(session, organisation_id=scope.organisation.id), scope.unit_ids)
    wanted = wanted_people(scope, units)
    of = ListOfPeople(scope.organisation.id, scope.unit_ids, choice.get_course().id, choice.plan, today)
    ids = ids_of_people(session, of, wanted)
    people = people_with_states(session, of, ids[:MOST_PRINTED])
    by_initials = request.args.get("initials") == "yes"
    path = next((one.path for one in units if one.id == wanted.unit_id), "")
    shown = render_template(
        "council/people_printed.html",
        organisation=scope.organisation,
        courses=choice,
        whom=whom_in_words(wanted, path),
        lines=sorted(
            (one.unit_path, place, initials(one.name) if by_initials else one.name, one.due_on)
            for place, one in enumerate(people)
        ),
        found=len(ids),
        most=MOST_PRINTED,
        by_initials=by_initials,
        today=today,
        kept=filter_kept(),
    )
    note_names_opened("people-printed", authority=slug, state=wanted.state, unit=wanted.unit_id, people=len(people))
    return shown


def initials(name: str) -> str:
    """The first letter of each word of a name: "S. N." of Siân Nguyễn."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word)
