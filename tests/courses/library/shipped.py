"""The shipped courses as they are read."""

from functools import cache

from courses.content.bundle.reading import BundleOutcome, read_bundle, read_folder
from tests.courses.library.texts import LIBRARY


@cache
def shipped(name: str) -> BundleOutcome:
    """What comes of reading a shipped course, which takes long and is the same for every test."""
    return read_bundle(read_folder(LIBRARY / name))
