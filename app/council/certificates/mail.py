"""Whether a run mails the holders of what it issues: the question before it starts, and the answer on its page."""

from collections.abc import Mapping

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import AnyOf

from app.platform.forms import FlaskForm, SelectChoice
from app.platform.mail.transport import find_mail_transport
from certificates.record.runs import RunMail
from kernel.errors import RuleBroken

MAIL_WORDS: Mapping[RunMail, str] = {
    RunMail.NONE: "No, nobody",
    RunMail.AT_ONCE: "Yes, as soon as each certificate is ready",
    RunMail.MORNING: "Yes, in one message the next morning at 8 o’clock",
}


def mail_question() -> RadioField:
    """The question whether they are mailed; the errors of a form come in the order in which its fields are made."""
    return RadioField(
        "Should they get an email about it?",
        description="Whoever asked for one message a day gets it the next morning with either yes",
        choices=[SelectChoice(mail.value, words) for mail, words in MAIL_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(RunMail), "Select whether they get an email")],
    )


class MailForm(FlaskForm):
    """Whether they are mailed. Nothing is chosen beforehand: a mail to thousands is nobody’s default."""

    mail = mail_question()

    def __init__(self) -> None:
        super().__init__()
        if find_mail_transport() is None:  # nobody can be mailed, so nobody is asked
            del self.mail

    @property
    def chosen(self) -> RunMail:
        """What was chosen, once the form is valid."""
        return RunMail(self.mail.data) if self.mail else RunMail.NONE


def note_refusal(form: FlaskForm, problem: RuleBroken) -> str:
    """Put what was refused beside its field; returns the words for the page where it belongs to none."""
    if not problem.field:
        return problem.message
    form[problem.field].errors = [problem.message]
    return ""
