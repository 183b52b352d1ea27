"""Pictures as WeasyPrint's layout asks for them, without decoding and encoding them again for every file."""

from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates.document.pictures import Picture


class PdfPicture:
    """Stands in for WeasyPrint's own images: found in its cache under ``picture:…``, so nothing is fetched."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self.id = picture.identity

    @property
    def address(self) -> str:
        """The address by which a certificate refers to this picture."""
        return f"picture:{self.id}"

    def get_intrinsic_size(self, resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Width and height in CSS pixels, and their ratio."""
        width, height = self._picture.width, self._picture.height
        return width / resolution, height / resolution, width / height

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        """Draw into a box of ``width`` by ``height``."""
        name = stream.add_image(self, False, 1)  # PDF/A forbids interpolation
        stream.transform(width, 0, 0, -height, 0, height)
        stream.draw_x_object(name)

    def get_x_object(self, _interpolate: bool, _ratio: float) -> pydyf.Stream:
        """The picture as a PDF object."""
        picture = self._picture
        extra = _extra(picture, "/DeviceGray" if picture.is_grey else "/DeviceRGB", picture.bits)
        if picture.alpha is not None:
            extra["SMask"] = pydyf.Stream([picture.alpha], _extra(picture, "/DeviceGray", 8))
        return pydyf.Stream([picture.data], extra)


def _extra(picture: Picture, colours: str, bits: int) -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": picture.width,
            "Height": picture.height,
            "ColorSpace": colours,
            "BitsPerComponent": bits,
            "Interpolate": "false",
            "Filter": "/FlateDecode",
        }
    )
