"""Says what a recording holds, as JSON. Run in a process of its own: ``python recording_probe.py < file``.

The library that looks is written in C++ and reads what strangers made. A damaged file can keep it busy for a minute
or end the process, and a hostile one could name other files to be read. So this process may use little time and
memory, and can open nothing any more once it has begun.
"""

import io
import json
import sys
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import ParseError

from pymediainfo import MediaInfo

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows, where authors may check a course
    resource = None

MOST_CPU_SECONDS = 10
MOST_MEMORY = 2 * 1024**3

_KEYS = (
    "track_type", "format", "duration", "width", "height", "rotation", "isstreamable", "istruncated",
    "chroma_subsampling", "bit_depth", "recorded_location",
)  # fmt: skip


def main() -> int:
    """Print the tracks of the file on standard input; 1 when they cannot be told."""
    data = sys.stdin.buffer.read()
    MediaInfo.can_parse()  # loads the library, while files can still be opened
    _give_up_rights()
    try:
        tracks = MediaInfo.parse(io.BytesIO(data)).tracks
    except (RuntimeError, OSError, ValueError, ParseError):
        return 1
    found: list[dict[str, Any]] = [track.to_data() for track in tracks]
    sys.stdout.write(json.dumps([{key: track[key] for key in _KEYS if key in track} for track in found]))
    return 0


def _give_up_rights() -> None:
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    sys.exit(main())
