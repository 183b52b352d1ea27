"""The names of the files of a bundle, and what to say about one that is named and not there."""

from collections.abc import Iterable
from pathlib import PurePosixPath


class FileNames:
    """All files of a bundle. One that is missing is often there under a name that is nearly the same."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        # Looked up and never searched: a hostile course can name a missing file half a million times.
        in_order = sorted(names, reverse=True)
        self._names = frozenset(in_order)
        self._alike = {name.casefold(): name for name in in_order}
        self._elsewhere = {_last(name): name for name in in_order}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def near(self, name: str) -> str | None:
        """The file that is meant by ``name``: it differs in capitals alone, or stands in another folder."""
        return self._alike.get(name.casefold()) or self._elsewhere.get(_last(name))

    def missing(self, what: str, name: str, shown: str = "") -> str:
        """The sentence about a file that is not there; ``shown`` stands for a name that is long."""
        beginning, near = f"There is no {what} {shown or name} in the bundle", self.near(name)
        if near is None or near == name:
            return f"{beginning}. Add it, or correct its name."
        return f"{beginning}, but there is {near}. Make both names the same: capitals and folders count."


def _last(name: str) -> str:
    return PurePosixPath(name).name.casefold()
