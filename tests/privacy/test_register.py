"""The register is complete: every table, every column, and everybody to whom a row belongs."""

from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from kernel.database import Base
from privacy.held.rows import columns_of_all
from privacy.register.entries import WORK, Fate, Section
from privacy.register.whole import BEGINS, REGISTER, as_markdown

DOCUMENT = ROOT / "docs" / "privacy.md"
PEOPLE = ("person_id", "account_id")
# Numbers of accounts that stand beside what somebody did, in columns that are about them all the same.
HOW_TO = "Describe it in privacy/register/, then: flask --app wsgi privacy register --into docs/privacy.md"


@pytest.fixture(autouse=True)
def all_tables(app: Flask) -> None:
    """Every stored class is there once the application is."""


def test_every_table_stands_in_the_register() -> None:
    assert set(REGISTER) == set(Base.metadata.tables), HOW_TO


@pytest.mark.parametrize("table", REGISTER)
def test_every_column_stands_in_the_register_and_no_other(table: str) -> None:
    holding, columns = REGISTER[table], set(columns_of_all().get(table, ()))
    assert columns - set(holding.columns) - set(WORK) == set(), HOW_TO
    assert set(holding.columns) - columns == set(), HOW_TO
    assert all(holding.words_for(column) for column in columns)
    assert all((holding.title, holding.purpose, holding.kept, holding.seen_by))
    assert holding.secret | set(holding.acted) | set(holding.emptied) | {holding.whose or "id"} <= columns | {"id"}


@pytest.mark.parametrize("table", REGISTER)
def test_nobody_to_whom_a_row_belongs_is_forgotten(table: str) -> None:
    holding = REGISTER[table]
    leads_to_people = {
        column.name
        for column in Base.metadata.tables[table].columns
        if column.name.endswith(PEOPLE)
        or any(key.column.table.name in ("person", "account") for key in column.foreign_keys)
    }
    assert leads_to_people - {holding.whose} - {*holding.acted, *holding.others} == set(), HOW_TO
    if holding.is_about_people:
        assert holding.section is not None
        assert holding.fate is not None


@pytest.mark.parametrize("table", REGISTER)
def test_what_hangs_on_something_of_a_person_is_about_them_too(table: str) -> None:
    holding = REGISTER[table]
    for column in Base.metadata.tables[table].columns:
        for key in column.foreign_keys:
            other = REGISTER[key.column.table.name]
            if other.is_about_people and other.table not in ("person", "account"):
                assert holding.is_about_people, f"{table}.{column.name} leads to {other.table}. {HOW_TO}"


def test_whatever_is_emptied_says_what_stands_there_then() -> None:
    for holding in REGISTER.values():
        assert (holding.fate is Fate.EMPTIED) is bool(holding.emptied), holding.table


def test_every_heading_holds_something() -> None:
    assert {one.section for one in REGISTER.values()} - {None} == set(Section)


def test_the_document_holds_the_register_as_the_code_has_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, mark, register = text.partition(BEGINS)
    assert before.startswith("# Privacy")
    assert mark, HOW_TO
    assert register.strip() == as_markdown(columns_of_all()).strip(), HOW_TO


def test_the_command_writes_the_register_into_a_document(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "privacy.md"
    copy.write_text(f"# Before\n\n{BEGINS}old", encoding="utf-8")
    run = app.test_cli_runner()
    assert run.invoke(args=["privacy", "register", "--into", str(copy)]).exit_code == 0
    assert copy.read_text(encoding="utf-8") == f"# Before\n\n{BEGINS}\n{as_markdown(columns_of_all())}"
    copy.write_text("# No mark\n", encoding="utf-8")
    refused = run.invoke(args=["privacy", "register", "--into", str(copy)])
    assert refused.exit_code == 1
    assert "has no line that says where the register begins" in refused.output
    assert "#### `reflection`" in run.invoke(args=["privacy", "register"]).output
