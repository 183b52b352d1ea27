"""A fact that several courses hold stands once beside them, and is frozen into each version that is published."""

from datetime import date
from pathlib import Path

from courses.content.bundle.reading import read_bundle, read_folder
from courses.content.model.course import CourseDocument
from tests.courses.content.bundles import MODULE, QUESTIONS, a_bundle

SHARED = """\
- id: ALL-F-PEOPLE
  courses: [RE, IR]
  text: About 1.55 million
  source: Office for National Statistics
  checked_on: 2026-11-21
  review_by: 2027-01-31
- id: ALL-F-SEA
  courses: [IR]
  text: A third of them came by sea.
  review_by: 2027-01-31
  status: to-check
"""
PRINTED = MODULE.replace("About 1.55 million", "{{fact:ALL-F-PEOPLE}}")
TODAY = date(2026, 11, 21)


def with_shared(shared: str = SHARED, module: str = PRINTED) -> dict[str, bytes]:
    return {**a_bundle(module=module), "shared-facts.yaml": shared.encode()}


def found(files: dict[str, bytes]) -> list[tuple[str, int | None, str]]:
    return [(f.file, f.line, f.message) for f in read_bundle(files, today=TODAY).findings]


def read(files: dict[str, bytes]) -> CourseDocument:
    document = read_bundle(files, today=TODAY).document
    assert document is not None, found(files)
    return document


def test_a_course_holds_the_shared_facts_that_name_it_and_no_others() -> None:
    assert found(with_shared()) == []
    assert list(read(with_shared()).facts) == ["ALL-F-PEOPLE"]
    leaning = QUESTIONS.replace("  stem", "  facts: [ALL-F-PEOPLE]\n  stem")
    files = {**a_bundle(questions=leaning), "shared-facts.yaml": SHARED.encode()}
    assert read(files).facts["ALL-F-PEOPLE"].questions == ("RE-M1-Q1",)


def test_a_shared_fact_of_other_courses_does_not_exist_here() -> None:
    files = with_shared(module=PRINTED.replace("ALL-F-PEOPLE", "ALL-F-SEA"))
    [(file, _, message)] = [finding for finding in found(files) if finding[0].startswith("modules")]
    assert file == "modules/01-why.md"
    assert message == (
        "The fact ALL-F-SEA does not name this course. Add RE to its “courses” (shared-facts.yaml line 7)."
    )


def test_a_bundle_without_the_shared_file_is_told_to_bring_it() -> None:
    [(file, _, message)] = found(a_bundle(module=PRINTED))
    assert file == "modules/01-why.md"
    assert message == (
        "The fact ALL-F-PEOPLE is one that courses share. Put a copy of shared-facts.yaml beside course.yaml, "
        "or correct the id."
    )


def test_a_shared_fact_that_a_course_names_and_does_not_use_is_a_warning() -> None:
    assert found(with_shared(module=MODULE)) == [
        (
            "shared-facts.yaml",
            1,
            "Nothing uses the fact ALL-F-PEOPLE. Print it as {{fact:ALL-F-PEOPLE}}, or remove it.",
        )
    ]


def test_a_shared_fact_needs_its_courses_and_an_id_of_its_own_kind() -> None:
    without = found(with_shared(SHARED.replace("  courses: [RE, IR]\n", "")))
    assert [(file, line) for file, line, _ in without] == [("shared-facts.yaml", 1)]
    renamed = found(with_shared(SHARED.replace("ALL-F-PEOPLE", "RE-F-PEOPLE"), PRINTED.replace("ALL-F", "RE-F")))
    assert renamed == [
        ("shared-facts.yaml", 1, "Courses share the fact RE-F-PEOPLE, so its id must begin with ALL-F-.")
    ]
    assert [line for _, line, _ in found(with_shared("courses: all"))][-1:] == [1]


def test_a_folder_is_read_with_the_shared_facts_beside_it_or_with_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "essentials"
    for name, data in a_bundle(module=PRINTED).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "shared-facts.yaml").write_text(SHARED, encoding="utf-8")
    assert read(read_folder(folder)).facts["ALL-F-PEOPLE"].text == "About 1.55 million"
    (tmp_path / "shared-facts.yaml").write_text(SHARED.replace("1.55", "1.6"), encoding="utf-8")
    assert read(read_folder(folder)).facts["ALL-F-PEOPLE"].text == "About 1.6 million"
    (folder / "shared-facts.yaml").write_text(SHARED, encoding="utf-8")
    assert read(read_folder(folder)).facts["ALL-F-PEOPLE"].text == "About 1.55 million"
