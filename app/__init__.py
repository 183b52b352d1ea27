"""The Flask application: wiring, web pages by audience, jobs and commands.

Only this package and ``wsgi.py`` know Flask, WTForms, RQ and Redis. The factory puts the parts together and no more.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import access, auth, cli, council, errors, learn, manage, navigation, public, security, teams, upload_limits
from app.assets import init_assets
from app.concurrency import ConcurrencyLimit
from app.demo.guard import refuse_demo_in_production
from app.extensions import csrf, db, limiter, login_manager, migrate
from app.mail import init_mail
from app.queue import init_queue
from app.storage import init_storage
from app.templating import init_templates
from config import Settings

AUDIENCES = (public, auth, learn, teams, council, manage)


def create_app(settings: Settings) -> Flask:
    """An application. Raises ``access.RouteWithoutAccess`` if a page does not say who may open it."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    _configure(app, settings)
    proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)
    app.wsgi_app = ConcurrencyLimit(proxied)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    login_manager.init_app(app)
    upload_limits.init_app(app)
    access.init_app(app)  # before the form token is looked at: nobody sends us a body that they may not send
    csrf.init_app(app)
    limiter.init_app(app)
    init_queue(app, settings)
    init_storage(app, settings)
    init_mail(app, settings)
    init_assets(app)
    init_templates(app)
    for part in (security, errors, navigation, cli):
        part.init_app(app)
    for audience in AUDIENCES:
        app.register_blueprint(audience.blueprint)
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
        RATELIMIT_HEADERS_ENABLED=False,
    )
