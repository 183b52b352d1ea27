"""How long things are kept: the rules, what one would take today before it is set, and setting it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.templating import plural
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.roles import Role
from privacy.retention.records import RECORDS, KeptRecord, count_past
from privacy.retention.rules import LONGEST_MONTHS, RecordKind, day_months_before, months_kept, set_rule

WRONG = f"Enter a whole number of months from 1 to {LONGEST_MONTHS}, or leave the field empty to keep everything"


@allow(Role.ADMIN)
def retention() -> str:
    """Every kind of record, and after how long it goes."""
    kept = months_kept(db.session())
    lines = [(one, _kept_words(kept[kind])) for kind, one in RECORDS.items()]
    return render_template("manage/retention.html", lines=lines)


@allow(Role.ADMIN)
def retention_rule(kind_name: str) -> str | tuple[str, int] | Response:
    """Choose the months, see what would go today, and then set the rule."""
    found = _record_of(kind_name)
    if request.method == "POST":
        months, problem = _months(request.form.get("months", ""))
        if problem is None:
            return _set(found, months)
    else:
        months, problem = _months(request.args.get("months", ""))
    is_preview = problem is None and "months" in request.args
    page = render_template(
        "manage/retention_rule.html",
        record=found,
        current=_kept_words(months_kept(db.session())[found.kind]),
        typed=(request.form if request.method == "POST" else request.args).get("months", "")[:20],
        problem=problem,
        preview=_preview(found, months) if is_preview else None,
        months=months,
    )
    return page, 422 if problem and request.method == "POST" else 200


def _record_of(kind_name: str) -> KeptRecord:
    if kind_name not in set(RecordKind):
        raise NotFound(f"kind of record {kind_name}")
    return RECORDS[RecordKind(kind_name)]


def _months(typed: str) -> tuple[int | None, str | None]:
    """The months that were typed, none for an empty field; or what is wrong with them."""
    text = typed.strip()
    if not text:
        return None, None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST_MONTHS))
    return (int(text), None) if is_number and 1 <= int(text) <= LONGEST_MONTHS else (None, WRONG)


def _preview(found: KeptRecord, months: int | None) -> str:
    if months is None:
        return "Nothing goes, today or later"
    before = day_months_before(local_day(utc_now()), months)
    count = count_past(db.session(), found.kind, before=before)
    return (
        f"{plural(count, *found.what)} would go at once, and others as their time passes"
        if count
        else ("Nothing would go today. Others go as their time passes")
    )


def _set(found: KeptRecord, months: int | None) -> Response:
    with unit_of_work() as work:
        set_rule(work.session, kind=found.kind, months=months, by=who().account_id, now=utc_now())
    flash("The rule is set. It is applied once a day." if months else "The rule is set. Everything is kept.")
    return redirect(url_for("manage.retention"))


def _kept_words(months: int | None) -> str:
    return "Kept" if months is None else f"Goes after {plural(months, 'month')}"
