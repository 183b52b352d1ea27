"""A package that is loaded when something of it is asked for first. docs/decisions/loaded-when-needed.md says which."""

from importlib import import_module
from types import ModuleType


class _Later(ModuleType):
    def __getattr__(self, name: str) -> object:
        # Two threads may ask at once: the import system lets one load it, and the other wait.
        return getattr(import_module(self.__name__), name)


def later(name: str) -> ModuleType:
    """The module of this name, not loaded yet. It stands in an ``else`` to ``if TYPE_CHECKING``, where it is imported:
    so the type checker and the test of the arrows see it."""
    return _Later(name)
