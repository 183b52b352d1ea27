"""One file, two standards: what WeasyPrint's PDF/A-2a lacks to be PDF/UA-1 as well."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

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


class OutputProfile:
    """The colour profile that PDF/A asks for, read once: WeasyPrint opens its file for every one, and closes none.

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
