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
from privacy.retention.rules import RecordKind, day_before_which, longest, set_rule, time_kept, unit_of


@allow(Role.ADMIN)
def retention() -> str:
    """Every kind of record, and after how long it goes."""
    kept = time_kept(db.session())
    lines = [(one, _kept_words(kind, kept[kind])) for kind, one in RECORDS.items()]
    return render_template("manage/retention.html", lines=lines)


@allow(Role.ADMIN)
def retention_rule(kind_name: str) -> str | tuple[str, int] | Response:
    """Choose the months, see what would go today, and then set the rule."""
    found = _record_of(kind_name)
    if request.method == "POST":
        months, problem = _time(found.kind, request.form.get("months", ""))
        if problem is None:
            return _set(found, months)
    else:
        months, problem = _time(found.kind, request.args.get("months", ""))
    is_preview = problem is None and "months" in request.args
    page = render_template(
        "manage/retention_rule.html",
        record=found,
        current=_kept_words(found.kind, time_kept(db.session())[found.kind]),
        unit=unit_of(found.kind),
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


def _time(kind: RecordKind, typed: str) -> tuple[int | None, str | None]:
    """The months or days that were typed, none for an empty field; or what is wrong with them."""
    most = longest(kind)
    wrong = f"Enter a whole number of {unit_of(kind)}s from 1 to {most}, or leave the field empty to keep everything"
    text = typed.strip()
    if not text:
        return None, None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return (int(text), None) if is_number and 1 <= int(text) <= most else (None, wrong)


def _preview(found: KeptRecord, months: int | None) -> str:
    if months is None:
        return "Nothing goes, today or later"
    before = day_before_which(found.kind, months, on=local_day(utc_now()))
    count = count_past(db.session(), found.kind, before=before)
    return (
        f"{plural(count, *found.what)} would go at once, and others as their time passes"
        if count
        else ("Nothing would go today. Others go as their time passes")
    )


def _set(found: KeptRecord, months: int | None) -> Response:
    with unit_of_work() as work:
        set_rule(work.session, kind=found.kind, time=months, by=who().account_id, now=utc_now())
    flash("The rule is set. It is applied once a day." if months else "The rule is set. Everything is kept.")
    return redirect(url_for("manage.retention"))


def _kept_words(kind: RecordKind, time: int | None) -> str:
    return "Kept" if time is None else f"Goes after {plural(time, unit_of(kind))}"
