"""Course bundles as people upload them: zips, good ones and hostile ones."""

import io
import zipfile

from tests.builders.region import bundle_files

Upload = tuple[io.BytesIO, str]

# The smallest PNG there is: one grey point.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63680000008200815fc4a4960000000049454e44ae426082"
)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files, whatever their names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # A film is packed already, and packing forty megabytes once more takes seconds.
            archive.writestr(name, data, zipfile.ZIP_STORED if name.endswith(".mp4") else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def as_file(data: bytes, name: str = "course.zip") -> Upload:
    """What a browser sends when this file is chosen."""
    return io.BytesIO(data), name


def a_bundle(**changes: str) -> Upload:
    """The small course of ``tests.builders.region``; ``changes`` replace whole files by stem."""
    return as_file(zipped(bundle_files(**changes)))


def a_bundle_with(extra: dict[str, bytes], **changes: str) -> Upload:
    """The small course with more files."""
    return as_file(zipped({**bundle_files(**changes), **extra}))
