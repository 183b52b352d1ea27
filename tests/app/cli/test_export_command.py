"""``export``: a file for the keys of an authority, never over another one, and never in the clear by accident."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from pyrage import decrypt, x25519
from sqlalchemy import select

from kernel.audit import AuditEntry
from tests.builders.region import a_course, a_person, a_unit, an_organisation

IDENTITY = x25519.Identity.generate()


@pytest.fixture
def call(app, session):
    a_course(session)
    a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    session.commit()

    def called(*words):
        done = app.test_cli_runner().invoke(args=["export", *map(str, words)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return called


def test_it_is_encrypted_for_the_key_that_is_named(call, session, tmp_path):
    path = tmp_path / "halton.zip.age"
    status, said = call("halton", path, "--key", IDENTITY.to_public())
    assert (status, "encrypted for 1 key." in said) == (0, True)
    assert path.stat().st_mode & 0o777 == 0o600
    with ZipFile(BytesIO(decrypt(path.read_bytes(), [IDENTITY]))) as archive:
        assert archive.testzip() is None
        assert "README.txt" in archive.namelist()
    assert [one.name for one in tmp_path.iterdir()] == ["halton.zip.age"]
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "export-written")).one()


def test_in_the_clear_only_when_it_is_said_and_never_over_a_file(call, tmp_path):
    path = tmp_path / "halton.zip"
    status, said = call("halton", path)
    assert (status, "has no key for exports" in said, path.exists()) == (1, True, False)
    assert call("halton", path, "--unencrypted")[0] == 0
    before = path.read_bytes()
    status, said = call("halton", path, "--unencrypted")
    assert (status, f"{path} is there already" in said, path.read_bytes() == before) == (1, True, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "x.zip", "--unencrypted"), "There is no organisation nowhere."),
        (("halton", "/no/such/folder/x.zip", "--unencrypted"), "There is no folder /no/such/folder."),
        (("halton", "x.zip", "--key", "age1xyz"), "This is not a public key of age"),
        (("halton", "x.zip", "--key", "age1xyz", "--unencrypted"), "Say either --unencrypted or --key"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(call, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, answer = call(*words)
    assert (status, said in answer) == (1, True), answer
    assert not list(tmp_path.iterdir())
