"""The figures as files: CSV, workbook and picture say what the page says."""

from io import BytesIO
from xml.etree import ElementTree

from openpyxl import load_workbook

from kernel.clock import local_day, utc_now
from tests.app.council.figures.conftest import csv_rows, staff
from tests.builders.region import a_unit

HIDDEN = "Fewer than 10 people, or hidden to protect so small a group"


def test_the_download_and_the_screen_agree_cell_by_cell(session, lead, halton, care, course):
    names = ["Care, “Health”", 'The "Hub"', "团队 فريق ทีม", "=HYPERLINK(1)", "-2+3", "Parks\nand paths"]
    for number, name in enumerate(names):
        size = 4 + 9 * number
        staff(session, a_unit(session, halton, name), size, course, complete=size // 2, in_progress=number)
    screen = lead.open("/council/halton?order=name").table("Completion by directorate")
    page = lead.open("/council/halton/completion.csv")
    rows = [row for row in csv_rows(page) if row["level"] == "directorate"]
    assert len(screen) == len(rows) == 7
    for seen, row in zip(screen, rows, strict=True):
        assert " ".join(row["directorate"].removeprefix("'").split()) == seen["Directorate"]
        if row["people"] == "not shown":
            assert list(seen.values())[1:] == ["not shown", HIDDEN, "not shown", "not shown"]
        else:
            percent = f"{row['complete percent']}%" if row["complete percent"] else "–"
            left = int(row["people"]) - int(row["complete"])
            behind = f"{row['in progress']} in progress, {row['not started']} not started"
            assert list(seen.values())[1:] == [percent, behind, str(left), row["people"]]


def test_the_download_is_a_dated_file_of_unicode_text(session, lead, care, course):
    staff(session, care, 20)
    response = lead.open("/council/halton/completion.csv").response
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.get_data().startswith(b"\xef\xbb\xbf")
    assert "halton-test-course-version-1-20" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"


def test_the_workbook_holds_the_same_words_and_figures(session, lead, halton, course):
    staff(session, a_unit(session, halton, "1/2"), 20, course, complete=5)
    response = lead.client.get("/council/halton/completion.xlsx")
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response.headers["Content-Disposition"].endswith(".xlsx")
    book = load_workbook(BytesIO(response.data))
    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    texts = [value for value in values if isinstance(value, str)]
    assert {"directorate", "1/2", "complete percent"} <= set(texts)
    assert {20, 25} <= {value for value in values if isinstance(value, int | float)}
    assert {"People who are counted", "Ayọ̀ Lead"} <= set(texts)
    assert any(text.endswith(f"/council/halton?course=test-course&on={local_day(utc_now())}") for text in texts)


def test_the_picture_shows_the_same_shares_in_each_width(session, lead, halton, care, course):
    staff(session, care, 20, course, complete=5)
    staff(session, a_unit(session, halton, "Parks"), 10, course, complete=9)
    for address in ("completion.svg", "completion.svg?width=narrow", "completion.svg?width=other"):
        page = lead.open(f"/council/halton/{address}")
        assert page.response.mimetype == "image/svg+xml"
        texts = [e.text for e in ElementTree.fromstring(page.response.data).iter() if e.tag.endswith("}text")]  # noqa: S314
        assert texts[:2] == ["25% Adult Social Care", "90% Parks"]
        assert texts[-2] == "Halton Borough Council"
        assert texts[-1].startswith("Test course, ")


def test_the_picture_may_use_its_own_style_and_nothing_else(session, lead, care, course):
    policy = lead.open("/council/halton/completion.svg").response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; font-src data:")
    assert "unsafe-inline" not in lead.open("/council/halton").response.headers["Content-Security-Policy"]
