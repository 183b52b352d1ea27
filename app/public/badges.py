"""What anybody may fetch in order to check a badge that its holder showed them. Nothing here lists badges or people."""

import json

from flask import Response as FlaskResponse
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.access import public
from app.badges import FILE_POLICY, badge_addresses
from app.extensions import db, limiter
from app.public.verification import CHECKS, verify_limit
from certificates.badges import hosting
from certificates.badges.picture import picture
from certificates.badges.status import get_list
from kernel.clock import utc_now

CREDENTIAL, JWT, DID = "application/vc", "application/vc+jwt", "application/did"
_FIVE_MINUTES, _ONE_HOUR = 300, 3600


def _answer(body: str, content_type: str, seconds: int) -> Response:
    """Something that programs on other sites may read: verifiers run in browsers too."""
    response = FlaskResponse(body, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.add_etag()
    return response.make_conditional(request)


@public
def badge_keys() -> Response:
    """The DID document of ``did:web``: which keys sign."""
    return _answer(json.dumps(hosting.did_document(db.session(), badge_addresses())), DID, _FIVE_MINUTES)


@public
def badge_issuer() -> Response:
    """Who issues badges."""
    profile = hosting.issuer_profile(db.session(), badge_addresses())
    return _answer(json.dumps(profile, ensure_ascii=False), "application/ld+json", _ONE_HOUR)


@public
def badge_achievement(name: str) -> Response:
    """What a badge is for."""
    achievement = hosting.get_achievement(db.session(), name=name)
    return _answer(json.dumps(achievement, ensure_ascii=False), "application/ld+json", _ONE_HOUR)


@public
def badge_picture(name: str) -> Response:
    """The picture of an achievement."""
    achievement = hosting.get_achievement(db.session(), name=name)
    drawn = picture(str(achievement["name"]), str(achievement["version"]))
    return _answer(drawn, "image/svg+xml; charset=utf-8", _ONE_HOUR)


@public
def badge_status(number: int) -> Response:
    """Which badges of a list have ended, signed."""
    found = get_list(db.session(), number=number)
    left = max(0, int((found.good_until - utc_now()).total_seconds()))
    return _answer(found.signed, JWT, min(_FIVE_MINUTES, left))


@public
@limiter.shared_limit(verify_limit, scope=CHECKS)
def badge(secret: str) -> Response:
    """One badge. A person who follows its address is better served by the page that checks its certificate."""
    accepted = request.accept_mimetypes
    if accepted["text/html"] > accepted[CREDENTIAL]:
        return redirect(url_for("public.verify", number=hosting.get_number(db.session(), secret=secret)), 303)
    response = FlaskResponse(hosting.get_credential(db.session(), secret=secret), content_type=CREDENTIAL)
    response.headers["Vary"] = "Accept"
    # Its holder may take it back: no copy is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
