"""Left and right in the style sheet become start and end, and nothing else changes."""

import pytest

from tools.installing.reading_direction import by_reading_direction


@pytest.mark.parametrize(
    ("written", "built"),
    [
        ("a{margin-left:1px;padding-right:2px}", "a{margin-inline-start:1px;padding-inline-end:2px}"),
        ("a{left:0;right:auto;top:0}", "a{inset-inline-start:0;inset-inline-end:auto;top:0}"),
        ("a{border-left:5px solid}", "a{border-inline-start:5px solid}"),
        ("a{border-right-color:red}", "a{border-inline-end-color:red}"),
        ("a{text-align:right;float:left;clear:both}", "a{text-align:end;float:inline-start;clear:both}"),
        ("a{padding:1px 2px 3px 4px}", "a{padding-block:1px 3px;padding-inline:4px 2px}"),
        ("a{margin:5px 20px 10px 0 }", "a{margin:5px 20px 10px 0 }"),
        ("@media print{a{left:0}}", "@media print{a{inset-inline-start:0}}"),
    ],
)  # fmt: skip
def test_what_stands_at_a_side_stands_at_the_start_or_the_end(written: str, built: str) -> None:
    assert by_reading_direction(written) == built


@pytest.mark.parametrize(
    "written",
    [
        "a{margin:1px 2px 3px 2px;padding:0 auto}",
        "a{border-width:7px 0 7px 12px;border-left-color:inherit;clip-path:polygon(0 0)}",
        "a:not(.left){color:red}",
        "a{--left:1px;background:url(left.svg) left top}",
        "a{transition:left 1s;justify-content:left}",
    ],
)
def test_what_has_no_side_or_is_an_arrow_stays_as_it_is(written: str) -> None:
    assert by_reading_direction(written) == written
