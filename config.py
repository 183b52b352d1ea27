"""Settings, read from the environment (``COMMON_GROUND_…``) and checked before anything starts.

A default stands here only if it is right for production and harmless to publish. ``make run`` writes demo values
for the others into ``var/demo.env``; docs/running.md explains each.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLAIN_SMTP = "smtp-plain"
DEMO_SECRET_PREFIX = "demo-"  # noqa: S105 - marks a secret as unfit for production; it is not one

MAIL_FROM = re.compile(r"(?:[^<>@\r\n\"]+ )?<?[^\s<>@]+@[^\s<>@]+>?")
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
    public_url: str = Field(description="Where people reach the site: https://learn.example.org")
    max_upload_mb: int = Field(50, ge=1, le=500, description="Largest course bundle, in MiB")
    session_hours: int = Field(12, ge=1, le=72, description="How long a person stays signed in without doing anything")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front that set X-Forwarded-For")
    sign_in_limit: str = Field("10 per minute", description="Sign-in attempts from one address and for one username")
    verify_limit: str = Field("30 per minute", description="Certificate numbers checked from one address")
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
    mail_per_minute: int = Field(60, ge=1, le=10_000, description="Most mails that leave in a minute")
    smallest_group: int = Field(10, ge=10, le=100, description="Figures about fewer people are never shown")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @model_validator(mode="after")
    def _refuse_unusable(self) -> Self:
        if problems := [*self._wrong_anywhere(), *self._wrong_about_mail(), *self._wrong_in_production()]:
            raise ValueError("\n".join(problems))
        return self

    def _wrong_anywhere(self) -> Iterator[str]:
        if len(self.secret_key.get_secret_value()) < 32:
            yield "COMMON_GROUND_SECRET_KEY must have at least 32 characters"
        if not self.database_url.startswith(("postgresql+psycopg://", "sqlite:///")):
            yield "COMMON_GROUND_DATABASE_URL must start with postgresql+psycopg:// or sqlite:///"
        if not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            yield "COMMON_GROUND_REDIS_URL must start with redis://, rediss:// or unix://"
        for name in ("sign_in_limit", "verify_limit"):
            # One that cannot be read would be left out at the first request, without a word.
            if not RATE.fullmatch(getattr(self, name)):
                yield f"COMMON_GROUND_{name.upper()} must be like: 10 per minute"
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

    def _wrong_in_production(self) -> Iterator[str]:
        if self.env is not Environment.PRODUCTION:
            return
        if self.secret_key.get_secret_value().startswith(DEMO_SECRET_PREFIX):
            yield "COMMON_GROUND_SECRET_KEY is the demo's. Make one with: openssl rand -base64 48"
        if self.is_sqlite:
            yield "COMMON_GROUND_DATABASE_URL must be a PostgreSQL address in production"
        if not self.public_url.startswith("https://"):
            yield "COMMON_GROUND_PUBLIC_URL must start with https:// in production"


class BadSettings(Exception):
    """The environment does not hold usable settings; the text lists every problem, one a line."""


def load_settings() -> Settings:
    """The settings of this process. Raises ``BadSettings``, which names every variable at fault."""
    try:
        return Settings()
    except ValidationError as problems:
        raise BadSettings("\n".join(_in_words(problem) for problem in problems.errors())) from None


def _in_words(problem: object) -> str:
    detail = dict(problem)  # type: ignore[call-overload]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    return f"COMMON_GROUND_{str(detail['loc'][0]).upper()}: {message}"
