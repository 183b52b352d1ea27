"""A reorganisation in the browser: its changes one by one, what they would do, and deciding it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.structure.draft import (
    KINDS,
    MOST_CHANGES,
    NewChange,
    Written,
    as_written,
    change_in_words,
    changes_in_file,
    kept_changes,
    typed_change,
)
from app.council.structure.questions import ReorganisationForm
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.reorganisation.applying import decide
from people.reorganisation.files import read_written
from people.reorganisation.periods import UnitOnDay, units_on
from people.reorganisation.planning import NO_STEP, Preview, Wanted, preview
from people.reorganisation.steps import Step
from people.roles import Role
from people.visibility import structure_scope

Page = str | tuple[str, int] | Response


@dataclass
class Draft:
    """What somebody has put together so far. ``wrong`` is what stands against each change, by its number; 0 is all."""

    organisation: Organisation
    form: ReorganisationForm
    changes: list[Written]
    units: Sequence[UnitOnDay]
    now: datetime
    new: NewChange = field(default_factory=NewChange)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    notice: str = ""

    @property
    def day(self) -> date:
        """The day from which it holds, or today while none is given."""
        return self.form.day.data or local_day(self.now)

    def steps(self, changes: list[Written]) -> tuple[Step, ...]:
        """The steps of some changes; what cannot be read is noted in ``wrong``."""
        steps, findings = read_written(changes, self.units)
        self.wrong += [_numbered(words) for words in findings]
        return steps

    def seen(self, session: Session, steps: tuple[Step, ...]) -> Preview:
        """What these steps would do on the day; what stands against it is noted in ``wrong``."""
        title = self.form.title.data or ""
        seen = preview(session, organisation=self.organisation, wanted=Wanted(title, self.day, steps), now=self.now)
        self.wrong += [*zip(seen.of_step, seen.findings, strict=True)]
        return seen


def _numbered(words: str) -> tuple[int, str]:
    """“Step 3: there is …” is about the third change."""
    head, colon, rest = words.partition(": ")
    number = head.removeprefix("Step ")
    if colon and number.isdecimal():
        return int(number), f"{rest[:1].upper()}{rest[1:]}"
    return 0, words


@allow(Role.HR_LEAD, Role.ADMIN)
def reorganisation_new(slug: str) -> Page:
    """Putting it together, change by change; looking at what it would do; deciding it."""
    session, now = db.session(), utc_now()
    organisation = structure_scope(session, who(), slug=slug)
    form = ReorganisationForm()
    draft = Draft(organisation, form, [], (), now)
    draft.units = units_on(session, organisation_id=organisation.id, on=_day(form, now))
    if request.method == "GET":
        draft.new = _asked_for(draft)
        return _page(draft)
    draft.changes = kept_changes()
    act = request.form.get("act", "")
    if act == "add" or (act == "enter" and typed_change(request.form).kind):
        _add(session, draft)
        return _page(draft)
    if act == "file":
        return _from_file(draft)
    if act == "see":
        return _see(session, draft)
    if act == "decide":
        return _decide(session, draft)
    if act.startswith("out-"):
        number = act.removeprefix("out-")
        draft.changes = [one for place, one in enumerate(draft.changes, start=1) if str(place) != number]
    return _page(draft)


def _day(form: ReorganisationForm, now: datetime) -> date:
    return form.day.data or local_day(now)


def _asked_for(draft: Draft) -> NewChange:
    """A link from the page of a unit fills in which unit, and what is to be done with it."""
    kind, unit_id = request.args.get("kind", ""), number_in(request.args, "unit", 0)
    unit = next((one for one in draft.units if one.id == unit_id), None)
    if kind not in KINDS:
        return NewChange()
    name = f"{kind}-{'into' if kind == 'add' else 'unit'}"
    typed = dict.fromkeys((f"{kind}-{one}" for one in KINDS[kind][1]), "")
    return NewChange(kind, typed | ({name: unit.path} if unit else {}))


def _from_file(draft: Draft) -> Page:
    """The changes of a file, behind those that are in the list; what stands against each is said beside it."""
    changes, problem = changes_in_file(request.files.get("file"), room=MOST_CHANGES - len(draft.changes))
    if problem:
        draft.new.errors["file"] = problem
        return _page(draft)
    draft.changes = [*draft.changes, *changes]
    draft.steps(draft.changes)
    draft.notice = f"Changes taken from the file: {len(changes)}. Look at them, then see what they would do"
    return _page(draft)


def _add(session: Session, draft: Draft) -> None:
    """One more change, unless something stands against it: that is said beside its fields."""
    draft.new = typed_change(request.form)
    written = as_written(draft.new, draft.units)
    if len(draft.changes) >= MOST_CHANGES:
        draft.new.errors["kind"] = f"A reorganisation has {MOST_CHANGES} changes or fewer"
    if not draft.new.errors:
        changes = [*draft.changes, written]
        steps = draft.steps(changes)
        if steps:
            draft.seen(session, steps)
        _note_at_change(draft, len(changes))
        if not draft.new.errors:
            draft.changes, draft.new = changes, NewChange()
    draft.wrong = []


def _note_at_change(draft: Draft, change_number: int) -> None:
    """What stands against the last change goes beside its last field. What is about all of them waits for the end."""
    kind = draft.new.kind
    words = [words for about, words in draft.wrong if about == change_number]
    names = KINDS[kind][1]
    at = "name" if "name" in names else "to" if "to" in names else names[-1]
    if words:
        draft.new.errors[f"{kind}-{at}"] = ". ".join(words)


def _see(session: Session, draft: Draft) -> Page:
    """What it would do, or everything that is to be put right first. What is typed and not added yet belongs to it."""
    if any(typed_change(request.form).typed.values()):
        _add(session, draft)
    seen = _checked(session, draft)
    return _page(draft) if seen is None else _preview_page(draft, seen)


def _checked(session: Session, draft: Draft) -> Preview | None:
    is_valid = draft.form.validate()
    if not draft.changes:
        draft.wrong.append((0, "Add at least one change"))
        return None
    steps = draft.steps(draft.changes)
    seen = draft.seen(session, steps)
    if not steps:  # none could be read: that is said, and so is what stands against the day
        draft.wrong = [one for one in draft.wrong if one[1] != NO_STEP]
    return seen if is_valid and not draft.wrong and not draft.new.errors else None


def _decide(session: Session, draft: Draft) -> Page:
    """Store it as it was seen. When it would do something else by now, it is shown anew."""
    seen = _checked(session, draft)
    if seen is None:
        draft.notice = "Something has changed since you looked, so this cannot be decided as it stands"
        return _page(draft)
    choice = request.form.get("choice", "")
    if choice == "nothing":
        draft.notice = "Nothing has changed. You can go on where you were"
        return _page(draft)
    if choice != "all":
        return _preview_page(draft, seen, "Select what should happen")
    wanted = Wanted(draft.form.title.data or "", draft.day, draft.steps(draft.changes))
    try:
        with unit_of_work() as work:
            organisation = structure_scope(work.session, who(), slug=draft.organisation.slug)
            fingerprint, by = request.form.get("fingerprint", ""), who().account_id
            row = decide(
                work.session, organisation=organisation, wanted=wanted, fingerprint=fingerprint, by=by, now=draft.now
            )
            number = row.id
    except RuleBroken as refusal:
        return _again(draft, refusal.message)
    flash("The reorganisation is decided")
    return redirect(url_for("council.reorganisation", slug=draft.organisation.slug, reorganisation_id=number))


def _again(draft: Draft, refusal: str) -> Page:
    """Somebody else was quicker, or the record has changed: what it would do now, or what stands against it now."""
    session = db.session()
    session.expire_all()
    draft.organisation = structure_scope(session, who(), slug=draft.organisation.slug)
    draft.units = units_on(session, organisation_id=draft.organisation.id, on=draft.day)
    seen = _checked(session, draft)
    if seen is None:
        draft.notice = "Somebody has changed the units since you looked"
        return _page(draft)
    return _preview_page(draft, seen, refusal)


def _common(draft: Draft) -> dict[str, Any]:
    return {
        "slug": draft.organisation.slug,
        "organisation": draft.organisation,
        "form": draft.form,
        "changes": [change_in_words(one) for one in draft.changes],
        "carried": json.dumps(draft.changes),
    }


def _page(draft: Draft) -> Page:
    shown = render_template(
        "council/reorganisation_new.html",
        units=draft.units,
        kinds=KINDS,
        new=draft.new,
        wrong=draft.wrong,
        notice=draft.notice,
        **_common(draft),
    )
    return (shown, 422) if draft.new.errors or draft.wrong or draft.form.errors else shown


def _preview_page(draft: Draft, seen: Preview, refusal: str = "") -> Page:
    shown = render_template(
        "council/reorganisation_preview.html",
        seen=seen,
        day=draft.day,
        is_at_once=draft.day <= local_day(draft.now),
        refusal=refusal,
        **_common(draft),
    )
    return (shown, 422) if refusal else shown
