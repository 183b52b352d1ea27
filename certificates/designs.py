"""The three designs and the large print: where their words stand and how much room each has."""

from dataclasses import dataclass

from certificates.branding import Design


@dataclass(frozen=True)
class Room:
    """The largest size in points, and the box in millimetres, of one text."""

    largest: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The rooms of a design. ``signatory_widths_mm`` are for one, two and three who sign."""

    title: Room
    second_title: Room
    certifies: Room
    holder: Room
    completed: Room
    course: Room
    details: Room
    statement: Room
    signatory_widths_mm: tuple[float, float, float]
    number: Room
    verify: Room


def _layout(width_mm: float, *, title_width_mm: float, holder_mm: float, course_mm: float, signed_mm: float) -> Layout:
    gap = 6.0
    return Layout(
        title=Room(34, title_width_mm, 14),
        second_title=Room(14, title_width_mm, 6.5),
        certifies=Room(13, width_mm, 6),
        holder=Room(40, width_mm, holder_mm),
        completed=Room(15, width_mm, 12),
        course=Room(24, width_mm, course_mm),
        details=Room(13, width_mm, 11.5),
        statement=Room(11, width_mm, 9.5),
        signatory_widths_mm=(min(signed_mm, 76), (signed_mm - gap) / 2, (signed_mm - 2 * gap) / 3),
        number=Room(13, 62, 6),
        verify=Room(10, 62, 13),
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
