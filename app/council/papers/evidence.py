"""Evidence packs of an authority: having one made for a day that is over, how far it is, and its file."""

from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from app.council.certificates.progress import begun_by, carry_out, part_of_page, percent_of
from app.platform.access import allow, who
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation
from people.roles import Role
from people.visibility import hr_scope
from reports.earlier_days import month_end_before
from reports.evidence.actions import actions_on
from reports.evidence.packs import ask_for_pack, cancel_pack, get_pack, packs_of, why_no_pack
from reports.evidence.policy import policy_versions
from reports.paper.record import MAKE_PAPERS, Paper

MOST_LISTED = 50


class PackForm(FlaskForm):
    """The day that a pack is of."""

    on = DayField("Which day should it be of?", name_in_errors="The day")

    def validate_on(self, field: DayField) -> None:
        """A day must be given; whether there is a pack of it, the view says."""
        if field.data is None:
            raise ValidationError("Enter the day that the pack should be of")


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence(slug: str) -> tuple[str, int] | Response:
    """The packs that were made, what goes into the next one, and having it made."""
    session, today = db.session(), local_day(utc_now())
    organisation = hr_scope(session, who(), slug=slug)
    form = PackForm(data={"on": month_end_before(today.replace(day=1))})
    if form.validate_on_submit() and form.on.data is not None:
        refusal = why_no_pack(session, organisation, on=form.on.data, today=today)
        if not refusal:
            return redirect(url_for("council.evidence_pack", slug=slug, paper_id=_ask(slug, form.on.data)))
        form.on.errors = [refusal]
    versions = policy_versions(session, organisation_id=organisation.id)
    actions = actions_on(session, organisation_id=organisation.id, on=today)
    page = render_template(
        "council/evidence.html",
        organisation=organisation,
        form=form,
        packs=packs_of(session, organisation_id=organisation.id, limit=MOST_LISTED),
        policy=versions[0] if versions else None,
        open_actions=sum(one.end is None for one in actions),
        late_actions=sum(one.state_on(today) == "late" for one in actions),
    )
    return page, 422 if form.errors else 200


def _ask(slug: str, on: date) -> int:
    with unit_of_work() as work:
        organisation = hr_scope(work.session, who(), slug=slug)
        paper = ask_for_pack(work.session, organisation, on=on, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(MAKE_PAPERS)
        return paper.id


def _found(slug: str, paper_id: int) -> tuple[Organisation, Paper]:
    """The pack, if it is this person's to see. Raises ``NotFound``."""
    organisation = hr_scope(db.session(), who(), slug=slug)
    return organisation, get_pack(db.session(), paper_id=paper_id, organisation_id=organisation.id)


def _progress(paper: Paper) -> dict[str, Any]:
    return {"paper": paper, "is_live": paper.is_coming, "percent": percent_of(paper.done, paper.wanted, of_none=0)}


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_pack(slug: str, paper_id: int) -> str:
    """How far it is, or where to download it and how anybody checks it."""
    organisation, paper = _found(slug, paper_id)
    asked_by = begun_by(paper.asked_by_account_id) if paper.asked_by_account_id else ""
    return render_template(
        "council/evidence_pack.html", organisation=organisation, asked_by=asked_by, **_progress(paper)
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_pack_status(slug: str, paper_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while it is being made."""
    organisation, paper = _found(slug, paper_id)
    return part_of_page("council/evidence_pack_status.html", organisation=organisation, **_progress(paper))


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_pack_file(slug: str, paper_id: int) -> Response:
    """The sealed file."""
    _, paper = _found(slug, paper_id)
    if not paper.is_ready:
        raise NotFound(f"file of evidence pack {paper_id}")
    stream = file_store().open(paper.storage_key)
    name = f"evidence-{slug}-{paper.on.isoformat()}-{paper.number}.pdf"
    return stored_download(stream, mimetype="application/pdf", name=name)


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_pack_cancel(slug: str, paper_id: int) -> Response:
    """Give up a pack that is not ready; nothing of it stays."""
    organisation, paper = _found(slug, paper_id)
    carry_out(
        cancel_pack, "Cancelled. Nothing of this pack is kept", paper_id=paper.id, organisation_id=organisation.id
    )
    return redirect(url_for("council.evidence_pack", slug=slug, paper_id=paper_id))
