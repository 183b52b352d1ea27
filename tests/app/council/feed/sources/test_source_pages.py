"""A source set up by an admin: the key of its server confirmed, its file fetched once, and what went wrong said."""

import os
import time

import asyncssh
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.feed.mapping.stored import find_mapping
from people.feed.runs.record import FeedRun
from people.feed.sources.record import FETCH_FEEDS, Outcome
from people.organisations import Organisation
from tests.app.council.feed.conftest import an_hr_lead
from tests.app.council.feed.sources.conftest import (
    SOURCES,
    a_list,
    answers,
    confirmed,
    fetch,
    files,
    half_a_minute_later,
    looks,
    plan,
    set_up,
    the_source,
)
from tests.builders.region import an_organisation
from tests.builders.sftp_server import PASSWORD, Server, sftp_server
from tests.conftest import ListeningBell
from tests.reading import Browser


def acts(session: Session) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.subject_type == "feed-source").order_by(AuditEntry.id)
    return list(session.scalars(wanted))


def test_a_first_look_shows_the_fingerprint_and_tells_the_server_nothing(
    app: Flask, session: Session, admin: Browser, drop: Server, bell: ListeningBell
) -> None:
    page = set_up(admin, drop)
    assert page.heading == "iTrent"
    assert FETCH_FEEDS in bell.rung
    assert admin.client.get(f"{page.url}/status").status_code == 202
    fetch(app)
    shown = admin.open(page.url)
    fingerprint = asyncssh.import_public_key(drop.host_key).get_fingerprint()
    assert f"{fingerprint} (ED25519)" in shown.text
    assert drop.faults.tries == []
    assert "Fetch the newest file now" not in shown.buttons


def test_once_confirmed_what_is_there_is_shown_and_nothing_is_read(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    (drop.folder / "staff-1.csv").write_bytes(a_list(3))
    (drop.folder / "notes.txt").write_text("x")
    page = confirmed(app, admin, drop)
    fetch(app)
    shown = admin.open(page.url)
    assert "This is what is there: one file, staff-1.csv," in shown.text
    assert "would be read. 1 other file has other names." in shown.text
    (row,) = shown.table("What was there, the newest first")
    assert (row["File"], row["What becomes of it"]) == ("staff-1.csv", "Would be read")
    assert files(session) == []
    assert acts(session) == ["feed-source-made", "feed-source-key-confirmed"]


def test_the_newest_file_is_fetched_at_the_second_look_planned_and_read_once(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    (drop.folder / "staff-1.csv").write_bytes(a_list(42))
    page = confirmed(app, admin, drop)
    fetch(app)
    admin.submit(page.url, "Fetch the newest file now")
    fetch(app)
    assert "It is read once it has stood still for half a minute" in admin.open(page.url).text
    half_a_minute_later(session)
    fetch(app)
    plan(app)
    (run,) = files(session)
    assert (run.file_name, run.is_planned, run.planned_by_account_id) == ("staff-1.csv", True, None)
    shown = admin.open(page.url)
    assert "staff-1.csv was fetched." in shown.text
    assert "Adds 2 people" in admin.open(f"/council/sefton/feed/{run.id}").text
    admin.submit(page.url, "Fetch the newest file now")
    fetch(app)
    assert "No new file has come. The newest, “staff-1.csv”, was read before." in admin.open(page.url).text
    assert len(files(session)) == 1
    assert acts(session)[2:] == ["feed-source-asked", "feed-source-fetched", "feed-source-asked"]


def test_a_file_that_is_written_anew_with_the_same_bytes_is_not_read_again(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    file = drop.folder / "staff.csv"
    file.write_bytes(a_list(42))
    page = confirmed(app, admin, drop, has_marker="y")
    (drop.folder / "staff.csv.done").touch()
    fetch(app)
    admin.submit(page.url, "Fetch the newest file now")
    fetch(app)
    assert len(files(session)) == 1
    for name in ("staff.csv", "staff.csv.done"):
        os.utime(drop.folder / name, (time.time() + 60, time.time() + 60))
    admin.submit(page.url, "Fetch the newest file now")
    fetch(app)
    assert "was written anew, and holds the very same" in admin.open(page.url).text
    assert len(files(session)) == 1


def test_a_changed_key_stops_with_words_until_an_admin_confirms_it(
    app: Flask, session: Session, admin: Browser, drop: Server, kofi: Account, bringer: Browser
) -> None:
    page = confirmed(app, admin, drop)
    fetch(app)
    with sftp_server(drop.folder) as other:
        admin.submit(f"{page.url}/change", "Keep this source", secret="", port=str(other.port))
        source = the_source(session)
        assert source.host_key == drop.host_key  # refused: the secret would go to another server
        source.port = other.port
        session.commit()
        admin.submit(page.url, "Look what is there")
        fetch(app)
        shown = admin.open(page.url)
        assert "The server shows another key than the one that was confirmed." in shown.text
        assert other.faults.tries == []
        assert "Yes, this is the key of our server" not in bringer.open(page.url).buttons
        admin.submit(page.url, "Yes, this is the key of our server")
        assert the_source(session).host_key == other.host_key


def test_a_key_that_changed_meanwhile_is_not_confirmed(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    page = set_up(admin, drop)
    fetch(app)
    said = admin.submit(page.url, "Yes, this is the key of our server", host_key="ssh-ed25519 AAAA")
    assert "The server has shown another key meanwhile." in said.soup.get_text(" ")
    assert the_source(session).host_key is None


def test_a_secret_is_sealed_never_shown_and_asked_for_again_when_it_would_go_elsewhere(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    page = confirmed(app, admin, drop)
    stored = the_source(session).secret
    assert stored is not None
    assert PASSWORD not in stored
    form = admin.open(f"{page.url}/change")
    assert PASSWORD not in str(form.soup)
    assert stored not in str(form.soup)
    admin.submit(f"{page.url}/change", "Keep this source", name="iTrent daily")
    assert (the_source(session).secret, the_source(session).name) == (stored, "iTrent daily")
    for change in ({"host": "sftp.example.org"}, {"port": "2222"}, {"username": "somebody"}):
        refused = admin.submit(f"{page.url}/change", "Keep this source", **change)
        assert refused.errors == ["Enter the password or the key again: it goes to another server or user now"]
    assert PASSWORD not in str(session.scalars(select(AuditEntry.detail)).all())


def test_what_is_wrong_with_the_answers_is_said_beside_them(admin: Browser, drop: Server) -> None:
    page = set_up(
        admin, drop, name="", host="sftp://x", port="0", username="", folder="", pattern="*", at="25:00", secret=""
    )
    assert page.status == 422
    assert page.errors == [
        "Enter a name, such as iTrent every morning",
        "Enter more of the name than a star, such as staff-*.csv",
        "Enter a time of the day, such as 06:30",
        "Enter an address such as sftp.example.org, without sftp:// before it",
        "Enter a port from 1 to 65535: servers usually have 22",
        "Enter the user name at the server",
        "Enter the folder on the server, such as /out or . for the first one",
    ]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nonsense", "Paste the whole private key, with the lines that say BEGIN and END"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtp me@here", "This is a public key."),
        (
            asyncssh.generate_private_key("ssh-ed25519").export_private_key(passphrase="x").decode(),
            "This key has a passphrase. Save it without one",
        ),
        (asyncssh.generate_private_key("ssh-rsa", key_size=1024).export_private_key().decode(), "2048 bits or more"),
    ],
)
def test_a_key_that_cannot_be_used_is_said(admin: Browser, drop: Server, key: str, words: str) -> None:
    page = set_up(admin, drop, secret="", key=key)
    assert page.status == 422
    assert words in page.errors[0]


def test_a_key_signs_in_instead_of_a_password(app: Flask, session: Session, admin: Browser, drop: Server) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    with sftp_server(drop.folder, user_key=key) as server:
        both = set_up(admin, server, key="x")
        assert both.errors == ["Enter a password or a key, not both"]
        page = confirmed(app, admin, server, secret="", key=key.export_private_key().decode().replace("\n", "\r\n"))
        fetch(app)
        assert "No file there is called “staff*.csv”" in admin.open(page.url).text


def test_a_wrong_password_waits_for_an_admin_and_is_not_tried_again(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    page = confirmed(app, admin, drop, secret="wrong")
    fetch(app)
    fetch(app)
    shown = admin.open(page.url)
    assert "does not let “hr-drop” in with this password." in shown.text
    assert looks(session)[-1].outcome is Outcome.FAILED
    assert len(drop.faults.tries) == 1
    admin.submit(f"{page.url}/change", "Keep this source", secret=PASSWORD)
    fetch(app)
    assert "No file there is called" in admin.open(page.url).text


def test_a_source_is_switched_off_and_on_again(app: Flask, session: Session, admin: Browser, drop: Server) -> None:
    page = confirmed(app, admin, drop)
    assert "Switched off" in admin.submit(page.url, "Switch it off").text
    assert all(one.state not in (TaskState.PENDING, TaskState.FAILED) for one in looks(session))
    assert "Fetch the newest file now" not in admin.open(page.url).buttons
    admin.submit(page.url, "Switch it on")
    assert the_source(session).is_on
    assert acts(session)[-2:] == ["feed-source-switched-off", "feed-source-switched-on"]


def test_hr_leads_see_sources_and_change_nothing(
    app: Flask, session: Session, admin: Browser, bringer: Browser, drop: Server, mapped: Organisation
) -> None:
    url = set_up(admin, drop).url
    page = bringer.open(SOURCES)
    assert [row["Source"] for row in page.table("Sources")] == ["iTrent"]
    shown = bringer.open(url)
    assert shown.heading == "iTrent"
    assert not {"Change how it is set up", "Switch it off", "Look what is there"} & {*shown.buttons, *shown.links}
    for path in (f"{SOURCES}/new/sftp", f"{url}/change"):
        assert bringer.client.get(path).status_code in (403, 404)
    assert bringer.client.post(f"{url}/off").status_code in (400, 403, 404)
    other = Browser(app).enter_as(an_hr_lead(session, an_organisation(session), "Of Halton"))
    assert other.client.get(url).status_code == 404
    assert other.client.get(url.replace("sefton", "halton")).status_code == 404


def test_two_sources_of_one_name_are_told_apart(admin: Browser, drop: Server) -> None:
    set_up(admin, drop)
    assert set_up(admin, drop).errors == ["Another source has this name. Choose another one"]


def test_a_folder_is_taken_only_where_it_is_allowed(admin: Browser, drop: Server) -> None:
    values = {**answers(drop), "folder": str(drop.folder)}
    page = admin.submit(f"{SOURCES}/new/folder", "Keep this source", **values)
    assert page.errors == ["Whoever runs Common Ground has allowed no folder. Use an SFTP server, or ask them"]


def test_without_a_mapping_there_is_nothing_to_set_up(
    app: Flask, session: Session, admin: Browser, drop: Server
) -> None:
    halton = an_organisation(session)
    session.commit()
    page = admin.open("/council/halton/feed/sources/new/sftp")
    assert "Send a first file by hand and keep its mapping" in page.soup.get_text(" ")
    assert find_mapping(session, organisation_id=halton.id) is None
    assert session.scalars(select(FeedRun).where(FeedRun.source_id.is_not(None))).all() == []
