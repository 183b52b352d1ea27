"""Evidence packs: put together by a worker, sealed, and checked by anybody."""

import hashlib
import json
import re
import subprocess
from io import BytesIO

import page as page_validation
import pytest

from app.jobs.papers.making import drawn
from app.platform.storage import file_store
from assignments.exemptions.record import Exemption, ExemptionReason
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.roles import Role
from reports.paper.record import PAPERS, Paper
from tests.app.council.papers.conftest import MONTH_END
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import people_in
from tests.reports.test_session_pack import PDFTOTEXT

EVIDENCE = "/council/halton/evidence"
DAY = {"on": [str(MONTH_END.day), str(MONTH_END.month), str(MONTH_END.year)]}


def day_fields(name, day):
    return {f"{name}": [str(day.day), str(day.month), str(day.year)]}


def words_of(data):
    done = subprocess.run([PDFTOTEXT, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def ask(session, lead):
    answer = lead.submit(EVIDENCE, "Make the pack", **DAY)
    assert answer.heading.startswith("Evidence pack EVID-"), answer.text
    session.expire_all()
    return session.query(Paper).order_by(Paper.id.desc()).first()


def checked(anybody, number, data):
    return anybody.submit("/evidence", "Check", number=number, file=(BytesIO(data), "pack.pdf"))


def file_of(lead, paper):
    with lead.client.get(f"{EVIDENCE}/packs/{paper.id}/file") as response:
        assert response.status_code == 200
        return response.get_data()


@pytest.fixture
def worded(lead):
    text = "We act fairly.\n\nEverybody learns <b>it</b>."
    answer = lead.submit(f"{EVIDENCE}/policy", "Keep the policy", text=text)
    assert "The policy is kept. It is version 1" in answer.text


@pytest.fixture
def decided(lead):
    days = {**day_fields("decided_on", MONTH_END), **day_fields("due_on", MONTH_END)}
    answer = lead.submit(f"{EVIDENCE}/actions", "Add the action", words="Panels with three people", **days)
    assert "The action is on the list" in answer.text


def test_a_pack_is_put_together_sealed_and_found_by_number_hash_and_file(
    session, app, lead, worded, decided, work, tmp_path
):
    paper = ask(session, lead)
    status = lead.client.get(f"{EVIDENCE}/packs/{paper.id}/status")
    assert status.status_code == 202
    work()
    session.expire_all()
    assert (paper.state, paper.done, paper.wanted) == (TaskState.DONE, 1, 2)
    data = file_of(lead, paper)
    assert paper.sha256 == hashlib.sha256(data).hexdigest()
    path = tmp_path / "pack.pdf"
    path.write_bytes(data)
    assert page_validation.validate_pdf(str(path), profile="ua1").failures == []
    words = words_of(data)
    for said in (
        f"Number {paper.number}",
        "About 54% of about 130 people who counted on",
        "Outline: Test course, version 1",
        "Panels with three people",
        "not shown",
        "Within 12 months",
        "People who are exempt, by reason",
    ):
        assert said in words
    assert "had not worded its policy here by that day" in words  # it was worded today, and the pack is of a day before
    anybody = Browser(app)
    for typed in (paper.number.lower().replace("-", " "), paper.sha256.upper()):
        found = anybody.submit("/evidence", "Check", **{"number": typed})
        assert found.heading == f"Evidence pack {paper.number}"
        assert paper.sha256 in found.text
    unchanged = anybody.submit("/evidence", "Check", **{"file": (BytesIO(data), "pack.pdf")})
    assert unchanged.heading == "This is the pack, unchanged"
    assert "for Halton Borough Council, as at" in unchanged.text
    changed = anybody.submit("/evidence", "Check", **{"file": (BytesIO(data + b" "), "pack.pdf")})
    assert changed.heading == "This file is not a pack as we made it"


def test_a_file_beside_another_number_is_not_called_unchanged(session, app, lead, work):
    first = ask(session, lead)
    work()
    second = ask(session, lead)
    work()
    session.expire_all()
    anybody = Browser(app)
    found = checked(anybody, second.number, file_of(lead, first))
    assert found.heading == "This file is another pack"
    right = checked(anybody, first.number, file_of(lead, first))
    assert right.heading == "This is the pack, unchanged"


def test_the_facts_of_a_pack_give_the_same_bytes_again_and_name_nobody(session, app, lead, work):
    paper = ask(session, lead)
    work()
    session.expire_all()
    with app.app_context():
        assert drawn(paper.kind, paper.facts) == file_of(lead, paper)
    assert "Siân Nguyễn" not in paper.facts
    first = json.loads(paper.facts)
    again = ask(session, lead)
    work()
    session.expire_all()
    second = json.loads(again.facts)
    assert {**first, "number": ""} == {**second, "number": ""}


def test_small_groups_and_few_exemptions_are_not_in_a_pack(session, lead, halton, course, care, work):
    some = people_in(session, care, 12)
    for one in some:
        session.add(
            Exemption(
                person_id=one.id,
                organisation_id=halton.id,
                course_id=course.course_id,
                reason=ExemptionReason.OTHER,
                evidence="Agreed",
                starts_on=MONTH_END.replace(day=1),
                ends_on=local_day(utc_now()),
                given_at=utc_now(),
            )
        )
    session.commit()
    paper = ask(session, lead)
    work()
    session.expire_all()
    (found,) = json.loads(paper.facts)["courses"]
    assert {one["people"] for one in found["exempt"]} == {None}
    assert [row[1:] for row in found["rows"] if row[0] == "Mayor’s Office"] in ([], [[None, None, None]])


def test_what_is_cancelled_leaves_nothing(session, app, lead, work):
    paper = ask(session, lead)
    cancelled = lead.submit(f"{EVIDENCE}/packs/{paper.id}", "Cancel this pack")
    assert "Nothing of this pack is kept" in cancelled.text
    work()
    session.expire_all()
    assert paper.state is TaskState.CANCELLED
    with app.app_context():
        assert not file_store().exists(paper.storage_key)
    assert lead.client.get(f"{EVIDENCE}/packs/{paper.id}/file").status_code == 404
    assert Browser(app).open(f"/evidence/{paper.number}").status == 404


def test_a_pack_cancelled_while_it_is_made_leaves_nothing(session, app, lead, work, monkeypatch):
    paper = ask(session, lead)
    made = []

    def draw(*_args, **_more):
        lead.submit(f"{EVIDENCE}/packs/{paper.id}", "Cancel this pack")
        made.append(True)
        return b"%PDF-"

    monkeypatch.setattr("app.jobs.papers.making.render_handout", draw)
    work()
    session.expire_all()
    assert (made, paper.state) == ([True], TaskState.CANCELLED)
    with app.app_context():
        assert not file_store().exists(paper.storage_key)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["", "", ""], "Enter the day that the pack should be of"),
        (["1", "1", "1999"], "begins on"),
        (["31", "12", "2999"], "Choose a day that is over"),
    ],
)
def test_a_day_of_which_there_is_no_pack_is_refused_in_words(lead, given, said):
    answer = lead.submit(EVIDENCE, "Make the pack", on=given)
    assert answer.status == 422
    assert said in answer.text


def test_today_is_not_over(lead):
    answer = lead.submit(EVIDENCE, "Make the pack", **day_fields("on", local_day(utc_now())))
    assert "Choose a day that is over: what stands in a pack stays for ever" in answer.text


def test_two_people_do_not_word_the_policy_over_each_other(lead, worded):
    address, button = f"{EVIDENCE}/policy", "Keep the policy"
    answer = lead.submit(address, button, text="Something else", follows="0")
    assert answer.status == 422
    assert "Somebody else has worded the policy meanwhile" in answer.text
    kept = lead.submit(address, button, text="Something else")
    assert "It is version 2" in kept.text


def test_all_that_is_missing_of_an_action_is_said_at_once(lead):
    nothing = {"decided_on": ["", "", ""], "due_on": ["", "", ""]}
    answer = lead.submit(f"{EVIDENCE}/actions", "Add the action", words="", **nothing)
    for said in ("Enter what was decided", "Enter the day on which it was decided", "Enter by when it is to be done"):
        assert said in answer.text


def test_an_action_is_done_once(session, lead, decided):
    page = lead.open(f"{EVIDENCE}/actions")
    (address,) = {url for words, url in page.links.items() if words.startswith("Say what became of it")}
    today = day_fields("on", local_day(utc_now()))
    target, values = lead.open(address).form("Keep this")
    done = lead.post(target, {**values, "end": "done", "words": "Since May", **today})
    assert "Since May" in done.text
    again = lead.post(target, {**values, "end": "dropped", "words": "Not any more", **today})
    assert "Somebody else has said meanwhile what became of this" in again.text


def test_nobody_else_sees_packs_or_makes_them(session, app, lead, care, halton):
    paper = ask(session, lead)
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    other = Browser(app).enter_as(an_account(session, a_person(session), Role.HR_LEAD, unit=sefton))
    manager = Browser(app).enter_as(an_account(session, a_person(session), Role.MANAGER, unit=care))
    for address in (EVIDENCE, f"{EVIDENCE}/packs/{paper.id}", f"{EVIDENCE}/policy", f"{EVIDENCE}/actions"):
        assert other.client.get(address).status_code == 404
        assert manager.client.get(address).status_code in (403, 404)
    assert other.client.get(f"/council/sefton/evidence/packs/{paper.id}").status_code == 404


@pytest.mark.parametrize("typed", ["", "nothing", "EVID-0000-0000-0", "a" * 64, "\x00", "9" * 5001, "-1"])
def test_what_is_no_pack_is_said_in_words(app, typed):
    anybody = Browser(app)
    answer = anybody.submit("/evidence", "Check", **{"number": typed})
    assert answer.status == 422
    assert re.search("No evidence pack has this number|Enter the number", answer.text)
    assert PAPERS.table is Paper
