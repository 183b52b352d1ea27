"""What each act in the audit trail is called: where somebody chooses a kind, and in the sentence of an entry."""

from typing import NamedTuple


class Act(NamedTuple):
    """One kind of entry. ``kind`` stands by itself; the others are sentences without their subject.

    ``{about}`` is the thing or the person, and other braces are details. ``own`` is for those who did it to themselves.
    """

    kind: str
    did: str
    own: str = ""


# By the action that is stored.
ACTS = {
    "account-added": Act("Account added", "added the account of {about}"),
    "account-closed": Act("Account closed", "closed the account of {about}, who holds no job any more"),
    "account-reopened": Act("Account opened again", "opened the account of {about} again"),
    "account-switched-off": Act("Account switched off", "switched off the account of {about}"),
    "account-switched-on": Act("Account switched on", "switched on the account of {about}"),
    "address-tried-again": Act("Address tried again", "let mail go to the address of {about} again"),
    "api-rows-read": Act("Rows of people read by a program", "let a program read rows of people of {about}"),
    "api-token-made": Act("Token for programs made", "made a token for programs that read {about}"),
    "api-token-revoked": Act("Token for programs revoked", "revoked a token for programs that read {about}"),
    "audience-approved": Act("People of an audience changed", "approved version {version} of {about}"),
    "audience-dropped": Act("Change of an audience dropped", "dropped version {version} of {about}"),
    "audit-downloaded": Act("Audit trail downloaded", "downloaded the audit trail"),
    "authority-added": Act("Authority added", "added {about}"),
    "badge-asked-for": Act("Badge asked for", "asked for a badge of {about}"),
    "badge-withdrawn": Act("Badge withdrawn", "withdrew the badge of {about}"),
    "birth-date-changed": Act("Date of birth of a person changed", "changed the date of birth of {about}"),
    "certificate-archive-asked-for": Act("Zip of certificates asked for", "asked for {about}"),
    "certificate-archive-cancelled": Act("Zip of certificates cancelled", "cancelled {about}"),
    "certificate-archive-downloaded": Act("Zip of certificates downloaded", "downloaded {about}"),
    "certificate-file-recreated": Act("Certificate file made again", "made the file of {about} again"),
    "certificate-file-recreation-asked": Act(
        "Certificate file asked for again", "asked for the file of {about} to be made again"
    ),
    "certificate-link-made": Act("Link to a certificate made", "made a link to {about}"),
    "certificate-link-withdrawn": Act("Link to a certificate withdrawn", "withdrew a link to {about}"),
    "certificate-look-restored": Act(
        "Certificate look put back", "went back to an earlier certificate look of {about}"
    ),
    "certificate-look-saved": Act("Certificate look saved", "saved the certificate look of {about}"),
    "certificate-reissued": Act("Certificate issued anew", "issued {about} anew"),
    "certificate-restored": Act("Certificate restored", "restored {about}"),
    "certificate-retried": Act("Certificate tried again", "tried {about} again"),
    "certificate-revoked": Act("Certificate revoked", "revoked {about}"),
    "certificate-run-cancelled": Act("Run of certificates cancelled", "cancelled {about}"),
    "certificate-run-paused": Act("Run of certificates paused", "paused {about}"),
    "certificate-run-resumed": Act("Run of certificates resumed", "resumed {about}"),
    "certificate-run-started": Act("Run of certificates started", "started {about}"),
    "certificates-retried": Act("Failed certificates tried again", "tried failed certificates again"),
    "completion-amended": Act("Completion corrected", "corrected a completion of {course} of {about}"),
    "completion-amendment-undone": Act(
        "Correction of a completion taken back", "took back a correction of a completion of {course} of {about}"
    ),
    "course-asked-for": Act("Course asked for", "asked for {about}"),
    "course-copied": Act("Course copied", "copied version {version} of {about}"),
    "course-corrected": Act("Course corrected", "corrected version {corrects} of {about} with version {version}"),
    "course-downloaded": Act("Course downloaded", "downloaded version {version} of {about}"),
    "course-published": Act("Course published", "published version {version} of {about}"),
    "course-published-already": Act(
        "Course published that stood already", "published version {version} of {about}, which stood already"
    ),
    "course-upload-discarded": Act("Upload discarded", "discarded {about}"),
    "course-upload-downloaded": Act("Upload downloaded", "downloaded {about}"),
    "earlier-training-rule-set": Act(
        "Rule for earlier training set", "set by which rule {about} accepts earlier training"
    ),
    "course-uploaded": Act("Course uploaded", "made {about}"),
    "enquiry-answered": Act("Question answered", "marked the answer to a question to {about} as sent"),
    "enquiry-noted": Act("Question noted", "noted a question to {about}"),
    "exemption-ended": Act("Exemption ended", "ended the exemption of {about} from {course} at {organisation}"),
    "exemption-given": Act("Exemption given", "exempted {about} from {course} at {organisation}"),
    "export-asked-for": Act("Export of everything asked for", "asked for an export of everything of {about}"),
    "export-downloaded": Act("Export of everything downloaded", "downloaded an export of everything of {about}"),
    "export-key-added": Act("Key for exports added", "added a key for exports of {about}"),
    "export-written": Act("Export of everything written", "wrote an export of everything of {about} into a file"),
    "export-key-removed": Act("Key for exports removed", "removed a key for exports of {about}"),
    "feed-applied": Act("HR file applied", "applied {about} of {organisation}"),
    "feed-decided": Act("Decision about an HR file", "decided about {about} of {organisation}"),
    "feed-limits-changed": Act("Limits of HR files changed", "changed above what HR files of {about} stop"),
    "feed-mapping-kept": Act(
        "Mapping of the HR file kept", "kept version {version} of a mapping of the HR file for {about}"
    ),
    "feed-planned": Act("HR file planned", "planned {about} of {organisation}"),
    "feed-replaced": Act("HR file planned again", "had {about} of {organisation} planned again"),
    "feed-overtaken": Act("HR file overtaken", "left out {about} of {organisation}, because a newer one came"),
    "feed-source-asked": Act("HR file asked for", "had {about} of {organisation} looked at for a file"),
    "feed-source-changed": Act("Source of HR files changed", "changed {about} of {organisation}"),
    "feed-source-fetched": Act("HR file fetched", "fetched a file from {about} of {organisation}"),
    "feed-source-key-confirmed": Act(
        "Key of a server confirmed", "confirmed the key of the server of {about} of {organisation}"
    ),
    "feed-source-made": Act("Source of HR files set up", "set up {about} of {organisation}"),
    "feed-source-switched-off": Act("Source of HR files switched off", "switched off {about} of {organisation}"),
    "feed-source-switched-on": Act("Source of HR files switched on", "switched on {about} of {organisation}"),
    "feed-undo-asked": Act("HR file to be undone", "asked that {about} of {organisation} be undone"),
    "feed-undone": Act("HR file undone", "undid {about} of {organisation}"),
    "figure-published": Act("Figure published", "published {about}"),
    "hour-planned": Act("Time for a course planned", "planned time for {about} to take {course}"),
    "hour-moved": Act("Time for a course moved", "moved the time for {about} to take {course}"),
    "hour-cancelled": Act("Time for a course cancelled", "cancelled the time for {about} to take {course}"),
    "job-change-taken-back": Act("Change of a job taken back", "took back a change of a job of {about}"),
    "job-added": Act("Job added", "added a job of {about}"),
    "job-corrected": Act("Job corrected", "corrected a job of {about}"),
    "job-ended": Act("Job ended", "ended a job of {about}"),
    "local-wording-changed": Act("Local wording changed", "changed the local wording of {about}"),
    "invitation-made": Act("Invitation made", "invited {about}"),
    "message-retried": Act("Message sent again", "tried to send {about} again"),
    "messages-retried": Act("Failed messages sent again", "tried to send failed messages again"),
    "address-changed": Act("E-mail address of a person changed", "changed the e-mail address of {about}"),
    "names-changed": Act("Names of a person changed", "changed the names of {about}", "changed their own names"),
    "learner-request-decided": Act("Request of a learner decided", "answered {about} about {course} at {organisation}"),
    "learner-request-sent": Act(
        "Request of a learner sent",
        "sent what {about} asks {organisation} about {course}",
        "asked {organisation} about {course}",
    ),
    "names-listed": Act("List of names opened", "opened {about}"),
    "own-data-downloaded": Act(
        "Own data downloaded", "downloaded what is held about {about}", "downloaded what is held about themselves"
    ),
    "number-tried-again": Act("Number tried again", "let texts go to the number of {about} again"),
    "own-mobile-given": Act(
        "Own mobile number given", "gave a mobile number of {about}", "gave their own mobile number for texts"
    ),
    "own-mobile-taken-back": Act(
        "Own mobile number taken back", "took back the mobile number of {about}", "took back their own mobile number"
    ),
    "parked-task-retried": Act("Stopped work tried again", "had {about} tried again"),
    "parked-tasks-retried": Act("Stopped work of one kind tried again", "had all stopped work of one kind tried again"),
    "password-changed": Act(
        "Password changed by its owner", "changed the password of {about}", "changed their own password"
    ),
    "password-code-made": Act("One-time code made", "made a one-time code for {about}"),
    "password-set": Act(
        "New password set", "set a new password for {about}", "set a new password for their own account"
    ),
    "people-merged": Act("Records of people merged", "merged the record of {about} with another one"),
    "people-separated": Act("Records of people separated", "separated the record of {about} from another one"),
    "person-erased": Act("Person erased", "erased a person: {about}"),
    "past-learning-applied": Act("Past learning applied", "applied {about}"),
    "past-learning-discarded": Act("Past learning put away", "put away {about}"),
    "past-learning-matched": Act("Past learning matched", "matched past learning to {about}"),
    "past-learning-planned": Act("Past learning planned", "planned {about}"),
    "past-learning-undone": Act("Past learning undone", "undid {about}"),
    "people-nudged": Act("People of a list nudged", "nudged people of {about}"),
    "people-given-more-time": Act("People of a list given more time", "gave people of {about} more time for {course}"),
    "people-exempted": Act("People of a list exempted", "exempted people of {about} from {course}"),
    "people-act-taken-back": Act(
        "What was done for people of a list taken back", "took back what was done for people of {about}"
    ),
    "message-words-previewed": Act("Words of a message looked at", "looked at a message as {about} would get it"),
    "message-words-saved": Act("Words of a message saved", "saved words of a message of {about}"),
    "person-nudged": Act("Person nudged", "nudged {about}"),
    "person-opened": Act("Record of a person opened", "opened the record of {about}", "opened their own record"),
    "programme-change-dropped": Act("Change of a programme dropped", "dropped a change of the steps of {about}"),
    "programme-change-proposed": Act("Change of a programme proposed", "proposed other steps of {about}"),
    "programme-changed": Act("Programme changed", "made version {version} of {about}"),
    "programme-made": Act("Programme made", "made {about}"),
    "equality-policy-worded": Act("Policy on equality worded", "worded version {version} of the policy of {about}"),
    "equality-action-added": Act("Action for equality added", "added an action to the list of {about}"),
    "equality-action-done": Act("Action for equality done", "said that an action of {about} is done"),
    "equality-action-dropped": Act("Action for equality dropped", "said that an action of {about} was dropped"),
    "evidence-asked-for": Act("Evidence pack asked for", "asked for an evidence pack of {about}"),
    "evidence-cancelled": Act("Evidence pack cancelled", "cancelled an evidence pack of {about}"),
    "report-scheduled": Act("Report by email set up", "set up a report by email of {about} for {course}"),
    "report-schedule-stopped": Act("Report by email stopped", "stopped a report by email of {about} for {course}"),
    "rows-downloaded": Act("Rows about people downloaded", "downloaded rows about people of {about}"),
    "row-downloads-given": Act("Right to download rows given", "let {about} download rows about people"),
    "row-downloads-taken": Act("Right to download rows taken back", "let {about} no longer download rows about people"),
    "target-set": Act("Target set", "set the target of {about} for {course}"),
    "target-ended": Act("Target taken away", "took the target of {about} for {course} away"),
    "quiz-adjusted": Act("More tries at a quiz given", "gave more tries at a quiz to {about}"),
    "quiz-request-declined": Act("More tries at a quiz declined", "declined more tries at a quiz to {about}"),
    "requirement-changed": Act("Date to finish by changed", "changed by when {organisation} asks for {about}"),
    "requirement-people-changed": Act("People asked changed", "changed whom {organisation} asks for {about}"),
    "requirement-withdrawn": Act("Course no longer asked for", "ended that {organisation} asks for {about}"),
    "reorganisation-decided": Act("Reorganisation decided", "decided a reorganisation of {about}"),
    "reorganisation-undone": Act("Reorganisation undone", "undid a reorganisation of {about}"),
    "unit-added": Act("Unit added", "added a unit to {about}"),
    "role-ended": Act("Role over on its last day", "ended the role {role} of {about}, whose last day is over"),
    "retention-applied": Act("Records let go by a rule", "let records go by the rule for {about}"),
    "retention-rule-set": Act("Rule for keeping records set", "set the rule for keeping {about}"),
    "role-given": Act("Role given", "gave {about} the role {role}", "gave themselves the role {role}"),
    "role-taken": Act("Role taken back", "took the role {role} from {about}", "gave up the role {role}"),
    "sign-in-card-ended": Act("Sign-in card ended", "ended the sign-in card of {about}"),
    "sign-in-card-made": Act("Sign-in card made", "made a sign-in card for {about}"),
    "sign-in-cards-downloaded": Act("Sheet of sign-in cards downloaded", "downloaded {about}"),
    "sessions-ended": Act("Signed out everywhere", "signed {about} out everywhere", "signed out everywhere"),
    "starters-given-ways-in": Act("New starters given a way in", "gave new starters of {about} a way in"),
    "starters-held-back": Act("Too many new starters at once", "waited, because many joined {about} at once"),
    "way-in-chosen": Act("First way in chosen", "chose how the people of {about} come in for the first time"),
    "ways-in-asked-for": Act("Ways in asked for", "had ways in made for people of {about}"),
}


def kind_words(action: str) -> str:
    """What an action is called where somebody chooses a kind; one that is not known in its own words."""
    known = ACTS.get(action)
    return known.kind if known else action.replace("-", " ").capitalize()


def act_of(action: str) -> Act:
    """How an action is told; one that is not known in its own words."""
    return ACTS.get(action) or Act(kind_words(action), action.replace("-", " ") + ": {about}")
