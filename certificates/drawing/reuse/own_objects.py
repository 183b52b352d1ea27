"""The objects of a finished file in which a certificate differs from others of its kind."""

from collections.abc import Iterable
from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates.drawing.reuse.replaceable_text import CannotFill


class OwnObjects:
    """Each of them by its name, and the numbers of all; ``fonts`` are the numbers of those that belong to the fonts.

    ``signature`` is ``None`` when the file keeps no space for one. Raises ``CannotFill`` when there is not one page.
    """

    def __init__(self, file: pydyf.PDF, fonts: Iterable[int]) -> None:
        dictionaries = [item for item in file.objects if isinstance(item, pydyf.Dictionary)]
        page = _only(item for item in dictionaries if item.get("Type") == "/Page")
        self.content = _found(file, page["Contents"])
        self.qr_code = _found(file, _found(file, page["Resources"])["XObject"]["iqr0"])
        self.metadata = _found(file, file.catalog["Metadata"])
        self.link = _only(item for item in dictionaries if item.get("Subtype") == "/Link")
        self.signature = next((item for item in dictionaries if item.get("Type") == "/Sig"), None)
        named = (self.content, self.qr_code, self.metadata, self.link, self.signature)
        texts = (item for item in dictionaries if "ActualText" in item)
        self.numbers = frozenset((*fonts, *(item.number for item in (*named, *texts) if item is not None)))


def _only(items: Iterable[Any]) -> Any:
    found = list(items)
    if len(found) != 1:
        raise CannotFill(f"There are {len(found)} of what there should be one of")
    return found[0]


def _found(file: pydyf.PDF, reference: bytes) -> Any:
    return file.objects[int(reference.split()[0])]
