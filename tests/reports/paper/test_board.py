"""The report for a board: what it says, and that everybody can read it."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import page
import pikepdf

from reports.groups import Counts, Group, Level
from reports.paper.board import BoardFacts, board_facts, board_html, running_words
from reports.paper.notes import Made
from reports.paper.record import canonical
from reports.pdf import render_handout
from reports.target.gap import GroupOrder, widest_gap
from reports.target.standing import Line, Standing
from tests.reports.paper.test_notes import LEFT_OUT
from tests.reports.test_csv_export import a_part, figures_with
from typesetting.fonts import TEXT_FAMILY

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
MADE = Made("Siân Lead", "https://learn.example.org/council/halton", ())
LONG = "Directorate of <b>Adult & Children’s</b> Services, Ọláyínká Nguyễn ward and " + "a very long name " * 6


def facts_of(*parts: Group) -> BoardFacts:
    figures = figures_with(*parts)
    lines = tuple(Line(part, 3 if part.counts else 0, 0) for part in parts)
    standing = Standing(None, 100, "", None, widest_gap(figures.total), lines, GroupOrder.GAP)
    figures = figures.__class__(**{**figures.__dict__, "left_out": LEFT_OUT})
    return board_facts(figures, standing, MADE, plan=None, rule="")


def drawn(facts: BoardFacts) -> bytes:
    return render_handout(board_html(facts, family=TEXT_FAMILY), running=running_words(facts), style="report")


PARTS = (
    a_part("Care", Counts(60, 40, 10)),
    a_part(LONG, Counts(40, 24, 10)),
    a_part("Mayor", None),
    a_part("王芳 team", Counts(12, 0)),
)


def test_everybody_can_read_the_report_and_copy_its_words(tmp_path: Path) -> None:
    path = tmp_path / "board.pdf"
    path.write_bytes(drawn(facts_of(*PARTS)))
    assert page.validate_pdf(str(path), profile="ua1").failures == []
    done = subprocess.run([PDFTOTEXT, "-layout", path, "-"], capture_output=True, check=True)
    words = " ".join(done.stdout.decode().split())
    for said in ("Halton", "64 of the 100 people who count have finished it.", "67%", "not shown", "王芳 team", "25"):
        assert said in words
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert len(document.pages) <= 3


def test_its_picture_is_described_and_its_tables_have_headers() -> None:
    with pikepdf.open(BytesIO(drawn(facts_of(*PARTS)))) as document:
        found = list(_elements(document.Root.StructTreeRoot))
    kinds = [str(one.get("/S")) for one in found]
    (figure,) = (one for one in found if str(one.get("/S")) == "/Figure")
    assert "Complete by part: Care 67%" in str(figure.Alt)
    assert (kinds.count("/Table"), kinds.count("/Caption")) == (2, 2)
    assert kinds.count("/TH") == 5 + 4 + 2 + 2


def _elements(node):
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _elements(one)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node.K)


def test_the_same_figures_give_the_same_bytes() -> None:
    first, second = facts_of(*PARTS), facts_of(*PARTS)
    assert canonical(first) == canonical(second)
    assert drawn(first) == drawn(second)


def test_a_part_of_which_nothing_is_shown_says_so_in_every_cell() -> None:
    (row,) = (one for one in facts_of(*PARTS)["rows"] if one["name"] == "Mayor")
    assert {row["people"], row["complete"], row["percent"], row["missing"], row["late"]} == {None}
    assert board_html(facts_of(*PARTS), family="x").count(">not shown<") == 4 + 1


def test_an_empty_authority_has_a_report_too() -> None:
    figures = figures_with()
    empty = figures.__class__(**{**figures.__dict__, "total": Group(Level.AUTHORITY, "Halton", None, ("",) * 3, None)})
    standing = Standing(None, 100, "", None, None, (), GroupOrder.GAP)
    facts = board_facts(empty, standing, MADE, plan=None, rule="")
    assert facts["answer"] == "These figures are not shown."
    assert drawn(facts).startswith(b"%PDF")
