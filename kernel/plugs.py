"""Plug points: what ships with the platform and what installed packages add come in the same way, checked alike."""

from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Protocol, TypeVar


class UnusablePlug(Exception):
    """An installed package offers something that cannot be used; the text says what, for whoever runs the site."""


class Plug(Protocol):
    """What every plug has."""

    @property
    def key(self) -> str:
        """The name by which settings, course files and stored rows call it."""


AnyPlug = TypeVar("AnyPlug", bound=Plug)


def installed(group: str, built_in: Iterable[AnyPlug]) -> Mapping[str, AnyPlug]:
    """Built-in plugs and those that installed packages offer under the entry point ``group``, by key.

    Raises ``UnusablePlug`` when two claim one key, or one cannot be loaded.
    """
    plugs = list(built_in)
    for point in entry_points(group=group):
        try:
            plugs.append(point.load()())
        except Exception as problem:  # whatever a package from elsewhere raises
            raise UnusablePlug(f"{point.value!r}, of the group {group}, cannot be loaded: {problem!r}") from problem
    found: dict[str, AnyPlug] = {}
    for plug in plugs:
        if found.setdefault(plug.key, plug) is not plug:
            raise UnusablePlug(f"Two plugs of the group {group} are called {plug.key!r}. Remove one of the packages.")
    return MappingProxyType(found)
