"""One file, two standards: what WeasyPrint's PDF/A-2a lacks to be PDF/UA-1 as well, and bytes made only once."""

import zlib
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import pydyf  # type: ignore[import-untyped]
from PIL.ImageCms import ImageCmsProfile

# PDF/A lets a file use only properties that it describes itself (ISO 19005-2, 6.6.2.3).
_ALSO_UA_1 = b"""\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>The part of ISO 14289 that the file keeps to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>\
"""
PROFILE_KEY = "common-ground"
_END = b"</rdf:RDF>"
_LEVEL = 6
_packed_stream = pydyf.Stream.data.fget


def _plainly_ended(stream: pydyf.Stream) -> bytes:
    # One stream in 256 ends with a carriage return. With pydyf's line feed behind it, that looks like one line end
    # of two characters, and the stream like one that is shorter than it says (ISO 19005-2, 6.1.7.1).
    data: bytes = _packed_stream(stream)
    return data.removesuffix(b"\nendstream") + b"\r\nendstream"


pydyf.Stream.data = property(_plainly_ended)


class OutputProfile:
    """The colour profile that PDF/A asks for, read once: WeasyPrint would open its file for every certificate.

    Has what WeasyPrint asks of its own ``ColorProfile``.
    """

    def __init__(self) -> None:
        self.content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        profile = ImageCmsProfile(BytesIO(self.content)).profile
        self.name = profile.model or profile.profile_description
        self.components = (["r"], ["g"], ["b"])
        self.pdf_reference = None


@lru_cache(maxsize=1)
def output_profile() -> OutputProfile:
    """The profile, the same for every file."""
    return OutputProfile()


def claim_both_standards(pdf: pydyf.PDF) -> None:
    """Add the claim of PDF/UA-1 to the metadata of a PDF/A-2a file. Raises ``LookupError``."""
    metadata = next(item for item in pdf.objects if item.reference == pdf.catalog["Metadata"])
    (before,) = metadata.stream
    if before.count(_END) != 1:
        raise LookupError("The metadata does not end as it used to")
    metadata.stream[:] = [before.replace(_END, _ALSO_UA_1)]
    metadata.compress = False  # archives read the metadata without unpacking anything


class Packed(pydyf.Object):  # type: ignore[misc]
    """An object that is nothing but its bytes."""

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = item.number, item.generation, item.free
        self._is_compressible = bool(item.compressible)
        if isinstance(item, pydyf.Stream) and item.compress:
            item.extra["Filter"] = "/FlateDecode"
            content = b"\n".join(map(bytes_of, item.stream))
            # The colour profile is the same three kilobytes every time, and a font often that of the file before.
            pack = _pack_profile if "N" in item.extra else _pack_font if "Length1" in item.extra else _pack
            item.stream = [pack(content)]
            item.compress = False
        self._data = bytes(item.data)

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._is_compressible


def bytes_of(item: Any) -> bytes:
    """One item of a stream."""
    if isinstance(item, bytes):
        return item
    return bytes(item.data) if isinstance(item, pydyf.Object) else str(item).encode("ascii")


@lru_cache(maxsize=2)
def _pack_profile(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def _pack(content: bytes) -> bytes:
    return zlib.compress(content, _LEVEL)


_pack_font = lru_cache(maxsize=64)(_pack)
