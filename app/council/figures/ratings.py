"""What an authority’s people say about themselves, for its HR leads and for admins: averages, and nobody’s answer."""

from pathlib import Path

from flask import Response, current_app, render_template, request
from sqlalchemy.orm import Session

from app.council.figures.downloads import PICTURE_POLICY, WIDEST, WIDTHS, letters
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from courses.reflection.rating_comparison import MOMENT_WORDS
from kernel.clock import local_day, utc_now
from people.organisations import Organisation, organisations
from people.roles import Role
from people.visibility import ratings_scope
from reports.rating_chart import rating_chart
from reports.ratings import RatingFigures, instruments_asked, rating_figures


@allow(Role.HR_LEAD, Role.ADMIN)
def ratings(slug: str) -> str:
    """Averages, shares and response rates of one instrument."""
    session = db.session()
    organisation = ratings_scope(session, who(), slug=slug)
    choices = {key: instrument.title for key, (instrument, _) in instruments_asked(session).items()}
    figures = _figures(session, organisation) if choices else None
    return render_template(
        "council/ratings.html",
        organisation=organisation,
        choices=choices,
        figures=figures,
        chart_words=_chart_words(figures) if figures else "",
        authorities=organisations(session) if who().has(Role.ADMIN) else [],
        course_slug=request.args.get("course") or None,  # these figures are of none: it stays chosen for the others
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def ratings_svg(slug: str) -> Response:
    """The share who agree, statement by statement."""
    session = db.session()
    figures = _figures(session, ratings_scope(session, who(), slug=slug))
    picture = rating_chart(
        figures,
        words=MOMENT_WORDS,
        description=_chart_words(figures),
        width=WIDTHS.get(request.args.get("width", ""), WIDEST),
        font=letters(Path(current_app.static_folder or "")),
        head=_whose_what_when(figures),
    )
    response = Response(picture, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


def _figures(session: Session, organisation: Organisation) -> RatingFigures:
    wanted = request.args.get("of") or next(iter(instruments_asked(session)), "")
    return rating_figures(
        session,
        organisation=organisation,
        instrument_id=wanted,
        now=utc_now(),
        smallest_shown=current_settings().smallest_group,
    )


def _whose_what_when(figures: RatingFigures) -> tuple[str, str]:
    """Two lines for a picture that is pasted into a report."""
    day = local_day(figures.as_at)
    return figures.organisation_name, f"{figures.instrument.title}, {day.day} {day:%B %Y}"


def _chart_words(figures: RatingFigures) -> str:
    """What the picture shows, for somebody who does not see it."""
    parts = []
    for one in figures.statements:
        shares = [
            f"{MOMENT_WORDS[moment].lower()} {one.answers[moment].agree_percent}%"
            for moment in figures.moments
            if moment in one.answers
        ]
        if one.statement.is_agreement and shares:
            parts.append(f"{one.statement.text}: {', '.join(shares)}")
    return f"Share who agree. {'. '.join(parts)}. The table below has every figure." if parts else "No figures to draw."
