"""Nothing grows too large to be read in one go."""

from collections import Counter

import pytest

from tests.architecture.source import PRODUCT, files, functions, relative

CODE = (*PRODUCT, "tools", "bench", "config.py", "wsgi.py")
AUDIENCES = (
    "app/public", "app/auth", "app/learn", "app/teams", "app/council", "app/people", "app/requirements", "app/manage",
    "app/managing",
)  # fmt: skip
MODULE, FUNCTION, VIEW, TEMPLATE, TEST_MODULE, FOLDER, PARAMETERS = 300, 50, 30, 120, 400, 16, 7


def too_long(limit: int, *places: str, kind: str = "py") -> list[str]:
    lengths = {relative(path): path.read_text(encoding="utf-8").count("\n") for path in files(*places, kind=kind)}
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > limit]


def test_no_folder_holds_more_than_16_modules_side_by_side() -> None:
    modules = [path for path in files(*PRODUCT, "tools", "bench", "tests") if path.name != "__init__.py"]
    counted = Counter(relative(path.parent) for path in modules)
    assert {folder: number for folder, number in counted.items() if number > FOLDER} == {}


def test_no_module_is_longer_than_300_lines() -> None:
    assert too_long(MODULE, *CODE) == []


def test_no_test_module_is_longer_than_400_lines() -> None:
    assert too_long(TEST_MODULE, "tests") == []


def test_no_template_is_longer_than_120_lines() -> None:
    assert too_long(TEMPLATE, "app/templates", "certificates/document/templates", kind="html") == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{f} has {f.length} lines" for path in files(*CODE, "tests") for f in functions(path) if f.length > FUNCTION
    ]
    assert long == []


def test_no_function_takes_more_than_seven_parameters() -> None:
    many = [f"{f} takes {f.parameters}" for path in files(*CODE) for f in functions(path) if f.parameters > PARAMETERS]
    assert many == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_view_function_is_longer_than_30_lines(audience: str) -> None:
    views = [f for path in files(audience) for f in functions(path) if _is_view(f.node.decorator_list)]
    assert [f"{f} has {f.length} lines" for f in views if f.length > VIEW] == []


def _is_view(decorators: list) -> bool:
    names = {getattr(getattr(d, "func", d), "id", "") for d in decorators}
    return bool(names & {"public", "signed_in", "allow"})
