"""What each kind of message is called in front of people."""

from assignments.for_many.telling import DECIDED_FOR_MANY
from assignments.reminders.noting import REMINDER, TEAM_LATE
from assignments.reminders.nudges import NUDGE
from assignments.requests.record import REQUEST_ANSWERED
from assignments.rota.record import PLANNED_HOUR
from certificates.making.announcing import CERTIFICATE_READY
from courses.reflection.follow_up_messages import FOLLOW_UP_OPEN, FOLLOW_UP_REMINDER
from courses.reflection.plan_messages import OWN_PLAN
from messages.address_changes import ADDRESS_CHANGED
from messages.hr_files import FILE_MISSING, FILE_WAITS
from messages.invitations import INVITATION
from messages.new_cards import NEW_CARDS
from messages.password_links import PASSWORD_LINK
from reports.schedules.telling import REPORT_READY

KIND_WORDS = {
    CERTIFICATE_READY: "A certificate is ready",
    FOLLOW_UP_OPEN: "A follow-up is open",
    FOLLOW_UP_REMINDER: "A follow-up is still open",
    OWN_PLAN: "Your plan, which you asked for",
    PASSWORD_LINK: "A link to a new password, which you asked for",
    FILE_MISSING: "An HR file has not come",
    FILE_WAITS: "An HR file waits for you",
    ADDRESS_CHANGED: "The email address of your account was changed, to the one before",
    NEW_CARDS: "New sign-in cards wait to be printed",
    REMINDER: "A reminder of what you are asked to finish",
    TEAM_LATE: "People of your team are long past a date",
    NUDGE: "A nudge about what you are asked to finish",
    REQUEST_ANSWERED: "The answer to what you asked about a course",
    DECIDED_FOR_MANY: "More time or an exemption that was decided for many people",
    PLANNED_HOUR: "Time that your manager planned for a course",
    REPORT_READY: "A report by email is ready",
    INVITATION: "An invitation to sign in for the first time",
}
