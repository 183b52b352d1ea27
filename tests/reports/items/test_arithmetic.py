"""The streamed sums agree with the textbook's."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.items.arithmetic import Correlation, Quartiles, quartiles
from reports.items.sentences import in_ten, seconds_words

shares = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0])


def correlated(pairs: list[tuple[float, float]]) -> float | None:
    found = Correlation()
    for x, y in pairs:
        found.add(x, y)
    return found.value


@given(st.lists(st.tuples(shares, st.floats(0, 1)), max_size=60))
def test_a_correlation_is_that_of_the_textbook(pairs: list[tuple[float, float]]) -> None:
    found = correlated(pairs)
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    if len(pairs) < 2 or min(statistics.pvariance(xs), statistics.pvariance(ys)) < 1e-9:
        assert found is None or min(statistics.pvariance(xs), statistics.pvariance(ys)) >= 1e-13
    else:
        assert found == pytest.approx(statistics.correlation(xs, ys), abs=1e-6)


@given(st.lists(st.tuples(st.booleans(), shares), min_size=4, max_size=60))
def test_for_right_or_wrong_it_is_the_point_biserial_correlation(pairs: list[tuple[bool, float]]) -> None:
    right = [rest for is_right, rest in pairs if is_right]
    wrong = [rest for is_right, rest in pairs if not is_right]
    spread = statistics.pstdev([rest for _, rest in pairs])
    if right and wrong and spread > 1e-3:
        share = len(right) / len(pairs)
        expected = (statistics.fmean(right) - statistics.fmean(wrong)) / spread * (share * (1 - share)) ** 0.5
        assert correlated([(float(x), y) for x, y in pairs]) == pytest.approx(expected, abs=1e-6)


@given(shares, st.lists(st.floats(0, 1), max_size=30))
def test_where_everybody_does_the_same_nothing_is_told(share: float, rests: list[float]) -> None:
    assert correlated([(share, rest) for rest in rests]) is None


@given(st.lists(st.integers(0, 1800), min_size=2, max_size=80))
def test_quartiles_are_those_of_all_values(values: list[int]) -> None:
    found = quartiles(Counter(values))
    assert found is not None
    assert (found.lower, found.median, found.upper) == pytest.approx(
        tuple(statistics.quantiles(values, n=4, method="inclusive"))
    )


def test_one_value_is_all_three_quartiles_and_none_has_none() -> None:
    assert quartiles({7: 1}) == Quartiles(7, 7, 7)
    assert quartiles({}) is None
    assert quartiles({7: 0}) is None


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 100, "Nobody"), (1, 100, "Hardly anybody"), (12, 100, "1 in 10"), (44, 100, "4 in 10"), (45, 100, "5 in 10"),
     (96, 100, "Nearly everybody"), (100, 100, "Everybody"), (0, 0, "Nobody")],
)  # fmt: skip
def test_shares_are_said_as_people_say_them(part: int, whole: int, words: str) -> None:
    assert in_ten(part, whole) == words


def test_a_share_in_tenths_comes_from_the_counts_and_not_from_a_rounded_per_cent() -> None:
    assert in_ten(89, 200) == "4 in 10"  # 44.5%, which is 45% in whole per cent, and 45% is 5 in 10


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 second"), (44.6, "45 seconds"), (120, "2 minutes"), (150, "2.5 minutes")]
)
def test_times_are_said_in_seconds_and_then_in_minutes(seconds: float, words: str) -> None:
    assert seconds_words(seconds) == words
