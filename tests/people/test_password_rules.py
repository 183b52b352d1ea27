"""Passwords that everybody tries are refused in plain words, however they are written; words of any script are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people.accounts import check_password
from people.password_rules import LONGEST_PASSWORD, MADE_OF_NAMES, TRIED_FIRST, check_guessing
from tests.builders.region import an_organisation

TOO_SHORT = "The password must have at least 12 characters"
FULL_WIDTH = "Ｐａｓｓｗｏｒｄ１２３４"


def refusal(password: str, *names: str) -> str:
    """What somebody reads; nothing where the password may be one."""
    try:
        check_guessing(password, names=names)
    except RuleBroken as problem:
        return problem.message if problem.field == "password" else "no field"
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "PASSWORD1234", "Pässwörd1234", "p4ssw0rd1234", FULL_WIDTH, "passwordpassword", "qwertyuiop12",
        "123456789012", "abcdefghijkl", "aaaaaaaaaaaa", "liverpool1234", "manchesterunited", "iloveliverpool",
        "adminadminadmin", "welcome123456", "王芳王芳王芳王芳王芳王芳", "x" * LONGEST_PASSWORD, " " * 12,
        "pa\u0301ssword1234",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert refusal(password) in {TRIED_FIRST, MADE_OF_NAMES}


@pytest.mark.parametrize(
    "password",
    [
        "sian.hughes2026", "SIÂN HUGHES 12", "hughes.sian.99", "HaltonCouncil1", "Halton Council 26", "haltonhalton!!",
        "siân-halton-1",
    ],
)  # fmt: skip
def test_what_is_made_of_the_username_or_an_authority_is_refused(password: str) -> None:
    assert refusal(password, "siân.hughes", "Halton Council", "halton") == MADE_OF_NAMES


@pytest.mark.parametrize(
    "password",
    [
        "a long enough secret", "heron lantern otter", "halton heron lantern", "correct horse battery", "kGz4vQ!t8wLm",
        "王芳喜欢在河边散步看鸟吃", "محمد يمشي على النهر", "Ọláyínká ń rìn ní etí odò", "Sian liebt Bachforellen",
    ],
)  # fmt: skip
def test_words_that_do_not_belong_together_may_be_one(password: str) -> None:
    assert refusal(password, "sian", "Halton Council") == ""


@given(st.text(max_size=LONGEST_PASSWORD), st.lists(st.text(max_size=30), max_size=3))
def test_whatever_is_typed_is_answered(password: str, names: list[str]) -> None:
    assert refusal(password, *names) in {"", TRIED_FIRST, MADE_OF_NAMES, TOO_SHORT}


def test_the_names_of_all_authorities_count(session: Session) -> None:
    an_organisation(session, slug="knowsley", name="Knowsley Borough")
    with pytest.raises(RuleBroken, match="an authority’s name"):
        check_password(session, "KnowsleyBorough26", username="amina")
