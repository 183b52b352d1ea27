"""A published figure under its number: the same for ever, with a note beside it where the record differs today."""

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import find_signed_in_person, public
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.public.limits import slowed_down
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.roles import SignedInPerson
from people.visibility import figures_scope
from reports.answers.published import Published, find_published
from reports.answers.replaying import replay

PAGE_SIZE = 50


@public
@slowed_down
def published_figure(figure_number: str) -> str | Response:
    """What was published. Whoever may not open it is told what is said of a number that does not exist."""
    session, person = db.session(), find_signed_in_person()
    found = find_published(session, figure_number)
    if found is None or not (found.is_public or _may_see(person, found)):
        if person is None:
            return redirect(url_for("auth.sign_in", next=request.path))
        abort(404)
    parts = found.result["groups"][1:]
    shown = [one for one in parts if one["people"] is not None]
    pages, page = max(1, -(-len(shown) // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    return render_template(
        "public/published_figure.html",
        published=found,
        figures=found.result,
        parts=shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        not_shown=len(parts) - len(shown),
        page=page,
        pages=pages,
        replayed=replay(session, found, now=utc_now()),
        as_day=date.fromisoformat,
        may_see_more=person is not None and _may_see(person, found),
    )


def _may_see(person: SignedInPerson | None, published: Published) -> bool:
    """Who sees the figures of its authority: of all of it, or of the unit that it is of."""
    if person is None:
        return False
    try:
        scope = figures_scope(db.session(), person, slug=published.authority)
    except NotFound:
        return False
    return not scope.unit_ids or published.definition.cut.unit_id in scope.unit_ids
