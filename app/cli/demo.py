"""The demonstration: two invented studies to look at, and to rate in, on an installation of one's own."""

import base64
import hashlib
import hmac
from typing import Final

import typer

from app.cli.server import refuse_a_taken_address, serve_pages
from app.clock import SystemClock
from app.demo.loader import load_demo, read_demo_links
from app.domain.errors import StudyNotFound
from app.domain.link import link_address
from app.services.accounts import add_researcher
from app.services.links import IssuedLink
from app.settings import Settings
from app.storage.database import Database
from app.storage.schema import upgrade_schema
from app.storage.studies import list_slugs

RESEARCHER: Final = "demo@example.org"


def demo() -> None:
    """Serve the pages; an empty database is first filled with the model study, invented from end to end.

    Example: `CASTALIA_PORT=8080 castalia demo`
    """
    settings = Settings()
    refuse_a_taken_address(settings)
    upgrade_schema(settings.database_url)
    database = Database(settings.database_url)
    try:
        _load_if_empty(database, settings)
        for line in _ways_in(database, settings):
            typer.echo(line)
    finally:
        database.close()
    serve_pages(settings)


def _load_if_empty(database: Database, settings: Settings) -> None:
    with database.reading() as connection:
        if list_slugs(connection):
            return
    typer.echo("Playing three rounds of the model study with 70 invented panelists: half a minute, once ...")
    owner = add_researcher(
        database, SystemClock(), email=RESEARCHER, name="Demo Researcher", password=_password(settings)
    )
    load_demo(database, SystemClock(), _secret(settings), owner.id)


def _ways_in(database: Database, settings: Settings) -> list[str]:
    try:
        links = read_demo_links(database, _secret(settings))
    except StudyNotFound:
        return ["This database holds studies of its own, so the demonstration was not loaded."]
    return [
        "",
        "To look at the studies as a researcher:",
        f"  {settings.base_url}/research   e-mail {RESEARCHER}   password {_password(settings)}",
        "",
        "To rate as an invented panelist of one of the groups:",
        *(_way_in(link, settings) for link in links),
        "",
    ]


def _way_in(link: IssuedLink, settings: Settings) -> str:
    return f"  {link.group:14} ({link.language})  {link_address(settings.base_url, link.token)}"


def _password(settings: Settings) -> str:
    """Return a password that is this installation's own, and can be told again at every start."""
    derived = hmac.digest(_secret(settings), b"the researcher of the demonstration", hashlib.sha256)
    return base64.b32encode(derived).decode("ascii").lower()[:16]


def _secret(settings: Settings) -> bytes:
    return settings.secret.get_secret_value().encode()
