"""Texts through GOV.UK Notify, with its own client."""

from typing import TYPE_CHECKING, Any

from kernel.loading.later import later
from messages.by_text.carrying import TextRefused, TextsUnavailable
from messages.by_text.record import Delivery

if TYPE_CHECKING:
    from notifications_python_client import errors, notifications
else:
    errors, notifications = (later(f"notifications_python_client.{name}") for name in ("errors", "notifications"))

PATIENCE = 20
PLACEHOLDER = "message"
_LONGEST_REASON = 200
# https://docs.notifications.service.gov.uk/python.html#text-message-statuses. “Sent” is the last that is heard of a
# text to some other countries.
STATUSES = {
    "delivered": Delivery.ARRIVED,
    "permanent-failure": Delivery.NO_SUCH_NUMBER,
    "temporary-failure": Delivery.NOT_NOW,
    "technical-failure": Delivery.TROUBLE,
    "sent": Delivery.UNKNOWN,
}


class NotifyCarrier:
    """One client; the template at Notify holds nothing but ((message))."""

    def __init__(self, url: str, *, key: str, template: str) -> None:
        self.place = url
        self._template = template
        self._client = notifications.NotificationsAPIClient(key, base_url=url, timeout=PATIENCE)

    def send(self, *, phone_number: str, words: str, reference: str) -> None:
        try:
            self._client.send_sms_notification(
                phone_number=phone_number,
                template_id=self._template,
                personalisation={PLACEHOLDER: words},
                reference=reference,
            )
        except errors.APIError as problem:
            raise self._in_words(problem) from problem

    def find(self, reference: str) -> Delivery | None:
        try:
            found = self._client.get_all_notifications(template_type="sms", reference=reference)
            statuses = [one["status"] for one in found["notifications"]]
        except errors.APIError as problem:
            raise TextsUnavailable(f"{self.place}: {_said(problem)}") from problem
        except (KeyError, TypeError) as problem:
            raise TextsUnavailable(f"{self.place} answers in another form than GOV.UK Notify") from problem
        return STATUSES.get(statuses[0], Delivery.ON_ITS_WAY) if statuses else None

    def check(self) -> None:
        try:
            template: dict[str, Any] = self._client.get_template(self._template)
        except errors.APIError as problem:
            raise TextsUnavailable(f"{self.place}: {_said(problem)}") from problem
        if template["type"] != "sms" or f"(({PLACEHOLDER}))" not in template["body"]:
            raise TextsUnavailable(f"The template at Notify must be one for texts and hold (({PLACEHOLDER}))")

    def _in_words(self, problem: "errors.APIError") -> TextRefused | TextsUnavailable:
        """Notify answers 400 to a number that is none, and to what is wrong for everybody, such as the template."""
        said = _said(problem)
        if problem.status_code == 400 and "phone_number" in said:
            return TextRefused("GOV.UK Notify says that this is no number for texts", is_number=True)
        if problem.status_code == 400 and "this recipient" in said:
            return TextRefused(f"GOV.UK Notify said: {said}", is_number=False)
        return TextsUnavailable(f"{self.place}: {said}")


def _said(problem: "errors.APIError") -> str:
    """What Notify said, on one line: its errors are a list, and a line that broke is a text."""
    message = problem.message
    if isinstance(message, list):
        message = "; ".join(str(one.get("message", one)) for one in message)
    return " ".join(f"{problem.status_code} {message}".split())[:_LONGEST_REASON]
