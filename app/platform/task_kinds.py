"""Every kind of task there is: what maintenance looks after, and what the doctor and the administration list."""

from typing import Any

from assignments.checking.record import STANDING_COUNTS
from assignments.for_many.record import ACTS
from assignments.reminders.daily import REMINDERS
from certificates.badges.making import BADGES
from certificates.badges.status import STATUS_LISTS
from certificates.file_care.file_checks import FILE_CHECKS
from certificates.file_care.lost_files import RECREATIONS
from certificates.making.derived_files import DERIVED_FILES
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.runs import RUNS
from certificates.zips.requests import ZIPS
from courses.corrections.declaring import MOVES
from courses.history.stored import HISTORY_RUNS
from kernel.tasks.kinds import TaskKind
from messages.by_text.proving import MOBILE_CODES
from messages.sending import MAIL
from people.feed.runs.record import FEED_RUNS
from people.feed.sources.record import FETCHES
from people.ways_in.rounds import ROUNDS, WAYS_IN
from people.ways_in.zips import SHEET_ZIPS
from privacy.erasing.files import ERASED_FILES
from privacy.leaving.record import EXPORTS
from privacy.retention.applying import RETENTION
from reports.items.snapshots import ITEM_COUNTS
from reports.month_ends.due import KEPT_COUNTS
from reports.paper.record import PAPERS
from reports.session_pack import SESSION_PACKS

KINDS: tuple[TaskKind[Any], ...] = (
    CERTIFICATE_FILES,
    DERIVED_FILES,
    BADGES,
    STATUS_LISTS,
    MAIL,
    MOBILE_CODES,
    SESSION_PACKS,
    PAPERS,
    ITEM_COUNTS,
    ACTS,
    RUNS,
    ZIPS,
    MOVES,
    FETCHES,
    FEED_RUNS,
    ERASED_FILES,
    RETENTION,
    FILE_CHECKS,
    RECREATIONS,
    HISTORY_RUNS,
    ROUNDS,
    WAYS_IN,
    SHEET_ZIPS,
    REMINDERS,
    STANDING_COUNTS,
    KEPT_COUNTS,
    EXPORTS,
)
