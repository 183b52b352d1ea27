"""Left and right in a style sheet become start and end of the line, so that pages in Arabic or Urdu are mirrored whole.

GOV.UK Frontend is written for pages that run from left to right. Where both are the same, nothing changes.
"""

import re

_BLOCK = re.compile(r"\{([^{}]*)\}")
_SIDES = {"left": "start", "right": "end"}
_BORDER = re.compile(r"border-(left|right)(-color|-width|-style)?")
_SPACE = re.compile(r"(margin|padding)-(left|right)")
_FLOWING = {"text-align", "float", "clear"}
# A border that is cut to an arrow is no border: the style sheet turns those around itself.
_ARROW = "clip-path:polygon"


def by_reading_direction(styles: str) -> str:
    """The compiled style sheet with every side that follows the direction of reading."""
    return _BLOCK.sub(lambda block: "{" + _block(block[1]) + "}", styles)


def _block(declarations: str) -> str:
    keeps_borders = _ARROW in declarations
    return ";".join(_declaration(one, keeps_borders=keeps_borders) for one in declarations.split(";"))


def _declaration(declaration: str, *, keeps_borders: bool) -> str:
    name, colon, value = declaration.partition(":")
    if found := _SPACE.fullmatch(name):
        return f"{found[1]}-inline-{_SIDES[found[2]]}:{value}"
    if (found := _BORDER.fullmatch(name)) and not keeps_borders:
        return f"border-inline-{_SIDES[found[1]]}{found[2] or ''}:{value}"
    if name in _SIDES:
        return f"inset-inline-{_SIDES[name]}:{value}"
    if name in _FLOWING and value in _SIDES:
        return f"{name}:{_SIDES[value] if name == 'text-align' else 'inline-' + _SIDES[value]}"
    if name in {"margin", "padding"}:
        return _four_sides(name, value)
    return name + colon + value


def _four_sides(name: str, value: str) -> str:
    sides = value.split(" ")
    if len(sides) != 4 or "(" in value or sides[1] == sides[3]:
        return f"{name}:{value}"
    top, right, bottom, left = sides
    return f"{name}-block:{top} {bottom};{name}-inline:{left} {right}"
