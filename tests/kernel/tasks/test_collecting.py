"""The search for rings of values is put off, and goes on afterwards whatever happens."""

import gc

import pytest

from kernel.tasks.collecting import nothing_collected


def test_the_search_is_off_meanwhile_and_on_again_afterwards_also_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"):
        _break_inside()
    assert gc.isenabled()


def test_whoever_had_it_off_already_keeps_it_off() -> None:
    gc.disable()
    try:
        with nothing_collected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def _break_inside() -> None:
    with nothing_collected():
        assert not gc.isenabled()
        raise ValueError("broken")
