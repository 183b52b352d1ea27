"""From which shares on the files of an authority stop, and what happens to rows that cannot be used."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.validators import ValidationError

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.feed.mapping.mappings import OnUnusable
from people.feed.mapping.stored import StoredMapping, keep_mapping, mappings_of
from people.feed.planning.brakes import Brake, Limits
from people.feed.runs.past_shares import PastShare, past_shares
from people.feed.runs.settings import limits_of, set_limits
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

WORDS = {
    Brake.LEAVERS: ("Jobs that end", "end"),
    Brake.MOVES: ("Jobs that go on in another unit", "move"),
    Brake.JOINERS: ("People who join", "join"),
    Brake.CHANGED_KEYS: ("Payroll numbers that change hands", "change hands"),
    Brake.MOVED_EMAILS: ("E-mail addresses that go to somebody else", "go to somebody else"),
}
LOOK, _MOST_DIGITS = "look", 3


def _field(brake: Brake) -> str:
    return brake.value.replace("-", "_")


def _share(typed: str | None) -> int | None:
    """A whole number from 0 to 100, or ``None``."""
    text = (typed or "").strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number and int(text) <= 100 else None


def _is_share(_form: object, field: Any) -> None:
    if _share(field.data) is None:
        raise ValidationError(f"{field.label.text}: enter a whole number from 0 to 100, such as 5")


@dataclass(frozen=True)
class WouldHave:
    """What a limit would have done to the last files: those it would have stopped, and the largest share of all."""

    seen: int
    stopped: tuple[PastShare, ...]
    largest: PastShare | None


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_limits(slug: str) -> str | tuple[str, int] | Response:
    """The limits, and beside each what it would have done; kept, they hold from the next file on."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    mappings = mappings_of(session, organisation_id=organisation.id)
    form = _form(limits_of(session, organisation_id=organisation.id), mappings)
    if not form.validate_on_submit():
        return _page(session, organisation, form, mappings), 422 if form.errors else 200
    if LOOK in request.form:
        return _page(session, organisation, form, mappings)
    try:
        _keep(organisation, form, mappings)
    except RuleBroken as problem:
        form[problem.field or _field(Brake.LEAVERS)].errors = [str(problem)]
        return _page(session, organisation, form, mappings), 422
    flash("The limits are kept. They hold for the next file")
    return redirect(url_for("council.feed_limits", slug=slug))


def _form(limits: Limits, mappings: list[StoredMapping]) -> Any:
    fields: dict[str, Any] = {
        _field(brake): StringField(label, widget=GovTextInput(), validators=[_is_share])
        for brake, (label, _) in WORDS.items()
    }
    found: dict[str, Any] = {name: str(share) for name, share in asdict(limits).items()}
    for place, one in enumerate(mappings):
        fields[f"rows_{place}"] = RadioField(
            f"Rows that cannot be used, in a file read by “{one.name}”",
            widget=GovRadioInput(),
            choices=[
                SelectChoice(OnUnusable.GOOD_ROWS.value, "The good rows go in, and the others are listed"),
                SelectChoice(OnUnusable.NOTHING.value, "Nothing goes in until every row can be used"),
            ],
        )
        found[f"rows_{place}"] = one.mapping.on_unusable.value
    return type("LimitsForm", (FlaskForm,), fields)(data=found)


def _keep(organisation: Organisation, form: Any, mappings: list[StoredMapping]) -> None:
    limits = Limits(**{_field(brake): _share(form[_field(brake)].data) or 0 for brake in Brake})
    by, now = who().account_id, utc_now()
    with unit_of_work() as work:
        if limits != limits_of(work.session, organisation_id=organisation.id):
            set_limits(work.session, organisation_id=organisation.id, limits=limits, by=by, now=now)
        for place, one in enumerate(mappings):
            mapping = replace(one.mapping, on_unusable=OnUnusable(form[f"rows_{place}"].data))
            keep_mapping(work.session, organisation_id=organisation.id, name=one.name, mapping=mapping, by=by, now=now)


def _page(session: Session, organisation: Organisation, form: Any, mappings: list[StoredMapping]) -> str:
    shares = past_shares(session, organisation_id=organisation.id)
    return render_template(
        "council/feed_limits.html",
        organisation=organisation,
        form=form,
        mappings=mappings,
        would_have={_field(brake): _would_have(shares[brake], form[_field(brake)]) for brake in WORDS},
        verbs={_field(brake): verb for brake, (_, verb) in WORDS.items()},
    )


def _would_have(shares: tuple[PastShare, ...], field: Any) -> WouldHave | None:
    """Nothing where what was typed is no share."""
    limit = _share(field.data)
    if limit is None:
        return None
    stopped = tuple(one for one in shares if one.is_stopped(limit))
    return WouldHave(len(shares), stopped, max(shares, key=lambda one: (one.in_a_hundred, one.count), default=None))
