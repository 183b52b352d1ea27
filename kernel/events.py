"""Things that happened: past tense, frozen, ids only. ``app/wiring.py`` says what follows from each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Parent of every event."""
