"""From the page of an HR lead to the sheet of a team, and to a first password on somebody’s phone."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.council.ways_in import starting
from app.jobs.task_loop import TasksFailed
from app.jobs.ways_in import making as job
from app.jobs.ways_in.making import delete_old_sheets
from app.platform.pages.opened_names import LISTED
from app.platform.storage import FolderStore
from kernel.audit import AuditEntry, entries_for
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.claims import ClaimLost
from kernel.tasks.kinds import TaskState
from people.accounts import Account, find_account
from people.roles import Role, RoleGrant
from people.ways_in.rounds import BEGIN_ROUNDS, MAKE_WAYS_IN, WayInBatch, WayInRound
from tests.app.council.ways_in.conftest import FIRST, Halton
from tests.app.council.ways_in.steps import CAPTION, PASSWORD, ask, begin, code_on, sheet_of, words_on, work
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser


def test_somebody_comes_in_with_a_card_and_sets_a_password_of_their_own(
    app: Flask,
    lead: Browser,
    session: Session,
    halton: Halton,
    bell: ListeningBell,
    tmp_path: Path,
) -> None:
    a_person(session, halton.team, "Ọláyínká O’Brien", payroll_number="00451")
    session.commit()
    assert "1 person of 2 has no way in yet." in lead.open(FIRST).text
    page = ask(lead, 1)
    assert BEGIN_ROUNDS in bell.rung
    assert "1 sign-in card will be made." in page.text
    assert "What was asked for is being prepared" in page.text
    begin(app)
    assert MAKE_WAYS_IN in bell.rung
    assert "1 batch is being made, for 1 person." in lead.open(FIRST).text
    assert lead.client.get(f"{FIRST}/status").status_code == 202
    work(app)
    assert lead.client.get(f"{FIRST}/status").status_code == 200
    (row,) = lead.open(FIRST).table(CAPTION)
    assert (row["What"], row["People"], row["State"]) == ("Cards", "1", "Ready")
    words = words_on(lead, sheet_of(session), tmp_path)
    assert "Ọláyínká O’Brien" in words
    assert "localhost/card" in words
    phone = Browser(app)
    form = phone.open("/card?username=hal-00451")
    assert form.heading == "Use a one-time code"
    assert form.form("Continue")[1]["username"] == "hal-00451"
    assert phone.open("/card").form("Continue")[1]["username"] == ""
    page = phone.submit(form.url, "Continue", username="HAL-00451", code=code_on(words).lower())
    assert (page.url, page.heading) == ("/first-password", "Choose a password")
    assert "Your username is hal-00451 ." in page.text
    page = phone.submit(page.url, "Set this password", password="short")
    assert page.errors == ["The password must have at least 12 characters"]
    page = phone.submit(page.url, "Set this password", password=PASSWORD)
    assert page.heading == "My learning"
    assert Browser(app).submit("/sign-in", "Sign in", username="hal-00451", password=PASSWORD).heading == "My learning"
    again = Browser(app).submit("/card", "Continue", username="hal-00451", code=code_on(words))
    assert again.status == 422
    assert "Has signed in" in lead.open(f"{FIRST}/sheets/{sheet_of(session).id}").text


def test_asking_and_downloading_and_looking_stand_in_the_audit_trail(
    app: Flask, lead: Browser, session: Session, halton: Halton, lead_account: Account, tmp_path: Path
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)
    work(app)
    batch = sheet_of(session)
    words_on(lead, batch, tmp_path)
    lead.open(f"{FIRST}/sheets/{batch.id}")
    taken = entries_for(session, subject_type="sign-in-sheet", subject_id=batch.id)
    assert [(one.action, one.actor_account_id) for one in taken] == [("sign-in-cards-downloaded", lead_account.id)]
    done = session.scalars(select(AuditEntry.action).where(AuditEntry.actor_account_id == lead_account.id)).all()
    assert {"ways-in-asked-for", "sign-in-card-made", "account-added", LISTED} <= set(done)


def test_no_file_in_the_store_shows_a_code_or_a_name(
    app: Flask, lead: Browser, session: Session, halton: Halton, store: FolderStore
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)
    work(app)
    stored = store.read(sheet_of(session).storage_key)
    assert not stored.startswith(b"%PDF")


def test_a_lost_card_is_ended_or_printed_anew(
    app: Flask, lead: Browser, session: Session, halton: Halton, tmp_path: Path
) -> None:
    people = [a_person(session, halton.team, name, payroll_number=name[0]) for name in ("Ana", "Beth")]
    session.commit()
    ask(lead, 2)
    work(app)
    first = sheet_of(session)
    old = code_on(words_on(lead, first, tmp_path))
    url, button = f"{FIRST}/sheets/{first.id}", "Print new cards for them"
    assert lead.submit(url, button).errors == ["Choose at least one person"]
    page = lead.submit(url, button, person=str(people[0].id), act="again")
    assert "1 code opens nothing any more. New cards are on a sheet of their own" in page.text
    work(app)
    words = words_on(lead, sheet_of(session), tmp_path)
    assert ("Ana" in words, "Beth" in words) == (True, False)
    phone = Browser(app)
    assert phone.submit("/card", "Continue", username="hal-a", code=old).status == 422
    assert phone.submit("/card", "Continue", username="hal-a", code=code_on(words)).url == "/first-password"
    page = lead.submit(url, "Only end theirs", person=str(people[1].id), act="end")
    assert "1 code opens nothing any more." in page.text
    assert page.text.count("Over") == 2
    account = find_account(session, username="hal-b")
    assert account is not None
    actions = [one.action for one in entries_for(session, subject_type="account", subject_id=account.id)]
    assert actions[-1] == "sign-in-card-ended"


def test_managers_have_the_sheets_of_their_own_team_and_no_others(
    app: Flask, lead: Browser, manager: Browser, session: Session, halton: Halton, tmp_path: Path
) -> None:
    a_person(session, halton.team, "Amina Okafor")
    a_person(session, halton.parks, "Of Parks")
    session.commit()
    ask(lead, 2)
    work(app)
    (row,) = manager.open(FIRST).table(CAPTION)
    assert row["Team"].startswith("Adult Social Care / Home Care")
    own, other = session.scalars(select(WayInBatch).order_by(WayInBatch.unit_id)).all()
    assert "Amina Okafor" in words_on(manager, own, tmp_path)
    for address in (f"{FIRST}/sheets/{other.id}", f"{FIRST}/sheets/{other.id}/file", f"{FIRST}/choice"):
        assert manager.client.get(address).status_code == 404
    assert manager.client.get(f"{FIRST}/new?unit={halton.parks.id}").status_code == 404


def test_a_manager_makes_cards_for_somebody_new_in_the_team(
    app: Flask, manager: Browser, session: Session, halton: Halton, tmp_path: Path
) -> None:
    a_person(session, halton.team, "Amina Okafor", payroll_number="7")
    a_person(session, halton.care, "Of the Directorate")
    session.commit()
    ask(manager, 1)
    work(app)
    words = words_on(manager, sheet_of(session), tmp_path)
    page = Browser(app).submit("/card", "Continue", username="hal-7", code=code_on(words))
    assert page.url == "/first-password"


def test_nobody_of_another_authority_sees_anything(app: Flask, session: Session, halton: Halton) -> None:
    elsewhere = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    other = an_account(session, a_person(session, elsewhere), Role.HR_LEAD, unit=elsewhere)
    learner = an_account(session, a_person(session, halton.team))
    session.commit()
    for account in (other, learner):
        browser = Browser(app).enter_as(account)
        assert [browser.client.get(f"{FIRST}{more}").status_code for more in ("", "/new", "/choice")] == [404] * 3


def test_an_authority_chooses_first_and_bad_input_says_what_to_do(
    lead: Browser, session: Session, unit: object, lead_account: Account
) -> None:
    assert lead.open(f"{FIRST}/new").url == FIRST
    page = lead.open(lead.open(FIRST).links["Choose how people come in"])
    page = lead.submit(page.url, "Keep this choice", prefix="1")
    assert page.errors == ["Select what people get", "Select what usernames are made of"]
    values = {"way": "card", "usernames": "words"}
    page = lead.submit(page.url, "Keep this choice", **values, prefix="1")
    assert page.errors == ["Use 2 to 10 letters from a to z and digits, and begin with a letter"]
    page = lead.submit(page.url, "Keep this choice", **values, prefix="HAL")
    assert "The choice is kept." in page.text
    assert lead.open(f"{FIRST}/choice").form("Keep this choice")[1]["prefix"] == "hal"


def test_a_sheet_is_deleted_after_its_week(
    app: Flask, lead: Browser, session: Session, halton: Halton, store: FolderStore
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)
    work(app)
    batch = sheet_of(session)
    batch.ends_at = utc_now() - timedelta(minutes=1)
    session.commit()
    assert lead.client.get(f"{FIRST}/sheets/{batch.id}/file").status_code == 404
    with app.app_context():
        delete_old_sheets()
    assert not store.exists(batch.storage_key)
    assert sheet_of(session).state is TaskState.EXPIRED
    assert "The file is deleted." in lead.open(f"{FIRST}/sheets/{batch.id}").text


def test_a_worker_that_was_too_slow_stores_no_sheet(
    app: Flask,
    lead: Browser,
    session: Session,
    halton: Halton,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)

    def lost(*_: object) -> None:
        raise ClaimLost("somebody else has it")

    with monkeypatch.context() as patch:
        calls = iter([job.hold, lost])
        patch.setattr(job, "hold", lambda *told: next(calls)(*told))
        work(app)
    assert not store.exists(sheet_of(session).storage_key)


def test_a_store_that_is_full_makes_the_batch_wait_and_not_fail(
    app: Flask, lead: Browser, session: Session, halton: Halton, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)

    def full(*_: object) -> None:
        raise StorageError("No space is left")

    with monkeypatch.context() as patch:
        patch.setattr(store, "put", full)
        with pytest.raises(TasksFailed):
            work(app)
    batch = sheet_of(session)
    assert batch.state is TaskState.FAILED
    batch.retry_at = utc_now()
    session.commit()
    work(app)
    assert sheet_of(session).state is TaskState.DONE


def test_nothing_is_made_for_an_hr_lead_who_is_none_any_more(
    app: Flask, lead: Browser, session: Session, halton: Halton, lead_account: Account
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)
    session.scalars(select(RoleGrant).where(RoleGrant.account_id == lead_account.id)).one().revoked_at = utc_now()
    session.commit()
    work(app)
    assert sheet_of(session).state is TaskState.CANCELLED


def test_what_is_asked_for_twice_is_made_once_and_stopped_before_it_is_made(
    app: Flask, lead: Browser, session: Session, halton: Halton
) -> None:
    a_person(session, halton.team)
    session.commit()
    ask(lead, 1)
    assert "This was asked for just now" in ask(lead, 1).text
    begin(app)
    begin(app)
    assert len(session.scalars(select(WayInBatch)).all()) == 1
    page = lead.submit(FIRST, "Stop what is not made yet")
    assert "1 batch is not made. What was made before stays." in page.text
    work(app)
    assert sheet_of(session).state is TaskState.CANCELLED
    ask(lead, 1)
    assert "Stopped." in lead.submit(FIRST, "Stop what is not made yet").text
    work(app)
    session.expire_all()
    assert [one.state for one in session.scalars(select(WayInRound).order_by(WayInRound.id))] == [
        TaskState.DONE,
        TaskState.CANCELLED,
    ]
    assert len(session.scalars(select(WayInBatch)).all()) == 1


def test_many_cards_are_asked_about_on_a_page_of_their_own(
    lead: Browser, session: Session, halton: Halton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "MOST_UNASKED", 1)
    for name in ("Ana", "Beth"):
        a_person(session, halton.team, name, payroll_number=name)
    session.commit()
    asked = ask(lead, 2)
    assert asked.heading == "Make 2 cards?"
    assert not session.scalars(select(WayInRound)).all()
    target, values = asked.form("Yes, make them")
    assert lead.post(target, values).url == FIRST
    assert len(session.scalars(select(WayInRound)).all()) == 1
