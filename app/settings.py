"""Settings of an installation: CASTALIA_ variables and nothing else; docs/settings.md lists them all."""

import os
import secrets
from email.utils import getaddresses
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.panel import is_address

_SECRET_FILE = Path("var/secret")
_SECRET_LENGTH = 32
_SMTP_SCHEMES = ("smtp", "smtps", "smtp+plain")


class SettingMissing(Exception):
    """A setting has no value that would be safe to assume."""


def _own_address(settled: dict[str, Any]) -> str:
    host = f"[{settled['host']}]" if ":" in settled["host"] else settled["host"]
    return f"http://{host}:{settled['port']}"


def _kept_secret(settled: dict[str, Any]) -> SecretStr:
    """Return the secret kept in ./var, made on first use; production must bring its own."""
    if settled["environment"] == "production":
        raise SettingMissing("In production, set CASTALIA_SECRET to a secret of your own.")
    if not _SECRET_FILE.exists():
        _make_secret(_SECRET_FILE)
    return SecretStr(_SECRET_FILE.read_text(encoding="ascii").strip())


def _make_secret(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(secrets.token_urlsafe(_SECRET_LENGTH) + "\n", encoding="ascii")
    # Of several processes that start together the first one's link stands, and it is never half written.
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _keeps_one_file(settled: dict[str, Any]) -> bool:
    return str(settled["database_url"]).startswith("sqlite:")


def _is_server_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in _SMTP_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or too large
        return False


def _is_protected(address: str) -> bool:
    try:
        parts = urlsplit(address)
        on_this_machine = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(parts.hostname) and (parts.scheme == "https" or on_this_machine)
    except ValueError:  # a bracket that is not closed
        return False


def _is_sender(text: str) -> bool:
    found = getaddresses([text])
    return text.isprintable() and len(found) == 1 and is_address(found[0][1])


class Settings(BaseSettings):
    """What an installation may decide; every description stands word for word in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="CASTALIA_", env_ignore_empty=True, frozen=True, validate_default=True
    )

    environment: Literal["development", "production"] = Field(
        "development",
        description="`production` asks for a secret of your own and hides `/styleguide`.",
    )
    database_url: str = Field(
        "sqlite:///var/castalia.db",
        description="Where studies are kept: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
        pattern=r"^(sqlite:///|postgresql://).+",
    )
    host: str = Field("127.0.0.1", description="Address on which the web server listens.")
    port: int = Field(8000, ge=1, le=65535, description="Port on which the web server listens.")
    base_url: str = Field(
        default_factory=_own_address,
        description="Address at which people reach Castalia, with which every link in a mail begins. "
        "Unset: made from host and port.",
        pattern=r"^https?://[^/\s]+$",
    )
    secret: SecretStr = Field(
        default_factory=_kept_secret,
        description="Secret from which personal links are derived, at least 32 characters. "
        "Unset: one is made once and kept in `var/secret`, readable by its owner only.",
        min_length=_SECRET_LENGTH,
    )
    session_hours: int = Field(
        12,
        ge=1,
        le=720,
        description="Hours after which one must sign in, or enter by the personal link, again.",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server, with `USER:PASSWORD@` where it asks for a sign-in: `smtp://HOST:PORT` "
        "(encrypted by STARTTLS, unless on this machine), `smtps://HOST:PORT` (encrypted from the start) or "
        "`smtp+plain://HOST:PORT` (never encrypted). Signs such as `@` in a password are written `%40`. "
        "Unset: no mail is sent.",
    )
    mail_from: str | None = Field(
        None,
        description="Sender of every mail, such as `Castalia <delphi@example.org>`; needed to send any.",
    )
    worker_inside: bool = Field(
        default_factory=_keeps_one_file,
        description="Whether the web server also opens and closes rounds at their moments and sends mail. If "
        "not, `castalia worker` does so beside it. Unset: yes on SQLite, no on PostgreSQL.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="Provider that vouches for researchers by OpenID Connect, such as "
        "`https://login.example.org`; `https` unless on this machine. It sends people back to "
        "`/research/sign-in/provider/back`. Unset: researchers sign in with a password.",
    )
    oidc_client_id: str | None = Field(None, description="Who Castalia is at that provider.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="The secret that Castalia shares with that provider."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least serious events that are logged."
    )

    @field_validator("smtp_url")
    @classmethod
    def _names_a_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _is_server_url(url.get_secret_value()):
            raise ValueError("This is not the address of a mail server")
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, sender: str | None) -> str | None:
        if sender is not None and not _is_sender(sender):
            raise ValueError("This is not an e-mail address")
        return sender

    @field_validator("oidc_issuer")
    @classmethod
    def _is_a_provider(cls, issuer: str | None) -> str | None:
        if issuer is not None and not _is_protected(issuer):
            raise ValueError("This is not the https address of a provider")
        return issuer

    @property
    def has_provider(self) -> bool:
        """Whether a provider that vouches for people is set up."""
        return None not in (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server to hand messages to."""
        return self.smtp_url is not None and self.mail_from is not None

    @property
    def serves_over_tls(self) -> bool:
        """Whether people reach Castalia over TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")
