"""What the application hands to every request: its settings, its database and its clock."""

from typing import cast

from fastapi import Request

from app.clock import Clock
from app.i18n import LANGUAGE_NAMES, negotiate_language
from app.settings import Settings
from app.storage.database import Database
from app.web.shared.answering import Answering


def settings_of(request: Request) -> Settings:
    """The settings of this installation."""
    return cast("Settings", request.app.state.settings)


def database_of(request: Request) -> Database:
    """The database of this installation."""
    return cast("Database", request.app.state.database)


def answering_of(request: Request) -> Answering:
    """What answers the calls that are made most."""
    return cast("Answering", request.app.state.answering)


def clock_of(request: Request) -> Clock:
    """The clock that says what time it is."""
    return cast("Clock", request.app.state.clock)


def secret_of(request: Request) -> bytes:
    """The installation's secret, from which links and signs are derived."""
    return settings_of(request).secret.get_secret_value().encode()


def nonce_of(request: Request) -> str:
    """The nonce of this answer's content security policy."""
    return cast("str", request.state.nonce)


def locale_of(request: Request) -> str:
    """The language to answer in: that of the person once known, else what the browser asks for."""
    known = getattr(request.state, "locale", None)
    return known or negotiate_language(request.headers.get("Accept-Language", ""))


def answer_in(request: Request, locale: str) -> None:
    """Remember the language chosen, so that a refusal later on speaks it too; ignore an unknown one."""
    if locale in LANGUAGE_NAMES:
        request.state.locale = locale
