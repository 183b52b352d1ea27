"""Rows of past learning as pages show them, and the states of a file in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.history.known_here import came_again_in, courses_known
from courses.history.plan import DOUBTS, Doubt, Outcome
from courses.history.stored import HistoryRow, HistoryRun, Stage
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.persons import Person

# A word, and its tone.
RUN_WORDS: Mapping[Stage, tuple[str, str]] = {
    Stage.PLANNING: ("Being read", ""),
    Stage.UNREADABLE: ("Could not be read", "due"),
    Stage.PLANNED: ("Not applied", "quiet"),
    Stage.APPLYING: ("Being applied", ""),
    Stage.APPLIED: ("Applied", "done"),
    Stage.UNDOING: ("Being undone", ""),
    Stage.UNDONE: ("Undone", "quiet"),
    Stage.DISCARDED: ("Put away", "quiet"),
}
OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.MATCHED: "Completions that are added",
    Outcome.ALREADY_THERE: "Rows that are there already",
    Outcome.REPEATED: "Rows that repeat one above them",
    Outcome.UNMATCHED: "Rows that belong to nobody yet",
    Outcome.UNUSABLE: "Rows that cannot be used",
}


@dataclass(frozen=True)
class EvidenceLine:
    """One row: who and which course, as the record or the file names them, and why it is nobody's or of no use.

    ``again`` is the file and the row, by their numbers, in which it came again.
    """

    row_id: int
    row_number: int
    person: str
    payroll_number: str
    course: str
    completed_on: date | None
    source: str
    evidence: str
    why: tuple[str, ...]
    again: tuple[int, int] | None = None


def evidence_lines(session: Session, organisation: Organisation, rows: Sequence[HistoryRow]) -> list[EvidenceLine]:
    """Rows with the names of people and courses, in a fixed number of statements however many there are."""
    people = {row.person_id for row in rows if row.person_id}
    names: dict[int, str] = dict(
        session.execute(select(Person.id, Person.chosen_name).where(Person.id.in_(people))).all()
    )
    courses = courses_known(session, organisation_id=organisation.id)
    again = came_again_in(session, row_ids=[row.id for row in rows], organisation_id=organisation.id)
    lines = []
    for row in rows:
        called = row.said.get("course", "")
        lines.append(
            EvidenceLine(
                row_id=row.id,
                row_number=row.row_number,
                person=names.get(row.person_id or 0) or row.said.get("name", ""),
                payroll_number=row.said.get("number", ""),
                course=courses.title_of(row.course_id) if row.course_id else called,
                completed_on=row.completed_on,
                source=row.source,
                evidence=row.evidence,
                why=tuple(_why(one, courses.nearest(called)) for one in row.problems),
                again=again.get(row.id),
            )
        )
    return lines


def _why(problem: object, nearest: str | None) -> str:
    if isinstance(problem, dict):
        where = f"{problem['column']}: " if problem["column"] else ""
        stands = f"“{problem['stands']}”. " if problem["stands"] else ""
        return f"{where}{stands}{problem['problem']} {problem['mend']}"
    doubt = Doubt(str(problem))
    more = f" The nearest is “{nearest}”." if doubt is Doubt.UNKNOWN_COURSE and nearest else ""
    return DOUBTS[doubt] + more


def is_going_on(run: HistoryRun) -> bool:
    """Whether a worker is at it, or will be by itself."""
    is_wanted = run.stage in (Stage.PLANNING, Stage.APPLYING, Stage.UNDOING)
    return is_wanted and (run.is_on_its_way or run.state is TaskState.FAILED)
