"""Which tables an authority takes with it, which of their rows, and which columns stay here because they are nobody
else's business."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    null,
    or_,
    select,
)
from sqlalchemy.types import JSON, TypeEngine

from certificates.record.issuing import Certificate
from courses.acceptance.refusing import refused_completions
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from kernel.audit import AuditEntry
from kernel.database import Base, UTCDateTime
from kernel.days_in_sql import local_day_of
from people.accounts import Account
from people.directory import trail_within
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.visibility import PeopleScope
from privacy.register.entries import WORK

# How a column is written, and read back: all a restoring script has to know.
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (UTCDateTime, "moment"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Date, "day"),
    (Integer, "integer"),
    (Numeric, "number"),
)


@dataclass(frozen=True)
class ExportedTable:
    """A table and its rows. ``without`` are columns that are left out, ``instead`` what is read for others."""

    name: str
    rows: ColumnElement[bool]
    without: frozenset[str] = frozenset()
    instead: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(one.name for one in Base.metadata.tables[self.name].columns if one.name not in self.without)

    def kind_of(self, column: str) -> str:
        """How a column is written: text, integer, number, boolean, day, moment or json."""
        stored = Base.metadata.tables[self.name].c[column].type
        return next((words for kind, words in KINDS if isinstance(stored, kind)), "text")

    def query(self) -> Select[Any]:
        """Its rows, in the order of their keys."""
        table = Base.metadata.tables[self.name]
        columns = [self.instead.get(name, table.c[name]).label(name) for name in self.columns]
        return select(*columns).select_from(table).where(self.rows).order_by(*table.primary_key.columns)


_WORK = frozenset(WORK) - {"id", "sha256", "size_bytes"}
# Of these every row of the authority goes, and every column but those named.
_OF_AUTHORITY: Mapping[str, frozenset[str]] = {
    "unit": frozenset(),
    "reorganisation": frozenset(),
    "employment": frozenset({"bare_number"}),
    "row_download_right": frozenset(),
    "requirement": frozenset(),
    "completion_target": frozenset(),
    "audience": frozenset({"name_key"}),
    "programme": frozenset(),
    "exemption": frozenset(),
    "learner_request": frozenset(),
    "reminder": frozenset(),
    "nudge": frozenset(),
    "earlier_training_rule": frozenset(),
    "history_course_name": frozenset(),
    "history_run": _WORK | {"reading", "handled_id"},
    "published_figure": frozenset(),
    "enquiry": frozenset(),
    "certificate_branding": frozenset(),
    "feed_mapping": frozenset(),
    "feed_settings": frozenset(),
    "feed_run": _WORK | {"file_key", "open_key", "state_digest", "plan_digest", "handled", "is_to_plan"},
    "local_text": frozenset(),
    "message_template": frozenset(),
}
# Of these the rows that belong to rows of another table that goes.
_BELONGING: Mapping[str, tuple[str, str]] = {
    "unit_period": ("unit_id", "unit"),
    "employment_terms": ("employment_id", "employment"),
    "employment_absence": ("employment_id", "employment"),
    "employment_change": ("employment_id", "employment"),
    "audience_version": ("audience_id", "audience"),
    "programme_version": ("programme_id", "programme"),
    "programme_route": ("programme_version_id", "programme_version"),
    "programme_proposal": ("programme_id", "programme"),
    "enquiry_event": ("enquiry_id", "enquiry"),
    "exemption_end": ("exemption_id", "exemption"),
    "completion_event": ("completion_id", "completion"),
    "completion_amendment": ("completion_id", "completion"),
    "certificate": ("completion_id", "completion"),
    "certificate_event": ("certificate_id", "certificate"),
    "history_row": ("run_id", "history_run"),
}

_LEFT_OF: Mapping[str, frozenset[str]] = {
    "certificate": _WORK | {"made_with", "run_id"},
    "history_row": frozenset({"is_forgotten"}),
}


def exported_tables(*, organisation_id: int, on: date) -> tuple[ExportedTable, ...]:
    """Every table with the rows of one authority on a day, in an order in which parents come first."""
    found = {one.name: one for one in _tables(organisation_id, on)}
    return tuple(found[name] for name in sorted(found, key=_place_of))


def _place_of(name: str) -> int:
    return [table.name for table in Base.metadata.sorted_tables].index(name)


def _tables(organisation_id: int, on: date) -> Iterator[ExportedTable]:
    tables = Base.metadata.tables
    chosen: dict[str, ExportedTable] = {one.name: one for one in _people_and_learning(organisation_id, on)}
    for name, without in _OF_AUTHORITY.items():
        chosen[name] = ExportedTable(name, tables[name].c.organisation_id == organisation_id, without)
    for name, (column, parent) in _BELONGING.items():
        theirs = select(tables[parent].c.id).where(chosen[parent].rows)
        chosen[name] = ExportedTable(name, tables[name].c[column].in_(theirs), _LEFT_OF.get(name, frozenset()))
    chosen["audit_entry"] = ExportedTable("audit_entry", _trail(organisation_id, chosen, on))
    yield from chosen.values()


def _people_and_learning(organisation_id: int, on: date) -> Iterator[ExportedTable]:
    tables = Base.metadata.tables
    theirs = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    yield ExportedTable("organisation", tables["organisation"].c.id == organisation_id)
    yield ExportedTable("person", tables["person"].c.id.in_(theirs), frozenset({"search_text"}))
    seen = {"id", "person_id", "username", "is_active", "closed_at"}
    yield ExportedTable("account", Account.person_id.in_(theirs), frozenset(tables["account"].c.keys()) - seen)
    yield ExportedTable("role_grant", tables["role_grant"].c.organisation_id == organisation_id)
    yield ExportedTable("course", tables["course"].c.id.is_not(None))
    yield ExportedTable("course_version", tables["course_version"].c.id.is_not(None), frozenset({"document"}))
    begun = frozenset({"last_seen_at", "at_module", "at_screen"})
    employed = _worked_here_on(Attempt.person_id, local_day_of(Attempt.started_at), organisation_id)
    yield ExportedTable("attempt", employed, begun)
    yield _completions(organisation_id, on)


def _completions(organisation_id: int, on: date) -> ExportedTable:
    """What counts here or was completed here: until somebody’s last day, and not what the authority does not accept.

    Where they worked elsewhere at the time, and on which grade, is another employer’s.
    """
    here = Completion.organisation_id == organisation_id
    accepted = Completion.id.not_in(refused_completions(on, organisation_id=organisation_id))
    rows = _worked_here_on(Completion.person_id, local_day_of(Completion.completed_at), organisation_id)
    table = Base.metadata.tables["completion"]
    instead = {name: case((here, table.c[name]), else_=null()) for name in ("unit_path", "grade")}
    return ExportedTable("completion", and_(rows, here | accepted), instead=instead)


def _worked_here_on(person: Any, day: ColumnElement[date], organisation_id: int) -> ColumnElement[bool]:
    """The condition that something was done before the last day of a job here was over."""
    held = (
        select(EmploymentTerms.id)
        .join(Employment, Employment.id == EmploymentTerms.employment_id)
        .where(
            Employment.person_id == person,
            Employment.organisation_id == organisation_id,
            or_(EmploymentTerms.ends_on.is_(None), EmploymentTerms.ends_on >= day),
        )
    )
    return held.exists()


def _trail(organisation_id: int, chosen: Mapping[str, ExportedTable], on: date) -> ColumnElement[bool]:
    """What was done to the authority’s own things, and what its HR leads see of the trail about its people."""
    tables, kind, subject = Base.metadata.tables, AuditEntry.subject_type, AuditEntry.subject_id
    own = [and_(kind == "organisation", subject == str(organisation_id))]
    for name, said in (("feed_run", "feed-run"), ("history_run", "history-run"), ("audience", "audience")):
        ids = select(cast(tables[name].c.id, String)).where(chosen[name].rows)
        own.append(and_(kind == said, subject.in_(ids)))
    numbers = select(tables["published_figure"].c.number).where(chosen["published_figure"].rows)
    own.append(and_(kind == "published-figure", subject.in_(numbers)))
    own.append(and_(kind == "certificate", subject.in_(select(Certificate.number).where(chosen["certificate"].rows))))
    return or_(*own, and_(*trail_within(PeopleScope(frozenset({organisation_id})), on)))
