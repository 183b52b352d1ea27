"""Weeks of a made-up authority, over 29 February, the change of clocks, a reorganisation and Easter, judged plainly.

``python -m bench.asked.year`` plays the whole year with 22,000 people. ``PLAYED_PEOPLE=300 PLAYED_WEEKS=52`` does here.
"""

import os
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from bench.asked.played.authority import an_authority
from bench.asked.played.judge import Judge, Thing
from bench.asked.played.year import FIRST, Year
from kernel.clock import LOCAL

PEOPLE = int(os.environ.get("PLAYED_PEOPLE", "24"))
WEEKS = int(os.environ.get("PLAYED_WEEKS", "9"))


def test_nobody_is_reminded_twice_or_in_vain(session: Session) -> None:
    since = FIRST if WEEKS >= 52 else date(2028, 2, 21)
    random = Random(29)  # noqa: S311 - made-up people
    authority = an_authority(session, PEOPLE, now=datetime.combine(since, time(0, 1), LOCAL), random=random)
    year = Year(session, authority, random)
    year.play(since, since + timedelta(weeks=WEEKS))
    judge = authority.judge
    assert (judge.wrong, judge.doubled) == ([], 0)
    assert year.noted > PEOPLE
    assert year.sent - year.not_needed > PEOPLE
    assert year.not_needed > 0, "somebody finished between five and eight"
    assert judge.working != set(authority.jobs), "somebody left"


def test_the_judge_finds_what_is_wrong() -> None:
    day = date(2028, 2, 29)
    judge = Judge({1: Thing(((1, 2), (3,))), 2: Thing(((4,),), 12, 60)}, working={7, 8}, away={8})
    judge.noted(7, 1, "7-before", day, day)
    judge.done[7][2].append(day)
    judge.done[7][4].append(date(2027, 2, 28))
    judge.noted(7, 1, "7-before", day, day)
    judge.noted(7, 2, "on-the-day", day, day)
    assert (judge.wrong, judge.doubled) == ([], 2)
    judge.done[7][3].append(day)
    judge.done[7][4].append(day)
    judge.sent(7, [1, 2], day)
    judge.noted(8, 1, "7-before", day, day)
    assert [words.partition(": ")[2] for words in judge.wrong] == [
        "sent to 7, who has finished",
        "noted 7-before to 8, who is not there",
    ]
