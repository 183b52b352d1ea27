"""Settings, read from the environment (``COMMON_GROUND_…``) and checked before anything starts.

A default stands here only if it is right for production and harmless to publish. ``make run`` writes demo values
for the others into ``var/demo.env``; docs/running.md explains each.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kernel.settings.weak_secrets import weakness_of

PLAIN_SMTP, NOTIFY, PLAIN_NOTIFY = "smtp-plain", "notify", "notify-plain"
PREFIX = "COMMON_GROUND_"
# Read by `make` and its tools, and by nothing of the application.
TOOLS_READ = ("WORKERS", "PYTHON", "STARTED_IN")
ROOT = Path(__file__).resolve().parent

MAIL_FROM = re.compile(r"(?:[^<>@\r\n\"]+ )?<?[^\s<>@]+@[^\s<>@]+>?")
BOUNCES_URL = re.compile(r"maildir:///[^/].*|imaps?://[^/@:\s]+@[^/@:\s]+(:\d{1,5})?(/.*)?")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf".*-{_UUID}-{_UUID}")
RATE = re.compile(r"[1-9]\d* per (second|minute|hour|day)")


class Environment(StrEnum):
    """Where this process runs."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class Settings(BaseSettings):
    """Everything that differs from one installation to the next."""

    model_config = SettingsConfigDict(env_prefix="COMMON_GROUND_", frozen=True, extra="ignore")

    env: Environment = Field(Environment.PRODUCTION, description="production, demo or test")
    secret_key: SecretStr = Field(
        description="At least 32 random characters: signs sessions and forms. Changing it signs everybody out."
    )
    database_url: str = Field(description="postgresql+psycopg://… in production; sqlite:///… for the demo")
    redis_url: str = Field(description="redis://…, rediss://… or unix://…: the queue and the rate limits")
    storage_url: str = Field(description="A folder (/srv/common-ground/files) or a bucket (s3://bucket/prefix)")
    s3_endpoint_url: str | None = Field(None, description="For S3-compatible stores other than Amazon's")
    redis_without_tls: bool = Field(False, description="Redis is on another machine, on a line that nobody can read")
    database_without_tls: bool = Field(False, description="The same for PostgreSQL")
    public_url: str = Field(description="Where people reach the site: https://learn.example.org")
    feed_folders: str = Field("", description="Folders from which HR files may be read, with : between them")
    max_upload_mb: int = Field(50, ge=1, le=500, description="Largest course bundle, in MiB")
    session_hours: int = Field(12, ge=1, le=72, description="How long a person stays signed in without doing anything")
    session_days: int = Field(7, ge=1, le=90, description="How long a person stays signed in, however busy they are")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front that set X-Forwarded-For")
    sign_in_limit: str = Field("10 per minute", description="Wrong passwords for one username from one address")
    sign_in_address_limit: str = Field("600 per hour", description="Wrong passwords from one address, for whomever")
    verify_limit: str = Field("30 per minute", description="Unknown certificate numbers from one address")
    verify_address_limit: str = Field("1200 per hour", description="Certificates checked from one address")
    reuse_drawings: bool = Field(True, description="Draw a certificate once and fill it in for others that are alike")
    badge_key_file: str | None = Field(None, description="The key that signs badges; without it none are made")
    signing_key_file: str | None = Field(
        None, description="PKCS#12, or PEM with key and certificates: signs certificates; without it they are unsigned"
    )
    signing_password: SecretStr | None = Field(None, description="Opens the key file, or is the PIN of the token")
    signing_pkcs11_module: str | None = Field(None, description="The library of a PKCS#11 token, instead of a key file")
    signing_pkcs11_token: str | None = Field(None, description="The label of the token")
    signing_pkcs11_label: str | None = Field(None, description="The label of key and certificate on the token")
    signing_time_stamp_url: str | None = Field(None, description="An RFC 3161 server that vouches for the time")
    signing_without_time_stamp: bool = Field(False, description="Sign without a stamp while that server is away")
    source_url: str | None = Field(None, description="Where the source of this version can be had; AGPL section 13")
    mail_url: str | None = Field(None, description="smtp://host:587, smtps://host:465 or, for a demo, a folder")
    mail_from: str | None = Field(None, description="Whom mail comes from: Common Ground <learning@example.org>")
    mail_user: str | None = Field(None, description="User name at the mail server, if it asks for one")
    mail_password: SecretStr | None = Field(None, description="Password at the mail server")
    mail_ca_file: str | None = Field(None, description="Certificates that the mail server's is signed by, if private")
    bounces_url: str | None = Field(None, description="Where mail that came back is: maildir:///… or imaps://…")
    bounces_password: SecretStr | None = Field(None, description="Password of that mailbox")
    bounces_address: str | None = Field(None, description="Where mail servers send it back to, if not the sender")
    mail_per_minute: int = Field(60, ge=1, le=10_000, description="Most mails that leave in a minute")
    texts_url: str | None = Field(
        None, description="notify://api.notifications.service.gov.uk or, for a demo, a folder"
    )
    texts_key: SecretStr | None = Field(None, description="The API key of GOV.UK Notify")
    texts_template: str | None = Field(None, description="The id of a template whose message is ((message))")
    migration_lock_seconds: float = Field(
        0.8, ge=0.1, le=3600, description="How long a migration waits for a table that is in use; PostgreSQL only"
    )
    migration_statement_seconds: float = Field(
        10, ge=0.1, le=86_400, description="How long one step of a migration may take; PostgreSQL only"
    )
    smallest_group: int = Field(10, ge=10, le=100, description="Figures about fewer people are never shown")

    @property
    def feed_folder_list(self) -> tuple[str, ...]:
        """The folders from which HR files may be read, and everything inside them."""
        return tuple(one.strip() for one in self.feed_folders.split(os.pathsep) if one.strip())

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @model_validator(mode="after")
    def _refuse_unusable(self) -> Self:
        if problems := [
            *self._wrong_anywhere(),
            *self._wrong_about_mail(),
            *self._wrong_about_texts(),
            *self._wrong_in_production(),
        ]:
            raise ValueError("\n".join(problems))
        return self

    def _wrong_anywhere(self) -> Iterator[str]:
        if len(self.secret_key.get_secret_value()) < 32:
            yield "COMMON_GROUND_SECRET_KEY must have at least 32 characters"
        if not self.database_url.startswith(("postgresql+psycopg://", "sqlite:///")):
            yield "COMMON_GROUND_DATABASE_URL must start with postgresql+psycopg:// or sqlite:///"
        if not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            yield "COMMON_GROUND_REDIS_URL must start with redis://, rediss:// or unix://"
        if not _is_site(self.public_url):
            yield "COMMON_GROUND_PUBLIC_URL must be like https://learn.example.org, with a host and nothing behind it"
        if self.storage_url.startswith("file://") and not self.storage_url.startswith("file:///"):
            yield "COMMON_GROUND_STORAGE_URL must be a whole path after file://, such as file:///srv/common-ground/files"
        elif self.storage_url.startswith("s3://") and not urlsplit(self.storage_url).netloc:
            yield "COMMON_GROUND_STORAGE_URL must name a bucket: s3://bucket/prefix"
        for name in ("sign_in_limit", "sign_in_address_limit", "verify_limit", "verify_address_limit"):
            # One that cannot be read would be left out at the first request, without a word.
            if not RATE.fullmatch(getattr(self, name)):
                yield f"COMMON_GROUND_{name.upper()} must be like: 10 per minute"
        if any(not Path(one).is_absolute() or Path(one) == Path("/") for one in self.feed_folder_list):
            yield "COMMON_GROUND_FEED_FOLDERS must be whole paths, such as /srv/hr-files, and not /"
        yield from self._wrong_for_signing()

    def _wrong_for_signing(self) -> Iterator[str]:
        module, token, label = self.signing_pkcs11_module, self.signing_pkcs11_token, self.signing_pkcs11_label
        if module and self.signing_key_file:
            yield "COMMON_GROUND_SIGNING_KEY_FILE and COMMON_GROUND_SIGNING_PKCS11_MODULE cannot both be set"
        if module and not (token and label):
            yield "COMMON_GROUND_SIGNING_PKCS11_MODULE needs …_SIGNING_PKCS11_TOKEN and …_SIGNING_PKCS11_LABEL"
        if not (self.signing_time_stamp_url or "https://").startswith(("https://", "http://")):
            yield "COMMON_GROUND_SIGNING_TIME_STAMP_URL must start with https:// or http://"

    def _wrong_about_mail(self) -> Iterator[str]:
        if not self.mail_url:
            return
        try:
            parts = urlsplit(self.mail_url)
            _ = parts.port
        except ValueError:
            yield "COMMON_GROUND_MAIL_URL must be like smtp://mail.example.org:587, with a port of digits"
            return
        is_server = parts.scheme in {"smtp", "smtps", PLAIN_SMTP}
        is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if is_server and (not parts.hostname or parts.username or parts.path.strip("/")):
            yield "COMMON_GROUND_MAIL_URL must be like smtp://mail.example.org:587, without a user name"
        elif not is_server and (parts.scheme not in {"", "file"} or self.env is Environment.PRODUCTION):
            yield "COMMON_GROUND_MAIL_URL must start with smtp:// or smtps://"
        elif parts.scheme == PLAIN_SMTP and self.env is Environment.PRODUCTION and not is_here:
            yield "COMMON_GROUND_MAIL_URL may be smtp-plain:// for a server on this machine only"
        if not MAIL_FROM.fullmatch(self.mail_from or ""):
            yield "COMMON_GROUND_MAIL_FROM must be like: Common Ground <learning@example.org>"
        if (self.mail_user is None) != (self.mail_password is None):
            yield "COMMON_GROUND_MAIL_USER and COMMON_GROUND_MAIL_PASSWORD must be set together"
        if not BOUNCES_URL.fullmatch(self.bounces_url or "maildir:///srv"):
            yield "COMMON_GROUND_BOUNCES_URL must be like maildir:///srv/bounces or imaps://user@mail.example.org/INBOX"
        if (self.bounces_url or "").startswith("imap") and self.bounces_password is None:
            yield "COMMON_GROUND_BOUNCES_PASSWORD must be set for a mailbox"

    def _wrong_about_texts(self) -> Iterator[str]:
        if not self.texts_url:
            return
        scheme, _, host = self.texts_url.rpartition("://")
        if scheme in {"", "file"} and self.env is Environment.PRODUCTION:
            yield "COMMON_GROUND_TEXTS_URL may be a folder for a demo only"
        if scheme not in {NOTIFY, PLAIN_NOTIFY}:
            return
        if not _is_site(f"https://{host}"):
            yield "COMMON_GROUND_TEXTS_URL must be like notify://api.notifications.service.gov.uk"
        elif scheme == PLAIN_NOTIFY and self.env is Environment.PRODUCTION:
            yield "COMMON_GROUND_TEXTS_URL must start with notify:// in production"
        if not NOTIFY_KEY.fullmatch(self.texts_key.get_secret_value() if self.texts_key else ""):
            yield "COMMON_GROUND_TEXTS_KEY must be a whole API key of GOV.UK Notify: its name, and two ids behind it"
        if not re.fullmatch(_UUID, self.texts_template or ""):
            yield "COMMON_GROUND_TEXTS_TEMPLATE must be the id of a template for texts at GOV.UK Notify"

    def _wrong_in_production(self) -> Iterator[str]:
        if self.env is not Environment.PRODUCTION:
            return
        if weakness := weakness_of(self.secret_key.get_secret_value()):
            yield f"COMMON_GROUND_SECRET_KEY {weakness}. Make one with: openssl rand -base64 48"
        if self.is_sqlite:
            yield "COMMON_GROUND_DATABASE_URL must be a PostgreSQL address in production"
        elif not self.database_without_tls and _is_read_on_the_way(self.database_url):
            yield (
                "COMMON_GROUND_DATABASE_URL leads to another machine and must say ?sslmode=verify-full (or require); "
                "if nobody can read that line, set COMMON_GROUND_DATABASE_WITHOUT_TLS=yes"
            )
        if not self.redis_without_tls and _is_open_redis_elsewhere(self.redis_url):
            yield (
                "COMMON_GROUND_REDIS_URL leads to another machine and must start with rediss://; "
                "if nobody can read that line, set COMMON_GROUND_REDIS_WITHOUT_TLS=yes"
            )
        if not self.public_url.startswith("https://"):
            yield "COMMON_GROUND_PUBLIC_URL must start with https:// in production"
        yield from self._wrong_about_storage()

    def _wrong_about_storage(self) -> Iterator[str]:
        if "://" in self.storage_url and not self.storage_url.startswith("file://"):
            return
        folder = Path(self.storage_url.removeprefix("file://"))
        if not folder.is_absolute():
            yield "COMMON_GROUND_STORAGE_URL must be a whole path, such as /srv/common-ground/files, in production"
        elif folder.resolve().is_relative_to(ROOT / "app"):
            yield "COMMON_GROUND_STORAGE_URL must not be inside app/, whose files anybody may be handed"


def _is_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    has_more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_more


def _is_here(host: str) -> bool:
    """Whether a host is this machine, a socket or a name of its own included."""
    if not host or host.startswith(("/", "@")) or host.casefold() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_open_redis_elsewhere(url: str) -> bool:
    return url.startswith("redis://") and not _is_here(urlsplit(url).hostname or "")


def _is_read_on_the_way(url: str) -> bool:
    """Whether libpq may speak to another machine without TLS: left alone, its sslmode is ``prefer``."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    mode = (asked.get("sslmode") or [os.environ.get("PGSSLMODE", "prefer")])[-1]
    return mode not in {"require", "verify-ca", "verify-full"} and not all(map(_is_here, _hosts(parts, asked)))


def _hosts(parts: SplitResult, asked: Mapping[str, list[str]]) -> list[str]:
    """Every host of a PostgreSQL address: several may stand there, with their ports, or in ``?host=``."""
    listed = [host for value in asked.get("host", []) for host in value.split(",")]
    inside = parts.netloc.rpartition("@")[2]
    return [*listed, *(urlsplit(f"//{host}").hostname or "" for host in inside.split(",") if host)]


class BadSettings(Exception):
    """The environment does not hold usable settings; the text lists every problem, one a line."""


def load_settings() -> Settings:
    """The settings of this process. Raises ``BadSettings``, which names every variable at fault."""
    unknown: list[str] = []
    try:
        settings = Settings()
        unknown = unknown_names(os.environ) if settings.env is Environment.PRODUCTION else []
    except ValidationError as problems:
        unknown = unknown_names(os.environ)
        raise BadSettings("\n".join([*map(_in_words, problems.errors()), *unknown])) from None
    if unknown:
        raise BadSettings("\n".join(unknown))
    return settings


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like a setting and is none, with the nearest that is one."""
    known = [name.upper() for name in (*Settings.model_fields, *TOOLS_READ)]
    given = {name: name.upper().removeprefix(PREFIX) for name in environ if name.upper().startswith(PREFIX)}
    found = sorted(name for name, short in given.items() if short not in known)
    near = {name: get_close_matches(given[name], known, n=1) for name in found}
    return [
        f"{name} is no setting" + (f"; did you mean {PREFIX}{near[name][0]}?" if near[name] else "") for name in found
    ]


def _in_words(problem: object) -> str:
    detail = dict(problem)  # type: ignore[call-overload]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    return f"COMMON_GROUND_{str(detail['loc'][0]).upper()}: {message}"
