"""The three designs and the large print: where their words stand and how large its box is."""

from dataclasses import dataclass

from certificates.looks.branding import Design


@dataclass(frozen=True)
class TextBox:
    """The largest size in points, and the box in millimetres, of one text."""

    largest: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The boxes of a design. ``signatory_widths_mm`` are for one, two and three who sign."""

    title: TextBox
    second_title: TextBox
    certifies: TextBox
    holder: TextBox
    completed: TextBox
    course: TextBox
    details: TextBox
    statement: TextBox
    signatory_widths_mm: tuple[float, float, float]
    number: TextBox
    verify: TextBox


def _layout(width_mm: float, *, title_width_mm: float, holder_mm: float, course_mm: float, signed_mm: float) -> Layout:
    gap = 6.0
    return Layout(
        title=TextBox(34, title_width_mm, 14),
        second_title=TextBox(14, title_width_mm, 6.5),
        certifies=TextBox(13, width_mm, 6),
        holder=TextBox(40, width_mm, holder_mm),
        completed=TextBox(15, width_mm, 12),
        course=TextBox(24, width_mm, course_mm),
        details=TextBox(13, width_mm, 11.5),
        statement=TextBox(11, width_mm, 9.5),
        signatory_widths_mm=(min(signed_mm, 76), (signed_mm - gap) / 2, (signed_mm - 2 * gap) / 3),
        number=TextBox(13, 62, 6),
        verify=TextBox(10, 62, 13),
    )


LAYOUTS = {
    Design.WEAVE: _layout(220, title_width_mm=150, holder_mm=28, course_mm=19, signed_mm=112),
    Design.FRAME: _layout(233, title_width_mm=233, holder_mm=23, course_mm=19, signed_mm=128),
    Design.HORIZON: _layout(243, title_width_mm=160, holder_mm=28, course_mm=19, signed_mm=134),
}
# For choosing one: what it is called and what it looks like.
DESIGN_WORDS = {
    Design.WEAVE: ("Weave", "A band of woven colours on the left, words on white"),
    Design.FRAME: ("Frame", "A double border, everything centred, the most formal of the three"),
    Design.HORIZON: ("Horizon", "A wide band of the main colour across the top"),
}
