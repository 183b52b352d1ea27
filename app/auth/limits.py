"""How often anybody may be wrong. A right password costs nothing, so a whole depot may sign in from one address.

Wrong ones count for the pair of address and username, so that nobody can lock somebody else out from another address.
They also count for the address alone, with a far wider limit.
"""

from http import HTTPStatus

from flask import Response, request

from app.platform.current_settings import current_settings
from app.platform.extensions import visitor_address
from kernel.columns import length_of
from people.accounts import Account, normal_username

LONGEST_NAME = length_of(Account.username)


def was_refused(response: Response) -> bool:
    """Whether what was typed was not right."""
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def for_one_name() -> str:
    """Wrong ones for one username from one address."""
    return current_settings().sign_in_limit


def for_one_address() -> str:
    """Wrong ones from one address, for whomever."""
    return current_settings().sign_in_address_limit


def address_and_name() -> str:
    """The pair that tries."""
    return f"{visitor_address()} {normal_username(request.form.get('username', ''))[:LONGEST_NAME]}"
