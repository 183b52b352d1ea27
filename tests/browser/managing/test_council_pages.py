"""HR leads and managers read figures; the page, the picture and the download say the same."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, PHONE_WITHOUT_SCRIPTS, Visitor

EVERY_DEVICE = pytest.mark.parametrize(
    "device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS], ids=str
)


@pytest.mark.smoke(str(DESKTOP))
@EVERY_DEVICE
def test_an_hr_lead_sees_how_far_the_authority_is(visit, device):
    lead = visit(device, username="hr")
    assert lead.heading == "Sefton Council"
    lead.sees("who count have finished.")
    expect(lead.page.locator(".cg-bar").first).to_be_visible()
    lead.fits(320)
    lead.follow("Adult Social Care")
    assert lead.heading == "Adult Social Care"
    lead.follow("Overview", within=lead.page.get_by_label("Figures", exact=True))
    lead.follow("Who is counted")
    lead.sees("Small groups")
    lead.follow("Overview", within=lead.page.get_by_label("Figures", exact=True))
    lead.follow("All units, as a tree")
    lead.follow("Open all")
    lead.sees("Home Care")


def test_the_download_holds_the_numbers_of_the_table(visit, tmp_path):
    lead = visit(DESKTOP, username="hr")
    table = lead.table("Completion by directorate")
    with lead.page.expect_download() as started:
        lead.page.get_by_role("link", name="Download the figures (CSV)").click()
    path = tmp_path / "figures.csv"
    started.value.save_as(path)
    downloaded = path.read_text(encoding="utf-8-sig")
    for row in table[1:]:
        assert_line_holds(path, row)
    assert "not shown" in downloaded


def assert_line_holds(path: Path, row: list[str]) -> None:
    name, share, _, not_finished, *_, people = row
    if share == "not shown":
        return
    complete = int(people.replace(",", "")) - int(not_finished.replace(",", ""))
    row = [name, share, str(complete), people]
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [[cell.strip() for cell in line] for line in csv.reader(file)]
    name, *figures = row
    wanted = [figure.removesuffix("%").replace(",", "") for figure in figures]
    candidates = [line for line in lines if name in line]
    assert candidates, f"The download lacks {name}"
    found = [cell.removesuffix("%") for cell in candidates[0]]
    assert all(figure in found for figure in wanted), (row, candidates)


def test_another_authority_does_not_exist_for_them(visit):
    lead = visit(PHONE, username="hr")
    for path in ("", "/who-counts", "/units"):
        lead.open(f"/council/halton{path}", status=404)


def test_a_manager_sees_their_own_unit_only(visit, site):
    manager = visit(PHONE, username="manager")
    assert manager.heading == "Adult Social Care"
    assert "Highways and Parks" not in manager.text
    manager.open("/council/sefton/who-counts")
    assert "Highways and Parks" not in manager.text
    for path in ("/council/sefton/units/3", "/council/halton"):
        manager.open(path, status=404)


@pytest.mark.parametrize("username", ["author", "staff"])
def test_nobody_else_sees_figures(visit, site, username):
    visitor: Visitor = visit(DESKTOP, username=username if username != "staff" else site.a_learner())
    visitor.open("/council/sefton", status=404)
