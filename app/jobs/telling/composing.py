"""Which function makes the words of each kind of message, and which kinds go by email alone."""

from collections.abc import Callable, Mapping

from assignments.for_many.decided_words import compose_decided
from assignments.for_many.telling import DECIDED_FOR_MANY
from assignments.reminders.noting import REMINDER, TEAM_LATE
from assignments.reminders.nudge_words import compose_nudge
from assignments.reminders.nudges import NUDGE
from assignments.reminders.team_words import compose_team_late
from assignments.reminders.telling import compose_reminder
from assignments.requests.record import REQUEST_ANSWERED
from assignments.requests.telling import compose_answer
from assignments.rota.record import PLANNED_HOUR
from assignments.rota.telling import compose_planned_hour
from certificates.making.announcing import CERTIFICATE_READY, compose_announcement
from courses.reflection.follow_up_messages import FOLLOW_UP_OPEN, FOLLOW_UP_REMINDER, compose_follow_up
from courses.reflection.plan_messages import OWN_PLAN, compose_plan
from messages.address_changes import ADDRESS_CHANGED, compose_address_change
from messages.hr_files import FILE_MISSING, FILE_WAITS, compose_missing, compose_waiting
from messages.invitations import INVITATION, compose_invitation
from messages.ledger import ComposedMessage
from messages.new_cards import NEW_CARDS, compose_new_cards
from messages.password_links import PASSWORD_LINK, compose_password_link
from reports.schedules.telling import REPORT_READY, compose_report

Composer = Callable[..., ComposedMessage]
COMPOSERS: Mapping[str, Composer] = {
    CERTIFICATE_READY: compose_announcement,
    FOLLOW_UP_OPEN: compose_follow_up,
    FOLLOW_UP_REMINDER: compose_follow_up,
    OWN_PLAN: compose_plan,
    PASSWORD_LINK: compose_password_link,
    INVITATION: compose_invitation,
    REMINDER: compose_reminder,
    TEAM_LATE: compose_team_late,
    NUDGE: compose_nudge,
    FILE_MISSING: compose_missing,
    FILE_WAITS: compose_waiting,
    ADDRESS_CHANGED: compose_address_change,
    NEW_CARDS: compose_new_cards,
    REQUEST_ANSWERED: compose_answer,
    REPORT_READY: compose_report,
    DECIDED_FOR_MANY: compose_decided,
    PLANNED_HOUR: compose_planned_hour,
}
# Told to an address that is not the one on the record any more.
TO_ANOTHER_ADDRESS = frozenset({ADDRESS_CHANGED})
# A way into an account does not go to a phone that others may hold, and a whole plan does not fit into a text.
MAIL_ALONE = frozenset({*TO_ANOTHER_ADDRESS, PASSWORD_LINK, INVITATION, OWN_PLAN})
