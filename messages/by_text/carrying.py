"""What carries texts: a service such as GOV.UK Notify, or a folder for a demo. A plug point."""

from typing import Protocol

from kernel.plugs import Plug
from messages.by_text.record import Delivery


class TextsUnavailable(Exception):
    """No text can leave at the moment, whoever it is for; the reason is for an operator."""


class TextRefused(Exception):
    """One text was not taken, and will not be taken later either. ``is_number``: because of its number. The reason
    holds no number."""

    def __init__(self, reason: str, *, is_number: bool) -> None:
        super().__init__(reason)
        self.is_number = is_number


class TextCarrier(Protocol):
    """The way by which texts leave. ``reference`` is ours, and another one for each text."""

    place: str

    def send(self, *, phone_number: str, words: str, reference: str) -> None:
        """Hand over one text. Raises ``TextRefused`` or ``TextsUnavailable``."""
        ...

    def find(self, reference: str) -> Delivery | None:
        """What became of a text; ``None`` where it was never handed over. Raises ``TextsUnavailable``."""
        ...

    def check(self) -> None:
        """See whether texts could leave now. Raises ``TextsUnavailable``."""
        ...


class CarrierKind(Plug, Protocol):
    """What stands before ``://`` in the setting, and the carrier that belongs to it."""

    def open(self, address: str, *, key: str, template: str) -> TextCarrier:
        """The carrier at an address; ``key`` and ``template`` are what its service asks for, or empty."""
        ...
