"""What a worker does with a look at a source: the newest file there becomes a run, once."""

import tempfile
from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast

from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.feeds import IN_MEMORY, ChosenMapping, receive_from_source
from app.platform.hr_sources.folders import opened_folder
from app.platform.hr_sources.reading import Looked, OpenReader, Patience, look
from app.platform.hr_sources.sealing import secret_of
from app.platform.hr_sources.sftp import Server, opened_server
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import Claim
from people.feed.mapping.stored import find_mapping
from people.feed.sources.choosing import Choice, SourceFile
from people.feed.sources.looks import (
    MOST_LOOKS,
    is_known,
    look_again,
    note_fetched,
    note_problem,
    note_seen,
    nothing_new,
    remember,
    wanted_of,
)
from people.feed.sources.problems import NeedsSomebody, NoNewFile, SourceProblem
from people.feed.sources.record import FeedFetch, FeedSource, SecretKind, SourceKind, Wish

PATIENCE = Patience()


def take_look(claimed: Claim[FeedFetch]) -> None:
    """Look at a source and do what follows. Why nothing came of it is written down. Raises ``ClaimLost``."""
    (fetch,) = claimed.rows
    session = db.session()
    source = session.get_one(FeedSource, fetch.source_id)
    looked: Looked | None = None
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        into = cast(BinaryIO, copy)
        try:
            chosen = _chosen(source) if fetch.wish is not Wish.LOOK else None
            opening, wanted = _opening(source, PATIENCE), wanted_of(session, source, fetch)
            looked = look(opening, wanted, into, patience=PATIENCE)
            if chosen is None:
                with unit_of_work() as work:
                    note_seen(work.session, claimed, looked.choice, now=utc_now())
            else:
                _follow(claimed, source, looked, chosen, into)
        except SourceProblem as problem:
            with unit_of_work() as work:
                choice = looked.choice if looked else None
                note_problem(work.session, claimed, problem, choice=choice, now=utc_now())


def _chosen(source: FeedSource) -> ChosenMapping:
    """The newest version of the mapping by which its files are read. Raises ``NeedsSomebody``."""
    stored = find_mapping(db.session(), organisation_id=source.organisation_id, name=source.mapping_name)
    if stored is None:
        raise NeedsSomebody(f"There is no mapping “{source.mapping_name}” any more. Choose one on the source’s page.")
    whole = replace(stored.mapping.coverage, everybody=source.holds_everybody)
    return ChosenMapping(replace(stored.mapping, coverage=whole), stored.id)


def _opening(source: FeedSource, patience: Patience) -> OpenReader:
    if source.kind is SourceKind.FOLDER:
        allowed = current_settings().feed_folder_list
        return partial(opened_folder, source.folder, allowed=allowed)
    server = Server(
        source.host,
        source.port,
        source.username,
        source.secret_kind or SecretKind.PASSWORD,
        secret_of(source),
        source.host_key,
        source.folder,
    )
    return partial(opened_server, server, patience)


def _follow(
    claimed: Claim[FeedFetch], source: FeedSource, looked: Looked, chosen: ChosenMapping, copy: BinaryIO
) -> None:
    file, choice = looked.choice.taken, looked.choice
    if file is not None and looked.is_whole and looked.sha256 is not None:
        _take(claimed, source, (choice, file, looked.sha256), chosen, copy)
        return
    (fetch,) = claimed.rows
    if (file is None and choice.awaited is None) or fetch.looks >= MOST_LOOKS:
        raise nothing_new(choice, source)
    with unit_of_work() as work:
        look_again(work.session, claimed, choice, now=utc_now())


def _take(
    claimed: Claim[FeedFetch],
    source: FeedSource,
    found: tuple[Choice, SourceFile, str],
    chosen: ChosenMapping,
    copy: BinaryIO,
) -> None:
    choice, file, sha256 = found
    source_id = source.id
    if is_known(db.session(), source_id=source_id, file=file, sha256=sha256):
        with unit_of_work() as work:
            remember(work.session, source_id=source_id, file=file, sha256=sha256, now=utc_now())
        raise NoNewFile(f"No new file has come. “{file.name}” was written anew, and holds the very same.")
    with receive_from_source(copy, name=file.name, origin=source, chosen=chosen) as (session, run_id):
        remember(session, source_id=source_id, file=file, sha256=sha256, now=utc_now())
        note_fetched(session, claimed, choice, file=file, run_id=run_id, now=utc_now())
