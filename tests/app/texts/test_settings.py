"""What carries texts: settings that cannot be used are refused, and ``doctor`` says whether the service answers."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.doctor.mail import check_texts
from app.platform.texts.carriers import TextFolder, make_text_carrier
from config import Settings
from messages.by_text.record import Delivery
from tests.builders.servers.notify import KEY, TEMPLATE, Notify, running_notify
from tests.conftest import settings_for

ADDRESS = "notify://api.notifications.service.gov.uk"


def settings(**changes: object) -> Settings:
    return settings_for("sqlite:///none", Path("files"), **changes)


def at_notify(port: int, **changes: object) -> Settings:
    return settings(
        **{"texts_url": f"notify-plain://127.0.0.1:{port}", "texts_key": KEY, "texts_template": TEMPLATE, **changes}
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"texts_key": None}, "TEXTS_KEY must be a whole API key"),
        ({"texts_key": "a-key"}, "TEXTS_KEY must be a whole API key"),
        ({"texts_template": "Reminder"}, "TEXTS_TEMPLATE must be the id"),
        ({"texts_url": "notify://"}, "TEXTS_URL must be like notify://"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        settings(**{"texts_url": ADDRESS, "texts_key": KEY, "texts_template": TEMPLATE, **changes})


@pytest.mark.parametrize("url", ["/srv/texts", "file:///srv/texts", "notify-plain://127.0.0.1:80"])
def test_production_refuses_what_is_for_a_demo(url: str) -> None:
    production = {
        "env": "production",
        "database_url": "postgresql+psycopg:///common_ground",
        "public_url": "https://learn.example.org",
        "secret_key": "Zr4kq9TgW2mXv7LbJc8sNd5hYp3fAe6u",
        "storage_url": "/srv/files",
        "texts_key": KEY,
        "texts_template": TEMPLATE,
    }
    with pytest.raises(ValidationError, match="COMMON_GROUND_TEXTS_URL"):
        Settings.model_validate({**settings().model_dump(), **production, "texts_url": url})
    assert Settings.model_validate({**settings().model_dump(), **production, "texts_url": ADDRESS}).texts_url == ADDRESS


def test_no_texts_are_sent_unless_somebody_asks_for_it() -> None:
    assert make_text_carrier(settings()) is None
    assert check_texts(None).is_ok


def test_doctor_asks_notify_for_the_template() -> None:
    notify = Notify()
    with running_notify(notify) as port:
        assert check_texts(make_text_carrier(at_notify(port))).is_ok
        notify.body = "Hello ((name))"
        found = check_texts(make_text_carrier(at_notify(port)))
        assert (found.is_ok, "hold ((message))" in found.message) == (False, True)
        wrong = KEY.replace("66666666", "66666667")
        assert "403 Invalid token" in check_texts(make_text_carrier(at_notify(port, texts_key=wrong))).message
    assert not check_texts(make_text_carrier(at_notify(port))).is_ok


def test_a_folder_keeps_one_file_for_each_text(tmp_path: Path) -> None:
    carrier = make_text_carrier(settings(texts_url=str(tmp_path / "texts")))
    assert isinstance(carrier, TextFolder)
    assert check_texts(carrier).is_ok
    for _ in range(2):
        carrier.send(phone_number="+447700900123", words="Words", reference="common-ground-1")
    (file,) = carrier.root.iterdir()
    assert file.read_text(encoding="utf-8") == "To: +447700900123\n\nWords\n"
    assert carrier.find("common-ground-1") is Delivery.ARRIVED
    assert carrier.find("another") is None
