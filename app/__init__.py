"""The Flask application: wiring, web pages by audience, jobs and commands.

Only this package and ``wsgi.py`` know Flask, WTForms, RQ and Redis. The factory puts the parts together and no more.
"""

from functools import partial

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, auth, cli, council, learn, manage, managing, people, public, requirements, teams
from app.platform import access
from app.platform.demo_guard import refuse_demo_in_production
from app.platform.extensions import csrf, db, limiter, login_manager, migrate
from app.platform.input.addresses import AddressMap
from app.platform.input.bodies import BodyIntake
from app.platform.mail.transport import init_mail
from app.platform.pages import compression, errors, navigation, security, unsent, upload_limits
from app.platform.pages.assets import init_assets
from app.platform.pages.concurrency import ConcurrencyLimit
from app.platform.pages.templating import init_templates
from app.platform.queue import init_queue
from app.platform.storage import init_storage
from app.platform.texts.carriers import init_texts
from config import Settings
from courses.marking import installed_kinds

AUDIENCES = (public, api, auth, learn, teams, managing, council, people, requirements, manage)


class Application(Flask):
    """Flask, with our reading of addresses: it has to be there before the first rule is."""

    url_map_class = AddressMap


def create_app(settings: Settings) -> Flask:
    """An application.

    Raises ``access.RouteWithoutAccess`` if a page does not say who may open it, and ``UnusablePlug`` if an installed
    package does not fit.
    """
    installed_kinds()
    app = Application(__name__, static_folder="static", static_url_path="/static")
    _configure(app, settings)
    proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)
    app.wsgi_app = BodyIntake(  # type: ignore[method-assign]
        ConcurrencyLimit(proxied), limit_of=partial(upload_limits.body_limit, app)
    )
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    login_manager.init_app(app)
    compression.init_app(app)  # what is noted first is done last
    upload_limits.init_app(app)
    access.init_app(app)  # before the form token is looked at: nobody sends us a body that they may not send
    csrf.init_app(app)
    limiter.init_app(app)
    init_queue(app, settings)
    init_storage(app, settings)
    init_mail(app, settings)
    init_texts(app, settings)
    init_assets(app)
    init_templates(app)
    for part in (security, errors, navigation, unsent, cli):
        part.init_app(app)
    for audience in AUDIENCES:
        app.register_blueprint(audience.blueprint)
    app.register_blueprint(council.region)
    access.check_every_route(app)
    refuse_demo_in_production(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    is_secure = settings.public_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-common-ground" if is_secure else "common-ground",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=0,
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1),
        # A Redis that takes connections but never answers would hold up sign-in: half a second, then memory.
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        # Flask-Limiter raises in whoever finds out second that Redis is gone, or counts a failure just then.
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
