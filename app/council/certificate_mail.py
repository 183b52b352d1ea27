"""Whether a run mails the holders of what it issues: the question before it starts, and the answer on its page."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from app.mail import find_office
from certificates.runs import RunMail
from kernel.errors import RuleBroken

MAIL_WORDS: Mapping[RunMail, str] = {
    RunMail.NONE: "No, nobody",
    RunMail.AT_ONCE: "Yes, as soon as each certificate is ready",
    RunMail.MORNING: "Yes, in one message the next morning at 8 o’clock",
}


class MailForm(FlaskForm):  # type: ignore[misc]
    """Whether they are mailed. Nothing is chosen beforehand: a mail to thousands is nobody’s default."""

    mail = RadioField(
        "Should they get an email about it?",
        description="People who asked for one message a day get it the next morning either way",
        choices=[SelectChoice(mail.value, words) for mail, words in MAIL_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
    )


def chosen_mail(form: MailForm) -> RunMail:
    """What was chosen; nobody is mailed where no mail is sent. Raises ``RuleBroken`` while nothing is chosen."""
    if find_office() is None:
        return RunMail.NONE
    if form.mail.data not in set(RunMail):
        raise RuleBroken("Select whether they get an email", "mail")
    return RunMail(form.mail.data)


def note_refusal(form: FlaskForm, problem: RuleBroken) -> str:
    """Put what was refused beside its field; returns the words for the page where it belongs to none."""
    if not problem.field:
        return problem.message
    form[problem.field].errors = [problem.message]
    return ""
