"""Restored by a plain Python without the product, an export answers ten questions with the numbers of the product."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from pyrage import decrypt, x25519
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from assignments.exemptions.record import exempt_people
from assignments.plans import find_plan
from certificates.record.issuing import Certificate
from courses.catalogue.versions import Course, CourseVersion
from courses.records.completion import Completion, is_standing
from people.organisations import Organisation
from people.persons import Person
from privacy.leaving.whole import encrypt_for, write_export
from reports.answers.published import published_by
from reports.figures.counting import Counted, count
from reports.figures.definition import By
from reports.figures.population import Question
from reports.groups import Group
from reports.listing.people_states import ids_of_people
from reports.listing.wanted import LearningState, ListOfPeople, Wanted
from tests.builders.region import NOON, TODAY
from tests.privacy.leaving.region import a_busy_authority


@pytest.fixture
def made(session: Session, tmp_path: Path) -> SimpleNamespace:
    """The authority, its export decrypted and unpacked, and what the restoring script said of it."""
    halton, course = a_busy_authority(session)
    session.commit()
    store = FolderStore(tmp_path / "files")
    first = session.scalars(select(Certificate.number).order_by(Certificate.id)).first()
    pdf = store.put(f"certificates/{first}.pdf", b"%PDF a certificate")
    session.execute(
        Certificate.__table__.update()
        .where(Certificate.number == first)
        .values(storage_key=pdf.key, sha256=pdf.sha256, size_bytes=pdf.size_bytes)
    )
    session.commit()
    plain, sealed, identity = BytesIO(), BytesIO(), x25519.Identity.generate()
    counts = write_export(session, plain, organisation=halton, store=store, now=NOON)
    encrypt_for(BytesIO(plain.getvalue()), sealed, [str(identity.to_public())])
    folder = tmp_path / "unpacked"
    with ZipFile(BytesIO(decrypt(sealed.getvalue(), [identity]))) as archive:
        archive.extractall(folder)
    said = restore(folder, tmp_path / "restored.sqlite")
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    question = Question(halton.id, course.course_id, TODAY, plan)
    return SimpleNamespace(
        halton=halton, question=question, folder=folder, counts=counts, sealed=sealed.getvalue(), pdf=first,
        answers={name: one["rows"] for name, one in json.loads(said.stdout).items()},
    )  # fmt: skip


def restore(folder: Path, database: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the script that came with the export: isolated, without site-packages, away from our code."""
    words = [sys.executable, "-I", "-S", str(folder / "restore.py"), str(folder), str(database), "--json", *more]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)


def leaves(counted: Counted) -> dict[str, tuple[int, int, int, int]]:
    """The groups without groups below them, and what is counted in each that has anybody."""
    return {" / ".join(filter(None, one.place)): numbers(one) for one in counted.total.children if numbers(one)[0]}


def numbers(group: Group) -> tuple[int, int, int, int]:
    found = group.counts
    assert found is not None
    return found.people, found.complete, found.in_progress, found.not_started


def test_ten_questions_have_the_same_answers_as_in_the_product(made: SimpleNamespace, session: Session) -> None:
    halton: Organisation = made.halton
    question: Question = made.question
    units = count(session, question, organisation=halton, by=By.UNIT)
    grades = count(session, question, organisation=halton, by=By.GRADE)
    found = made.answers
    assert len(found) == 10
    assert dict(found["who-counts"]) == {name: one[0] + exempt_in(units, name) for name, one in leaves(units).items()}
    assert {name: tuple(rest) for name, *rest in found["finished-by-unit"]} == leaves(units)
    assert {name: tuple(rest) for name, *rest in found["finished-by-grade"]} == {
        one.key: numbers(one)[:2] for one in grades.total.children
    }
    assert [tuple(row) for row in found["finished-altogether"]] == [numbers(units.total)[:2]]
    assert sum(people for _, people in found["left-out"]) == sum(one.group.counts.people for one in units.left_out)
    of = ListOfPeople(halton.id, (), question.course_id, question.plan, TODAY)
    late = ids_of_people(session, of, Wanted(LearningState.PAST_DATE))
    assert late
    assert [row[0] for row in found["late"]] == sorted(late)
    assert [row[0] for row in found["certificates-that-stand"]] == standing_certificates(session)
    exempt = session.scalars(exempt_people(organisation_id=halton.id, course_id=question.course_id, on=TODAY))
    assert [row[0] for row in found["exempt"]] == sorted(exempt)
    assert sorted(map(tuple, found["completed-by-course"])) == completed(session)
    assert [row[0] for row in found["published"]] == [
        one.number for one in published_by(session, organisation_id=halton.id)
    ]


def exempt_in(units: Counted, name: str) -> int:
    """The headcount is of everybody; a course leaves out who is exempt."""
    exempt = next(one.group for one in units.left_out if one.words.startswith("Exempt"))
    return next((one.counts.people for one in exempt.children if one.name == name and one.counts), 0)


def standing_certificates(session: Session) -> list[str]:
    numbers = session.scalars(
        select(Certificate.number)
        .join(Completion, Completion.id == Certificate.completion_id)
        .where(~Certificate.is_revoked, is_standing())
        .order_by(Certificate.number)
    )
    return list(numbers)


def completed(session: Session) -> list[tuple[str, int, int, int]]:
    """What counts at Halton: not what its leavers completed later, nor what people of Wirral alone did."""
    strangers = select(Person.id).where(Person.chosen_name == "Went Away")
    here = Completion.organisation_id == select(Organisation.id).where(Organisation.slug == "halton").scalar_subquery()
    joined = Completion.person_id.in_(select(Person.id).where(Person.chosen_name == "From Elsewhere"))
    rows = session.execute(
        select(Course.slug, CourseVersion.number, func.count(), func.count(Completion.person_id.distinct()))
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .join(Course, Course.id == Completion.course_id)
        .where(is_standing(), here | joined, Completion.person_id.not_in(strangers))
        .group_by(Course.slug, CourseVersion.number)
    )
    return sorted(tuple(row) for row in rows)


def test_everything_is_described_and_nothing_private_is_in_it(made: SimpleNamespace) -> None:
    readme = (made.folder / "README.txt").read_text(encoding="utf-8")
    tables = json.loads((made.folder / "tables.json").read_text(encoding="utf-8"))
    for table in tables:
        assert f"tables/{table['name']}.csv" in readme
        assert all(one["words"] for one in table["columns"])
    private = {"answer", "quiz_answer", "reflection", "plan", "rating", "course_comment", "own_mobile", "message"}
    assert not private & {one["name"] for one in tables}
    people = (made.folder / "tables/person.csv").read_text(encoding="utf-8-sig")
    assert "''=Two Jobs" in people  # both apostrophes: one is the name's own
    assert (made.folder / f"certificates/{made.pdf}.pdf").read_bytes() == b"%PDF a certificate"
    assert (made.folder / "courses/test-course/version-1.json").is_file()
    assert b"Two Jobs" not in made.sealed
    assert made.counts.missing == 3


def test_another_authoritys_unit_and_grade_stay_there(made: SimpleNamespace) -> None:
    lines = (made.folder / "tables/completion.csv").read_text(encoding="utf-8-sig").splitlines()
    assert not any("Docks" in line for line in lines)
    names = (made.folder / "tables/unit.csv").read_text(encoding="utf-8-sig")
    assert "Docks" not in names


def test_a_copy_that_was_changed_or_is_there_already_is_refused_in_words(made: SimpleNamespace, tmp_path: Path) -> None:
    again = restore(made.folder, tmp_path / "restored.sqlite")
    assert (again.returncode, again.stderr) == (
        2,
        f"{tmp_path / 'restored.sqlite'} is there already. Name a file that is not.\n",
    )
    (made.folder / "tables/person.csv").write_text("changed", encoding="utf-8")
    changed = restore(made.folder, tmp_path / "other.sqlite")
    assert changed.returncode == 2
    assert changed.stderr == "tables/person.csv is not the file that was exported: its SHA-256 differs.\n"
    assert not (tmp_path / "other.sqlite").exists()
