"""Work that was given up until somebody has looked, of every kind: what it is, why, and another try."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.manage.platform.parked_about import About
from app.manage.platform.parked_words import WORDS
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.task_kinds import KINDS
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import NotFound
from kernel.tasks.control import retry
from kernel.tasks.kinds import TaskKind
from kernel.tasks.parked import ParkedTask, count_parked, is_parked, parked_page
from people.roles import Role

PAGE_SIZE = 25


@dataclass(frozen=True)
class KindOnPage:
    """One kind: its name in addresses and in words, how many are parked, and those of them that stand on this page."""

    name: str
    words: str
    count: int
    tasks: tuple[tuple[ParkedTask, About], ...]


@allow(Role.ADMIN)
def parked() -> str:
    """Everything that is parked, kind after kind."""
    session = db.session()
    counts = count_parked(session, KINDS)
    total = sum(counts.values())
    pages, page = max(1, -(-total // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    found = groupby(parked_page(session, KINDS, page=page, size=PAGE_SIZE), key=lambda task: task.kind)
    kinds = [_on_page(session, kind, counts[kind], tuple(tasks)) for kind, tasks in found]
    return render_template("manage/parked.html", kinds=kinds, total=total, page=page, pages=pages)


def _on_page(session: Session, kind: TaskKind[Any], count: int, tasks: tuple[ParkedTask, ...]) -> KindOnPage:
    words, describe = WORDS[kind]
    about = describe(session, [task.row_id for task in tasks])
    return KindOnPage(kind.name, words, count, tuple((task, about.get(task.row_id, About("Gone"))) for task in tasks))


@allow(Role.ADMIN)
def parked_retry(kind_name: str, task_id: int) -> Response:
    """Have one tried again at once."""
    kind = _kind(kind_name)
    if _retry(kind, kind.table.id == task_id, "parked-task-retried", str(task_id)):
        flash("It will be tried again now")
    else:
        flash("It has not stopped, or is being tried again already", "important")
    return redirect(url_for("manage.parked"))


@allow(Role.ADMIN)
def parked_retry_all(kind_name: str) -> Response:
    """Have everything of one kind tried again at once."""
    kind = _kind(kind_name)
    words, _ = WORDS[kind]
    count = _retry(kind, true(), "parked-tasks-retried", "all")
    if count:
        flash(f"{words}: {count:,} will be tried again now")
    else:
        flash(f"{words}: none has stopped, so there is nothing to try again", "important")
    return redirect(url_for("manage.parked"))


def _kind(name: str) -> TaskKind[Any]:
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise NotFound(f"a kind of task {name}")


def _retry(kind: TaskKind[Any], which: ColumnElement[bool], action: str, subject: str) -> int:
    now = utc_now()
    with unit_of_work() as work:
        count = retry(work.session, kind, now=now, which=is_parked(kind) & which)
        if count:
            record(
                work.session,
                action=action,
                subject_type="task",
                subject_id=f"{kind.name}/{subject}",
                actor_account_id=who().account_id,
                now=now,
                detail={"kind": kind.name, "count": count},
            )
            work.ring_after_commit(kind.name)
    return count
