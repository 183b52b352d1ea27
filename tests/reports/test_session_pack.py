"""The pack for a live session: what is in it, its local words, and its accessible PDF."""

import re
import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import change_local_wording
from courses.content.bundle.reading import read_bundle, read_folder
from courses.content.model.local_wording import STANDARD
from courses.teams.session_pack import COURSE, SessionPack, session_pack, session_pack_for
from reports.pdf import HandoutError, render_handout
from reports.session_pack import digest_of, pack_html, storage_key
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.courses.library.rules import FORBIDDEN, INTERNAL, SMALL_LETTERS
from tests.courses.library.texts import LIBRARY
from tests.courses.teams.test_team_talks import publish_shipped

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
SECTORS = 6
# The people who run the session are called that; nothing else is.
FACILITATORS = r"\bfacilitat"


@cache
def general(**words: str) -> SessionPack:
    document = read_bundle(read_folder(LIBRARY / COURSE)).document
    assert document is not None
    return session_pack({name: token.default for name, token in STANDARD.items()} | words, facts=document.facts)


def failures(data: bytes, path: Path) -> list[str]:
    path.write_bytes(data)
    return [f"{one.rule_id}: {one.message}" for one in page.validate_pdf(str(path), profile="ua1").failures]


def words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_the_pack_has_everything_that_facilitators_need() -> None:
    titles = [part.title for part in general().parts]
    assert titles[:5] == [
        "About the session",
        "Timetable",
        "Difficult moments",
        "Online version, access, and after",
        "Pocket cards",
    ]
    assert titles[-3:] == ["Equality impact assessments on one page", "Plan cards", "Support sheet"]


def test_each_sector_has_three_scenario_sheets() -> None:
    sheets = [part for part in general().parts if part.id.startswith("scenarios-")]
    assert len(sheets) == SECTORS
    assert {len(part.pieces) for part in sheets} == {3}
    assert len({piece.title for part in sheets for piece in part.pieces}) == SECTORS * 3


def test_the_timetable_fills_the_three_and_a_half_hours() -> None:
    timetable = next(part for part in general().parts if part.id == "timetable").intro
    rows = re.findall(r'scope="row"[^>]*>(\d+):(\d+)</th>.*?<td[^>]*>(\d+)</td>', timetable, re.DOTALL)
    starts = [int(hour) * 60 + int(minute) for hour, minute, _ in rows]
    lengths = [int(minutes) for _, _, minutes in rows]
    assert [start + length for start, length in zip(starts, lengths, strict=True)][:-1] == starts[1:]
    assert sum(lengths) == 210


@pytest.mark.parametrize("pattern", [rule for rule in (*FORBIDDEN, *INTERNAL) if rule != FACILITATORS])
def test_the_writing_rules_hold_in_the_pack(pattern: str) -> None:
    words = words_of(pack_html(general()).split("<body>")[1]).replace("Race equality essentials", "")
    words = words.replace("&#x27;", "’").replace("“diversity hire”", "")
    if pattern in {r"[\"']", r"&"}:
        words = re.sub(r"&\w+;", "", words)
    assert re.findall(pattern, words, re.IGNORECASE) == []


def test_ethnic_groups_have_capital_letters() -> None:
    assert re.findall(SMALL_LETTERS, pack_html(general())) == []


def test_an_authority_reads_its_own_words(session: Session) -> None:
    organisation = an_organisation(session)
    account = an_account(session, a_person(session, a_unit(session, organisation)))
    before = session_pack_for(session, organisation=organisation)
    change_local_wording(
        session,
        organisation_id=organisation.id,
        token="wellbeing_route",
        text="Siân <b> & 王芳",
        account_id=account.id,
        now=NOON,
    )
    pack = session_pack_for(session, organisation=organisation)
    assert "Siân &lt;b&gt; &amp; 王芳" in pack_html(pack)
    assert "Cheshire Constabulary" in pack_html(pack)
    assert storage_key(pack) != storage_key(before)
    assert storage_key(pack).startswith("session-packs/halton-")
    assert storage_key(session_pack_for(session, organisation=None)).startswith("session-packs/general-")


def test_figures_and_events_come_from_the_published_course_or_stay_away(session: Session) -> None:
    titles = {"Local figures on one page", "Event cards"}
    before = session_pack_for(session, organisation=None)
    assert not titles & {part.title for part in before.parts}
    publish_shipped(session, COURSE)
    after = session_pack_for(session, organisation=None)
    assert titles <= {part.title for part in after.parts}
    assert digest_of(after) == digest_of(general())
    assert "{{" not in pack_html(after)


def test_the_pdf_is_accessible(tmp_path: Path) -> None:
    data = render_handout(pack_html(general()), running="From knowing to doing")
    assert failures(data, tmp_path / "pack.pdf") == []
    with pikepdf.open(BytesIO(data)) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert document.docinfo["/Title"] == "From knowing to doing"
        assert 20 < len(document.pages) < 35


def test_the_check_would_notice_a_file_that_is_not(tmp_path: Path) -> None:
    data = render_handout("<p>No title, no language</p>", running="x")
    assert failures(data, tmp_path / "bad.pdf") != []


def test_names_and_words_in_other_scripts_can_be_copied_from_the_pdf() -> None:
    html = pack_html(general(wellbeing_route="Ask Siân Nguyễn or Ọláyínká"))
    done = subprocess.run(
        [PDFTOTEXT, "-", "-"], input=render_handout(html, running="x"), capture_output=True, check=True
    )
    assert "Siân Nguyễn" in done.stdout.decode()


def test_nothing_is_read_from_elsewhere() -> None:
    with pytest.raises(HandoutError):
        render_handout('<img src="https://evil.example/x.png" alt="">', running="x")
    with pytest.raises(HandoutError):
        render_handout('<img src="file:///etc/passwd" alt="">', running="x")


def test_the_same_pack_gives_the_same_bytes() -> None:
    html = "<html lang='en'><title>x</title><h1>Hello</h1></html>"
    assert render_handout(html, running="x") == render_handout(html, running="x")
