"""The names of the entries of a zip: which are safe, which are the same, and which folder wraps them."""

import re
import unicodedata
import zipfile
from collections.abc import Mapping

from courses.content.source.findings import Findings, Place

MOST_CHARACTERS = 200

_UTF8_FLAG = 0x800
_DRIVE = re.compile(r"^[A-Za-z]:")


def shown(name: str) -> str:
    """A name as it can be shown in a finding: without control characters, and not too long."""
    return "".join(c if c.isprintable() else "?" for c in name[:MOST_CHARACTERS]) or "(no name)"


def is_junk(name: str) -> bool:
    """True for what file managers add to a zip by themselves, and for hidden files."""
    parts = name.split("/")
    return (
        parts[0] == "__MACOSX"
        or parts[-1] in ("Thumbs.db", "desktop.ini")
        or any(part.startswith(".") and not part.startswith("..") and part != "." for part in parts)
    )


def unwrapped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the one folder around them, which most tools add when somebody zips a folder."""
    folders = {name.split("/")[0] for name in files}
    if "course.yaml" in files or len(folders) != 1:
        return dict(files)
    prefix = f"{folders.pop()}/"
    return {name.removeprefix(prefix): data for name, data in files.items()}


class Names:
    """Takes the names of an archive one by one; refuses those that are unsafe or there already."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._taken: dict[str, str] = {}

    def accept(self, entry: zipfile.ZipInfo) -> str | None:
        """The name under which the entry may be kept, or ``None`` with a finding."""
        name = self._decoded(entry)
        if name is None:
            return None
        trouble = _trouble(entry.orig_filename, name)
        if trouble is not None:
            self._findings.error(Place(shown(name)), trouble)
            return None
        name = name.removeprefix("./")
        return unicodedata.normalize("NFC", name) if self._is_new(name) else None

    def _decoded(self, entry: zipfile.ZipInfo) -> str | None:
        name = entry.orig_filename
        if entry.flag_bits & _UTF8_FLAG or name.isascii():
            return name
        try:
            # Some tools write UTF-8 and forget to say so; the standard library has read it as cp437.
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            self._findings.error(
                Place(shown(name)),
                "The letters of this name are stored in an old way and cannot be read for certain. "
                "Rename the file with the letters a to z, digits and hyphens, and make the zip again.",
            )
            return None

    def _is_new(self, name: str) -> bool:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        if key not in self._taken:
            self._taken[key] = name
            return True
        first = self._taken[key]
        if first == name:
            message = "This name stands in the zip twice. Make the zip again with each file once."
        elif unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", name):
            message = "Another file has the same name with its accents stored differently. Rename one of the two."
        else:
            message = f"Only capital letters tell this name from {shown(first)}. Rename one of the two."
        self._findings.error(Place(shown(name)), message)
        return False


def _trouble(original: str, name: str) -> str | None:
    if "\0" in original or not name.isprintable():
        return "This name holds characters that cannot be shown. Rename the file and make the zip again."
    if "\\" in name:
        return "This name holds a backslash. Make the zip again with a tool that writes “/” between folders."
    if name.startswith("/") or _DRIVE.match(name):
        return "This name begins at the root of a disk. Zip the folder itself, so that names begin inside it."
    parts = name.removeprefix("./").rstrip("/").split("/")
    if ".." in parts:
        return "This name leads out of the bundle with “..”. Remove the file and make the zip again."
    if "" in parts or "." in parts:
        return "This name has an empty part between two slashes. Make the zip again."
    if len(name) > MOST_CHARACTERS or len(parts) > 8:
        return "This name is too long or too deep. Use up to 200 characters and eight folders."
    return None
