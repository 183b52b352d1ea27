"""Which way texts leave, by ``COMMON_GROUND_TEXTS_URL``; and a folder, where the texts of a demo can be read."""

import re
from pathlib import Path

from flask import Flask, current_app

from app.platform.mail.transport import find_mail_transport
from app.platform.texts.notify import NotifyCarrier
from config import NOTIFY, PLAIN_NOTIFY, BadSettings, Settings
from kernel.plugs import installed
from messages.by_text.carrying import CarrierKind, TextCarrier, TextsUnavailable
from messages.by_text.record import Delivery
from messages.ways import Ways

ENTRY_POINT_GROUP = "common_ground.text_carriers"


class TextFolder:
    """Texts as files, one each under its reference."""

    def __init__(self, root: Path) -> None:
        self.root, self.place = root, str(root)

    def send(self, *, phone_number: str, words: str, reference: str) -> None:
        """Write one text beside its place, then rename it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            part = self.root / f".{reference}.part"
            part.write_text(f"To: {phone_number}\n\n{words}\n", encoding="utf-8")
            part.replace(self._path(reference))
        except OSError as problem:
            raise TextsUnavailable(f"{self.root} cannot be written: {problem.strerror or problem}") from problem

    def find(self, reference: str) -> Delivery | None:
        return Delivery.ARRIVED if self._path(reference).is_file() else None

    def check(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise TextsUnavailable(f"{self.root} cannot be made: {problem.strerror or problem}") from problem

    def _path(self, reference: str) -> Path:
        return self.root / f"{re.sub(r'[^a-z0-9-]', '', reference)}.txt"


class Folders:
    """A path, with ``file://`` before it or not."""

    key = "file"

    def open(self, address: str, *, key: str, template: str) -> TextCarrier:  # noqa: ARG002 - the signature of a CarrierKind
        return TextFolder(Path(address))


class Notify:
    """GOV.UK Notify."""

    key = NOTIFY

    def open(self, address: str, *, key: str, template: str) -> TextCarrier:
        return NotifyCarrier(f"https://{address}", key=key, template=template)


class PlainNotify:
    """The same without encryption, for a server of this machine that speaks as Notify does. Never in production."""

    key = PLAIN_NOTIFY

    def open(self, address: str, *, key: str, template: str) -> TextCarrier:
        return NotifyCarrier(f"http://{address}", key=key, template=template)


BUILT_IN: tuple[CarrierKind, ...] = (Folders(), Notify(), PlainNotify())


def make_text_carrier(settings: Settings) -> TextCarrier | None:
    """What carries texts; ``None`` where none are sent. Raises ``BadSettings`` when no such carrier is installed."""
    if not settings.texts_url:
        return None
    scheme, separator, address = settings.texts_url.rpartition("://")
    kinds = installed(ENTRY_POINT_GROUP, BUILT_IN)
    kind = kinds.get(scheme if separator else Folders.key)
    if kind is None:
        raise BadSettings(f"COMMON_GROUND_TEXTS_URL must begin with one of: {', '.join(kinds)}")
    secret = settings.texts_key.get_secret_value() if settings.texts_key else ""
    return kind.open(address, key=secret, template=settings.texts_template or "")


def find_text_carrier() -> TextCarrier | None:
    """The application's carrier of texts, or ``None`` where none are sent."""
    found: TextCarrier | None = current_app.extensions["common-ground-texts"]
    return found


def init_texts(app: Flask, settings: Settings) -> None:
    """Give the application its carrier of texts."""
    app.extensions["common-ground-texts"] = make_text_carrier(settings)


def ways_here() -> Ways:
    """What leaves this installation."""
    return Ways(sends_mail=find_mail_transport() is not None, sends_texts=find_text_carrier() is not None)
