"""Makes a zip of a course's files: the same files always give the same bytes."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath

# The earliest day that a zip can name: the day on which it was made would make each one another file.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_PACKED_ALREADY = {".png", ".jpg", ".jpeg", ".webp", ".mp3", ".mp4", ".m4a", ".webm", ".ogg"}


def packed(files: Mapping[str, bytes], *, first: str = "course.yaml") -> bytes:
    """A zip of ``files`` by their names in the bundle; the file ``first`` leads, the others follow by name."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.external_attr = 0o644 << 16
            is_packed = PurePosixPath(name).suffix.lower() in _PACKED_ALREADY
            entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return target.getvalue()
