"""What anybody may fetch in order to check a badge that its holder showed them. Nothing here lists badges or people."""

import json

from flask import Response as FlaskResponse
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import public
from app.platform.badge_settings import FILE_POLICY, badge_addresses
from app.platform.extensions import db
from app.public.limits import slowed_down
from certificates.badges import hosting
from certificates.badges.picture import picture
from certificates.badges.status import get_list
from kernel.clock import utc_now

JWT = "application/vc+jwt"
# The types of a document, first the one for those who ask for none. Usual verifiers read nothing whose type does not
# have “json” in its name, which those of the standards have no more: “application/did”, “application/vc”.
_JSON = ("application/ld+json", "application/json")
CREDENTIAL_TYPES = (*_JSON, "application/vc", "application/vc+ld+json")
DID_TYPES = ("application/did+ld+json", "application/did+json", *_JSON, "application/did")
_FIVE_MINUTES, _ONE_HOUR = 300, 3600


def _wanted(types: tuple[str, ...]) -> str:
    """The type that the request asks for most, in the order of ``types`` where it does not mind."""
    return request.accept_mimetypes.best_match(types, default=types[0])


def _answer(body: str, content_type: str, seconds: int) -> Response:
    """Something that programs on other sites may read: verifiers run in browsers too."""
    response = FlaskResponse(body, content_type=content_type)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.add_etag()
    return response.make_conditional(request)


@public
def badge_keys() -> Response:
    """The DID document of ``did:web``: which keys sign."""
    document = hosting.did_document(db.session(), badge_addresses())
    return _answer(json.dumps(document), _wanted(DID_TYPES), _FIVE_MINUTES)


@public
def badge_issuer() -> Response:
    """Who issues badges."""
    profile = hosting.issuer_profile(db.session(), badge_addresses())
    return _answer(json.dumps(profile, ensure_ascii=False), _wanted(_JSON), _ONE_HOUR)


@public
def badge_achievement(name: str) -> Response:
    """What a badge is for."""
    achievement = hosting.get_achievement(db.session(), name=name)
    return _answer(json.dumps(achievement, ensure_ascii=False), _wanted(_JSON), _ONE_HOUR)


@public
def badge_picture(name: str) -> Response:
    """The picture of an achievement."""
    achievement = hosting.get_achievement(db.session(), name=name)
    drawn = picture(str(achievement["name"]), str(achievement["version"]))
    return _answer(drawn, "image/svg+xml; charset=utf-8", _ONE_HOUR)


@public
def badge_status(list_number: int) -> Response:
    """Which badges of a list have ended, signed: JSON with a proof, or a token for whoever asks for that."""
    found = get_list(db.session(), number=list_number)
    left = max(0, int((found.good_until - utc_now()).total_seconds()))
    wanted = _wanted((*CREDENTIAL_TYPES, JWT))
    if wanted == JWT or found.credential is None:
        return _answer(found.jwt, JWT, min(_FIVE_MINUTES, left))
    return _answer(found.credential, wanted, min(_FIVE_MINUTES, left))


@public
@slowed_down
def badge(secret: str) -> Response:
    """One badge. A person who follows its address is better served by the page that checks its certificate."""
    wanted = _wanted((*CREDENTIAL_TYPES, "text/html"))
    if wanted == "text/html":
        number = hosting.get_number(db.session(), secret=secret)
        return redirect(url_for("public.verify", certificate_number=number), 303)
    response = FlaskResponse(hosting.get_credential(db.session(), secret=secret), content_type=wanted)
    response.headers["Vary"] = "Accept"
    # Its holder may take it back: no copy is kept on the way.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
