"""An SFTP server that works, hangs, refuses, shows another key or breaks off, and files that change meanwhile."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_ssh_private_key

from app.platform.hr_sources.reading import Looked, Patience, look
from app.platform.hr_sources.sftp import Server, opened_server
from people.feed.sources.choosing import Choice, Verdict, Wanted
from people.feed.sources.problems import HostKeyChanged, HostKeyUnconfirmed, NeedsSomebody, SourceProblem
from people.feed.sources.record import SecretKind
from tests.builders import sftp_server as servers
from tests.builders.sftp_server import PASSWORD, USER, sftp_server

PATIENCE = Patience(connect=5, answer=5, whole=20)
SHORT = Patience(connect=0.5, answer=0.5, whole=3)


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[servers.Server]:
    with sftp_server(tmp_path) as server:
        yield server


def address(server: servers.Server, **changes: Any) -> Server:
    known = Server("127.0.0.1", server.port, USER, SecretKind.PASSWORD, PASSWORD, server.host_key, "/")
    return replace(known, **changes)


def looked(server: Server, patience: Patience = PATIENCE, **wanted: Any) -> tuple[Looked, bytes]:
    into = BytesIO()
    asked = Wanted("*.csv", **wanted)
    found = look(lambda: opened_server(server, patience), asked, into, patience=patience)
    return found, into.getvalue()


def fetched(server: Server, patience: Patience = PATIENCE) -> tuple[Looked, bytes]:
    """What comes of a second look."""
    first, _ = looked(server)
    return looked(server, patience, seen={file.name: file.stand for file, _ in first.choice.listed})


def names(choice: Choice) -> list[str]:
    return [file.name for file, _ in choice.listed]


@contextmanager
def soon(seconds: float) -> Iterator[None]:
    """Nothing inside holds anybody up for much longer than the patience given; generous, for a busy machine."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_the_newest_file_is_fetched_whole_at_the_second_look(drop: servers.Server) -> None:
    data = b"number,name\n" + "00501,Siân Nguyễn\n".encode() * 20_000
    (drop.folder / "staff.csv").write_bytes(data)
    first, nothing = looked(address(drop))
    assert [verdict for _, verdict in first.choice.listed] == [Verdict.STILL]
    assert nothing == b""
    second, copied = fetched(address(drop))
    assert second.is_whole
    assert copied == data


def test_names_in_every_script_are_listed_and_links_and_folders_are_not(drop: servers.Server) -> None:
    odd = [
        "Nguyễn.csv",
        "王芳.csv",
        "محمد علي.csv",
        "Ọláyínká’s “list”.csv",
        " spaces .csv",
        "a;b$c`d.csv",
        "%2e.csv",
        "#x?.csv",
    ]
    for name in odd:
        (drop.folder / name).write_text(name, encoding="utf-8")
    (drop.folder / "folder.csv").mkdir()
    (drop.folder / "link.csv").symlink_to("/etc/passwd")
    found, _ = looked(address(drop))
    assert sorted(names(found.choice)) == sorted(odd)
    _, copied = fetched(address(drop))
    assert copied.decode() in odd


def test_a_name_that_is_not_utf_8_is_said(drop: servers.Server) -> None:
    (drop.folder / b"caf\xe9.csv".decode("utf-8", "surrogateescape")).write_text("x")
    with pytest.raises(SourceProblem, match="has a name that is not UTF-8"):
        looked(address(drop))


def test_a_key_signs_in(tmp_path: Path) -> None:
    for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"):
        key = asyncssh.generate_private_key(kind)
        with sftp_server(tmp_path, user_key=key) as server:
            # As it is stored: paramiko refuses about half of the ECDSA keys that asyncssh writes.
            made = load_ssh_private_key(key.export_private_key(), None)
            text = made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
            found, _ = looked(address(server, secret_kind=SecretKind.KEY, secret=text))
            assert names(found.choice) == []
            assert set(server.faults.tries) == {f"key {USER}"}


def test_the_first_time_nothing_is_told_to_a_server(drop: servers.Server) -> None:
    with pytest.raises(HostKeyUnconfirmed, match="answered for the first time") as found:
        looked(address(drop, host_key=None))
    assert found.value.host_key == drop.host_key
    assert drop.faults.tries == []


def test_another_key_than_the_confirmed_one_stops_before_anything_is_told(drop: servers.Server, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()
    with pytest.raises(HostKeyChanged, match="Nothing was told to it") as found:
        looked(address(drop, host_key=f"{other[0]} {other[1]}"))
    assert found.value.host_key == drop.host_key
    assert drop.faults.tries == []


@pytest.mark.parametrize("confirmed", [0, 1, 2])
def test_of_several_keys_the_confirmed_one_is_asked_for(tmp_path: Path, confirmed: int) -> None:
    keys = tuple(asyncssh.generate_private_key(one) for one in ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"))
    with sftp_server(tmp_path, host_keys=keys) as server:
        words = keys[confirmed].export_public_key().decode().split()
        found, _ = looked(address(server, host_key=f"{words[0]} {words[1]}"))
        assert names(found.choice) == []


def test_a_wrong_password_takes_a_person_and_one_try(drop: servers.Server) -> None:
    with pytest.raises(NeedsSomebody, match="does not let “hr-drop” in with this password") as found:
        looked(address(drop, secret="wrong"))
    assert "wrong" not in str(found.value)
    assert drop.faults.tries == [f"password {USER}"]


@pytest.mark.parametrize("point", ["sign-in", "list", "read"])
def test_a_server_that_hangs_is_left_and_is_no_wrong_password(drop: servers.Server, point: str) -> None:
    (drop.folder / "staff.csv").write_text("x" * 1000)
    first, _ = looked(address(drop))
    drop.faults.hangs_at = point
    with soon(15), pytest.raises(SourceProblem) as found:
        looked(address(drop), SHORT, seen={file.name: file.stand for file, _ in first.choice.listed})
    assert not isinstance(found.value, NeedsSomebody)
    assert "stopped answering" in str(found.value)


def test_a_server_that_lets_us_in_and_says_nothing_is_left(tmp_path: Path) -> None:
    with sftp_server(tmp_path, is_silent=True) as server, soon(15):
        with pytest.raises(SourceProblem, match="has stopped answering") as found:
            looked(address(server), SHORT)
        assert not isinstance(found.value, NeedsSomebody)


def test_a_port_that_answers_nothing_or_nonsense_is_left() -> None:
    def answering(data: bytes) -> tuple[socket.socket, int]:
        listening = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            held = []
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                held.append(line)
                line.sendall(data)

        threading.Thread(target=serve, daemon=True).start()
        return listening, listening.getsockname()[1]

    for data in (b"", b"220 ftp.example.org ready\r\n" * 200, b"SSH-2.0-half\r\n"):
        listening, port = answering(data)
        server = Server("127.0.0.1", port, USER, SecretKind.PASSWORD, PASSWORD, None, "/")
        with soon(15), pytest.raises(SourceProblem) as found:
            looked(server, SHORT)
        assert not isinstance(found.value, NeedsSomebody)
        listening.close()


def test_a_server_that_is_not_there_says_what_to_check(drop: servers.Server) -> None:
    with pytest.raises(SourceProblem, match=r"does not answer. Check address and port"):
        looked(address(drop, port=1))
    with pytest.raises(SourceProblem, match="leads nowhere"):
        looked(address(drop, host="no-such-host.invalid"))


def test_a_folder_that_is_not_there_is_named(drop: servers.Server) -> None:
    with pytest.raises(SourceProblem, match="There is no folder “/nowhere”"):
        looked(address(drop, folder="/nowhere"))


def test_a_line_that_breaks_off_in_the_middle_gives_nothing(drop: servers.Server) -> None:
    (drop.folder / "staff.csv").write_bytes(b"x" * 1_000_000)
    drop.faults.cut_after = 300_000
    with pytest.raises(SourceProblem, match=r"broke off in the middle. Nothing of the file was used"):
        fetched(address(drop))


@pytest.mark.parametrize("by", ["more", "less", "other"])
def test_a_file_that_is_replaced_while_it_is_read_is_not_used(drop: servers.Server, by: str) -> None:
    file = drop.folder / "staff.csv"
    file.write_bytes(b"x" * 600_000)
    os.utime(file, (1_700_000_000, 1_700_000_000))

    def replace_it() -> None:
        file.write_bytes({"more": b"y" * 700_000, "less": b"y" * 100, "other": b"y" * 600_000}[by])

    drop.faults.at_read = replace_it  # type: ignore[method-assign]
    found, _ = fetched(address(drop))
    assert not found.is_whole


def test_a_slow_line_is_left_when_all_of_it_takes_too_long(drop: servers.Server) -> None:
    (drop.folder / "staff.csv").write_bytes(b"x" * 3_000_000)
    drop.faults.at_read = lambda: time.sleep(0.1)  # type: ignore[method-assign]
    with soon(15), pytest.raises(SourceProblem, match="was not done after"):
        fetched(address(drop), Patience(connect=5, answer=5, whole=1.5))


def test_one_server_for_two_people_is_two_connections(drop: servers.Server) -> None:
    looked(address(drop))
    looked(address(drop))
    assert len(drop.faults.lines) == 2
