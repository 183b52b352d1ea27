"""Play the launch day: ``make launch-day PEOPLE=48``, also ``AGAINST=COMMIT``, ``KILLS=33`` and ``SEED=1``.

Each person signs in, reads every screen of a course, answers everything with some wrong tries, writes, rates, waits for
the certificate, downloads it and has it checked, over HTTP and without scripts. HR leads refresh their figures beside
them. Afterwards every answer, completion and certificate is compared with what people were told. The figures are lines
of JSON; a page with charts goes to var/launch-day/. The last line is the verdict: exit 0 only where nothing is wrong.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.environment import ROOT
from bench.launch_day.answers import AnswerKey, answer_key
from bench.launch_day.builds import work_tree
from bench.launch_day.faults import Faults
from bench.launch_day.figures import Day, Round, as_json, lines
from bench.launch_day.hr_leads import refresh
from bench.launch_day.learner import Learner
from bench.launch_day.picture import write_page
from bench.launch_day.site import HR_LEADS, STAFF, Site, serving_site
from bench.launch_day.verdict import differences, wait_until_settled
from bench.launch_day.visitor import GaveUp, Timings, Visitor

COURSE = "race-equality-essentials"
AT_ONCE = 24
SETTLE = 3  # seconds in which a site that has just started does what is left to do
TIMEOUT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    people: int
    against: str | None
    rounds: int
    kills: int
    seed: int
    at_once: int
    think: float


def main() -> int:
    """Play it, say what was seen, and end with the verdict."""
    wanted = _wanted()
    print(f"Seed {wanted.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="cg-launch-") as name, ExitStack() as held:
        roots = {"this": ROOT}
        if wanted.against:
            roots["other"] = held.enter_context(work_tree(wanted.against))
        sites = {
            build: held.enter_context(serving_site(root, Path(name) / build, name=build))
            for build, root in roots.items()
        }
        keys = {build: answer_key(root / "courses" / "library" / COURSE) for build, root in roots.items()}
        days = _play(sites, keys, wanted)
    for day in days:
        for line in lines(day):
            print(as_json(line), flush=True)
    page = write_page(days, ROOT / "var" / "launch-day" / "launch-day.html")
    problems = [f"{day.build}: {problem}" for day in days for problem in day.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    how_many = sum(day.people for day in days)
    print(f"A page with charts: {page}", file=sys.stderr)
    if problems:
        print(f"WRONG: {len(problems)} things, with {how_many} people who finished (seed {wanted.seed})")
    else:
        print(f"RIGHT: {how_many} people finished; nothing lost, nothing twice (seed {wanted.seed})")
    return 1 if problems else 0


def _play(sites: dict[str, Site], keys: dict[str, AnswerKey], wanted: Wanted) -> list[Day]:
    """Each build has its people in turn, a part of them in each round, and the order changes with each."""
    days = {build: Day(build) for build in sites}
    names = {build: site.add_learners(wanted.people) for build, site in sites.items()}
    each = -(-wanted.people // wanted.rounds)
    for number in range(wanted.rounds):
        builds = list(sites) if number % 2 == 0 else list(reversed(list(sites)))
        for build in builds:
            part = names[build][number * each : (number + 1) * each]
            chance = random.Random(f"{wanted.seed} {number}")  # noqa: S311 - not a secret: it has to come again
            if part:
                time.sleep(SETTLE)
                crowd = _Crowd(sites[build], keys[build], wanted, chance)
                days[build].rounds.append(asyncio.run(crowd.live_through(part)))
    return list(days.values())


class _Crowd:
    """The people of one round of one build."""

    def __init__(self, site: Site, key: AnswerKey, wanted: Wanted, chance: random.Random) -> None:
        self.site, self.key, self.wanted, self.chance = site, key, wanted, chance
        self.timings, self.problems = Timings(), list[str]()
        self.steps, self.finished = 0, 0
        self.faults = Faults(site, -(-wanted.kills // wanted.rounds), chance)

    async def live_through(self, usernames: Sequence[str]) -> Round:
        """Everybody's day, at most so many at once."""
        before, started = self.site.cpu_seconds(), time.perf_counter()
        is_over, places = asyncio.Event(), asyncio.Semaphore(self.wanted.at_once)
        leads = [asyncio.create_task(self._hr_lead(name, is_over)) for name in HR_LEADS]
        told = asyncio.create_task(self._tell(len(usernames), is_over))
        learners = await asyncio.gather(*(self._learner(name, places) for name in usernames))
        seconds = time.perf_counter() - started
        is_over.set()
        await asyncio.gather(*leads, told)
        await asyncio.to_thread(wait_until_settled, self.site.engine)
        after = self.site.cpu_seconds()
        self.problems += await asyncio.to_thread(self._differences, learners)
        return Round(
            build=self.site.name,
            people=len(usernames),
            finished=sum(one.has_finished for one in learners),
            seconds=seconds,
            requests=sum(one.visitor.requests for one in learners),
            cpu={name: after[name] - before[name] for name in after},
            timings=self.timings,
            faults=self.faults.done,
            problems=self.problems,
        )

    def _differences(self, learners: Sequence[Learner]) -> list[str]:
        with self.site.engine.connect() as connection:
            return differences(connection, learners, course=COURSE)

    async def _learner(self, username: str, places: asyncio.Semaphore) -> Learner:
        chance = random.Random(f"{self.wanted.seed} {username}")  # noqa: S311
        async with places, aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=_jar()) as http:
            visitor = Visitor(http, self.site.url, self.timings)
            one = Learner(
                username=username,
                password=self.site.passwords[STAFF],
                course=COURSE,
                key=self.key,
                visitor=visitor,
                chance=chance,
                tell=self._heard,
                think=self.wanted.think,
            )
            try:
                await one.live_the_day()
            except GaveUp as problem:
                self.problems.append(f"{username}: {problem}")
        self.finished += 1
        return one

    async def _hr_lead(self, username: str, is_over: asyncio.Event) -> None:
        async with aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=_jar()) as http:
            visitor = Visitor(http, self.site.url, self.timings)
            try:
                await refresh(visitor, username, self.site.passwords[username], pause=2, is_over=is_over)
            except GaveUp as problem:
                self.problems.append(str(problem))

    def _heard(self, what: str) -> None:
        self.steps += what == "screen"

    async def _tell(self, people: int, is_over: asyncio.Event) -> None:
        """Live progress, and the faults that are due."""
        screens = people * SCREENS
        while not is_over.is_set():
            await self.faults.strike(share_done=self.steps / screens)
            refused = sum(self.timings.refused.values())
            words = (
                f"{self.site.name}: {self.finished} of {people} through, {self.steps} screens, {refused} asked again"
            )
            print(f"\r{words}, {len(self.faults.done)} faults ", end="", file=sys.stderr, flush=True)
            await asyncio.sleep(0.5)
        print(file=sys.stderr)


SCREENS = 112  # that somebody leaves in the shipped course, about: faults are spread over them


def _jar() -> aiohttp.CookieJar:
    # Cookies of an address without a name are refused otherwise.
    return aiohttp.CookieJar(unsafe=True)


def _wanted() -> Wanted:
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("--people", type=int, default=48, help="How many learners, for each build")
    asks.add_argument("--against", metavar="COMMIT", help="Another build, which takes turns with this one")
    asks.add_argument("--rounds", type=int, default=0, help="In so many turns (4 with another build, else 1)")
    asks.add_argument("--kills", type=int, default=0, help="So many programs and database connections are killed")
    asks.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="Plays a day again")
    asks.add_argument("--at-once", type=int, default=AT_ONCE, help="Most learners at the same time")
    asks.add_argument("--think", type=float, default=0.0, help="Seconds that somebody reads a page, on average")
    got = asks.parse_args()
    rounds = got.rounds or (4 if got.against else 1)
    return Wanted(got.people, got.against, rounds, got.kills, got.seed, got.at_once, got.think)


if __name__ == "__main__":
    sys.exit(main())
