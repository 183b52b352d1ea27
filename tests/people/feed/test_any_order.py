"""Files, hand edits, deaths of workers and undoing in any order, against a plain model of what must come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from kernel.tasks.claims import claim
from people.feed.runs.applying import apply_portion, begin_run
from people.feed.runs.deciding import decide
from people.feed.runs.record import FEED_RUNS, Choice, FeedRun
from people.feed.runs.undoing import ask_to_undo, undo_claimed, why_not_undone
from people.jobs.employment import Employment
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation, change_job
from tests.people.feed.rows import HOMES, STREETS, a_row, rows_of
from tests.people.feed.runs import a_file, jobs_now, planned

NUMBERS = ("01", "02", "03", "04")
UNITS = (HOMES, STREETS)
# What a file can say of each number: that it is not in it, or the unit and the title of the job.
FILES = st.fixed_dictionaries(
    {number: st.none() | st.tuples(st.sampled_from(UNITS), st.sampled_from(("Carer", "Driver"))) for number in NUMBERS}
)
Model = dict[str, dict[str, object]]


class FilesInAnyOrder(RuleBasedStateMachine):
    """The record, and beside it what each number should hold: a list of layers, one for each file or hand edit."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        self.session = Session(bind=self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self.authority = an_organisation(self.session, "sefton", "Sefton")
        region = a_unit(self.session, an_organisation(self.session, "region", "The region"))
        self.somebody = an_account(self.session, a_person(self.session, region)).id
        self.now = NOON
        self.layers: list[tuple[int, Model]] = []  # the number of the run, 0 for a hand; what it said of whom
        self.last: FeedRun | None = None

    def teardown(self) -> None:
        self.session.close()
        self.savepoint.rollback()

    def later(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now

    def expected(self) -> Model:
        """What each number holds by all layers, the latest on top."""
        found: Model = {}
        for _, said in self.layers:
            for number, values in said.items():
                found.setdefault(number, {}).update(values)
        return {number: values for number, values in found.items() if values.get("held")}

    @rule(said=FILES, everybody=st.booleans(), portion=st.integers(1, 5), dies=st.integers(0, 3))
    def a_file_is_applied(self, said: dict, everybody: bool, portion: int, dies: int) -> None:
        rows = [
            a_row(number, f"Person {number}x", unit=values[0], job_title=values[1])
            for number, values in said.items()
            if values
        ]
        if not rows:
            return
        now = self.later()
        before = self.expected()
        run = planned(self.session, self.authority, rows, everybody=everybody, now=now)
        decide(self.session, run_id=run.id, choice=Choice.ALL, by=self.somebody, now=now)
        self.work(rows, portion, dies, everybody)
        layer: Model = {}
        for number, values in said.items():
            if values:
                layer[number] = {"held": True, "unit": values[0], "job_title": values[1]}
            elif everybody and number in before:
                layer[number] = {"held": False}
        # Only what is different is a line of this file: undoing it must not take away what was there before.
        changed = {
            number: {key: value for key, value in values.items() if before.get(number, {}).get(key) != value}
            for number, values in layer.items()
        }
        self.layers.append((run.id, {number: values for number, values in changed.items() if values}))
        self.last = run

    def work(self, rows: list, portion: int, dies: int, everybody: bool) -> None:
        """Do it portion by portion; some of them die before they are committed and are done by the next worker."""
        when = self.now
        file = a_file(everybody=everybody)
        while (claimed := claim(self.session, FEED_RUNS, now=when)) is not None:
            (run,) = claimed.rows
            with self.dying(dies > 0):
                if run.is_to_undo:
                    undo_claimed(self.session, claimed, now=self.now)
                elif run.applies_on is None:
                    begin_run(self.session, claimed, lambda _: (file, rows_of(*rows)), now=self.now)
                else:
                    apply_portion(self.session, claimed, limit=portion, now=self.now)
            self.session.expire_all()
            if dies > 0:
                dies, when = dies - 1, when + timedelta(minutes=5)

    @contextmanager
    def dying(self, is_killed: bool) -> Iterator[None]:
        before = self.session.begin_nested()
        yield
        before.rollback() if is_killed else before.commit()

    @rule(number=st.sampled_from(NUMBERS), title=st.sampled_from(("Manager", "Cook")))
    def somebody_changes_a_title_by_hand(self, number: str, title: str) -> None:
        now = self.later()
        if number in self.expected():
            key = jobs_now(self.session, self.authority, now=now)[number].employment_id
            change_job(self.session, self.session.get_one(Employment, key), now.date(), now=now, job_title=title)
            self.layers.append((0, {number: {"job_title": title}}))

    @precondition(lambda self: self.last is not None and self.last.is_applied)
    @rule(dies=st.integers(0, 1))
    def the_last_file_is_undone(self, dies: int) -> None:
        now = self.later()
        assert self.last is not None
        if why_not_undone(self.session, self.last, now=now) is not None:
            return
        ask_to_undo(self.session, run_id=self.last.id, by=None, now=now)
        self.work([], 1, dies, everybody=False)
        self.layers = [(run_id, said) for run_id, said in self.layers if run_id != self.last.id]
        self.last = None

    @invariant()
    def the_record_is_what_the_model_says(self) -> None:
        jobs = jobs_now(self.session, self.authority, now=self.now)
        held = {number: job for number, job in jobs.items() if job.is_held(self.now.date())}
        expected = self.expected()
        assert held.keys() == expected.keys()
        for number, job in held.items():
            assert (job.unit, job.job_title) == (expected[number]["unit"], expected[number]["job_title"])
        assert len({job.person_id for job in jobs.values()}) == len(jobs)


@pytest.mark.usefixtures("session")
def test_files_hands_deaths_and_undoing_leave_what_they_should(connection: Connection) -> None:
    machine = type("Machine", (FilesInAnyOrder,), {"connection": connection})
    checked = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=25, stateful_step_count=10, deadline=None, suppress_health_check=checked),
    )
