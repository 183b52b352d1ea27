"""A package that comes later is loaded by whoever asks for something of it first, once."""

import subprocess
import sys

import pytest

from kernel.loading.later import later


def test_it_is_loaded_when_something_of_it_is_asked_for() -> None:
    program = (
        "import sys\n"
        "from kernel.loading.later import later\n"
        "colours = later('colorsys')\n"
        "print('colorsys' in sys.modules)\n"
        "print(colours.rgb_to_hsv(0, 0, 0), 'colorsys' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["False", "(0.0, 0.0, 0) True"]


def test_what_is_not_there_is_said_as_by_an_import() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        _ = later("no_such_package").anything
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = later("colorsys").no_such_name
