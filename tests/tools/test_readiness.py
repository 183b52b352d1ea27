"""The block that a person reads when Common Ground is up."""

import json
from pathlib import Path

from tools.readiness import Account, announcement, is_ready, read_accounts


def test_one_sign_in_of_each_role_is_shown_and_the_rest_are_counted() -> None:
    text = announcement(
        "http://127.0.0.1:8000",
        [
            Account("hr-lead", "hr.halton", "four-words"),
            Account("hr-lead", "hr.wirral", "other-words"),
            Account("staff", "staff.sefton", "more-words"),
        ],
    )
    assert "http://127.0.0.1:8000" in text
    assert text.index("staff.sefton") < text.index("hr.halton")
    assert "hr.wirral" not in text
    assert "and 1 more in var/demo-accounts.json" in text
    assert "Ctrl-C" in text


def test_accounts_are_read_as_the_demo_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.json"
    assert read_accounts(path) == []
    listed = [{"role": "staff", "organisation": "sefton", "username": "staff.sefton", "password": "words"}]
    path.write_text(json.dumps(listed))
    assert read_accounts(path) == [Account("staff", "staff.sefton", "words")]


def test_a_server_that_is_not_there_is_not_ready() -> None:
    assert not is_ready("127.0.0.1", 1)
