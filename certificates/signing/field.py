"""The space for a signature in a PDF that is being written: a tagged field, and a dictionary to be filled later.

It is written with the file and not added to it afterwards. So the file has one revision, its metadata stay those that
claim both standards, and the same facts give the same bytes.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC

import pydyf  # type: ignore[import-untyped]

from certificates.signing.signer import SignatureSpace

FIELD_NAME = "Issuer"
FIELD_LABEL = "Digital signature of the issuer"
_PRINTED = 4  # PDF/A wants annotations to be printed; this one has no size, so nothing appears
_SIGNATURES_EXIST_AND_APPEND_ONLY = 3
_RANGE_DIGITS = 10
_UNFILLED_RANGE = b"/ByteRange [0 " + b" ".join([b"9" * _RANGE_DIGITS] * 3) + b"]"
_CONTENTS = re.compile(rb"/Contents (<0+>)")


@dataclass(frozen=True)
class ReservedSpace:
    """A file whose signature covers everything outside ``start`` to ``end``, and the digest of that."""

    data: bytes
    start: int
    end: int

    def digest(self, algorithm: str) -> bytes:
        """The digest that the signature must state."""
        found = hashlib.new(algorithm, self.data[: self.start])
        found.update(self.data[self.end :])
        return found.digest()

    def filled(self, signature: bytes) -> bytes:
        """The file with its signature. Raises ``ValueError`` when it has not that much space."""
        content = signature.hex().upper().encode("ascii")
        width = self.end - self.start - 2
        if len(content) > width:
            raise ValueError(f"The signature has {len(signature)} bytes and the file has room for {width // 2}")
        return b"%b<%b>%b" % (self.data[: self.start], content.ljust(width, b"0"), self.data[self.end :])


class _EmptySignature(pydyf.Dictionary):  # type: ignore[misc]
    """A signature without its bytes. It stands in the file as it is: what is compressed cannot be filled later."""

    compressible = False

    def __init__(self, values: dict[str, object], size_bytes: int) -> None:
        super().__init__(values)
        self._free = b"/Contents <%b>" % (b"00" * size_bytes)

    @property
    def data(self) -> bytes:
        said: bytes = super().data
        return b"%b%b%b>>" % (said.removesuffix(b">>"), _UNFILLED_RANGE, self._free)


def reserve_space(pdf: pydyf.PDF, space: SignatureSpace) -> None:
    """Add the field and the empty signature to a tagged file of which the first page is done."""
    page = next(item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Page")
    signature = empty_signature(space)
    pdf.add_object(signature)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD_NAME),
            "TU": pydyf.String(FIELD_LABEL),
            "F": _PRINTED,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": page.reference,
            "V": signature.reference,
        }
    )
    pdf.add_object(widget)
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    _tag(pdf, page, widget)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([widget.reference]), "SigFlags": _SIGNATURES_EXIST_AND_APPEND_ONLY}
    )
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})


def empty_signature(space: SignatureSpace) -> pydyf.Dictionary:
    """The dictionary of a signature, with nothing but zeros where that will stand."""
    return _EmptySignature(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "M": pydyf.String(space.signed_at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")),
            "Reference": _nothing_may_change(),
        },
        space.size_bytes,
    )


def _nothing_may_change() -> pydyf.Array:
    parameters = pydyf.Dictionary({"Type": "/TransformParams", "P": 1, "V": "/1.2"})
    reference = {"Type": "/SigRef", "TransformMethod": "/DocMDP", "TransformParams": parameters}
    return pydyf.Array([pydyf.Dictionary(reference)])


def _tag(pdf: pydyf.PDF, page: pydyf.Dictionary, widget: pydyf.Dictionary) -> None:
    """PDF/UA-1, 7.18.4: a field belongs to an element Form."""
    by_reference = {item.reference: item for item in pdf.objects}
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    whole = by_reference[root["K"][0]]
    numbers = by_reference[root["ParentTree"]]["Nums"]
    shown = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": whole.reference,
            "Pg": page.reference,
            "Alt": pydyf.String(FIELD_LABEL),
            "K": pydyf.Array([shown]),
        }
    )
    pdf.add_object(element)
    whole["K"].append(element.reference)
    widget["StructParent"] = numbers[-2] + 1
    numbers.extend([widget["StructParent"], element.reference])


def find_reserved_space(pdf: bytes) -> ReservedSpace:
    """Where the signature of a finished file goes; says so in the file. Raises ``LookupError``."""
    found = _CONTENTS.search(pdf)
    if found is None or pdf.count(_UNFILLED_RANGE) != 1:
        raise LookupError("The file kept no space for a signature")
    start, end = found.span(1)
    filled = b"/ByteRange [0 %d %d %d]" % (start, end, len(pdf) - end)
    return ReservedSpace(pdf.replace(_UNFILLED_RANGE, filled.ljust(len(_UNFILLED_RANGE))), start, end)
