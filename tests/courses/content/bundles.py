"""Small bundles for tests: one that is right, and ways to spoil it."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from PIL import Image

from courses.content.bundle.reading import BundleOutcome, read_bundle

COURSE = """\
format: 1
id: RE
slug: race-equality
title: Race equality
summary: Two sentences about it.
language: en-GB
minutes: 9
pass_percent: 80
order: in-order
outcomes:
  - Give two reasons
modules:
  - modules/01-why.md
"""

MODULE = """\
---
id: RE-M1
slug: why
title: Why it matters
minutes: 9
know: One thing.
---

# Who lives here {#RE-M1-S1}

About 1.55 million people live here.

![A map of six areas](media/map.png)

# Check {#RE-M1-S2}

::: question RE-M1-Q1
:::
"""

QUESTIONS = """\
- id: RE-M1-Q1
  kind: single
  about: fact
  stem: What share is it?
  options:
    - text: 3%
      feedback: Too low.
    - text: 12%
      right: true
      feedback: Right.
"""


def picture(*, format: str = "PNG", size: tuple[int, int] = (4, 3), **more: object) -> bytes:
    """A real picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, format=format, **more)
    return stream.getvalue()


def a_bundle(**changes: str | bytes | None) -> dict[str, bytes]:
    """A bundle without faults. ``course``, ``module``, ``questions`` replace a file; ``None`` removes it."""
    files: dict[str, str | bytes | None] = {
        "course": COURSE, "module": MODULE, "questions": QUESTIONS, "picture": picture(),
    } | changes  # fmt: skip
    names = {
        "course": "course.yaml", "module": "modules/01-why.md", "questions": "questions/01-why.yaml",
        "picture": "media/map.png",
    }  # fmt: skip
    return {
        names[key]: text.encode() if isinstance(text, str) else text for key, text in files.items() if text is not None
    }


def spoilt(key: str, old: str, new: str) -> dict[str, bytes]:
    """The good bundle with ``old`` replaced by ``new`` in its course, module or questions."""
    text = {"course": COURSE, "module": MODULE, "questions": QUESTIONS}[key]
    assert old in text
    return a_bundle(**{key: text.replace(old, new)})


def sentences(outcome: BundleOutcome, file: str | None = None) -> list[tuple[int | None, str]]:
    """Line and message of each finding, of one file or of all."""
    return [(f.line, f.message) for f in outcome.findings if file in (None, f.file)]


def found(files: Mapping[str, bytes]) -> list[tuple[str, int | None, str]]:
    """File, line and message of each finding of a bundle."""
    return [(f.file, f.line, f.message) for f in read_bundle(files).findings]


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> io.BytesIO:
    """A zip of files, or of pairs when a name has to stand in it twice."""
    stream = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    stream.seek(0)
    return stream
