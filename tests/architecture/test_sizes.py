"""Nothing grows too large to be read in one go."""

import pytest

from tests.architecture.source import PRODUCT, files, functions, relative

CODE = (*PRODUCT, "tools", "bench", "config.py", "wsgi.py")
AUDIENCES = ("app/public", "app/auth", "app/learn", "app/council", "app/manage")
MODULE, FUNCTION, VIEW, TEMPLATE, TEST_MODULE = 300, 50, 30, 120, 400


def too_long(limit: int, *places: str, kind: str = "py") -> list[str]:
    lengths = {relative(path): path.read_text(encoding="utf-8").count("\n") for path in files(*places, kind=kind)}
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > limit]


def test_no_module_is_longer_than_300_lines() -> None:
    assert too_long(MODULE, *CODE) == []


def test_no_test_module_is_longer_than_400_lines() -> None:
    assert too_long(TEST_MODULE, "tests") == []


def test_no_template_is_longer_than_120_lines() -> None:
    assert too_long(TEMPLATE, "app/templates", "certificates/templates", kind="html") == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{f} has {f.length} lines" for path in files(*CODE, "tests") for f in functions(path) if f.length > FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_view_function_is_longer_than_30_lines(audience: str) -> None:
    views = [f for path in files(audience) for f in functions(path) if _is_view(f.node.decorator_list)]
    assert [f"{f} has {f.length} lines" for f in views if f.length > VIEW] == []


def _is_view(decorators: list) -> bool:
    names = {getattr(getattr(d, "func", d), "id", "") for d in decorators}
    return bool(names & {"public", "signed_in", "allow"})
