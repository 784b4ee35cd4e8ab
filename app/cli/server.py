"""Starting the web server, and making its database ready."""

import os
import socket
from typing import Annotated, Final

import typer
import uvicorn

from app.settings import Settings
from app.storage.database import Database
from app.storage.schema import upgrade_schema

# Named, not imported: uvicorn loads it in each of its processes.
WEB_APPLICATION: Final = "app.main:create_app_from_settings"

USUAL_PROCESSES: Final = min(2, os.cpu_count() or 1)
"""Python computes on one core in each process; a panel of thousands keeps two busy at most."""


def migrate() -> None:
    """Make the database, or bring it up to date, keeping every row.

    Example: `CASTALIA_DATABASE_URL=postgresql://castalia@localhost/castalia castalia migrate`
    """
    upgrade_schema(Settings().database_url)
    typer.echo("The database is up to date.")


def serve(
    processes: Annotated[
        int,
        typer.Option(min=1, help="Web processes that share the port; unset, two where there are two cores."),
    ] = USUAL_PROCESSES,
) -> None:
    """Serve the pages on CASTALIA_HOST and CASTALIA_PORT until interrupted.

    Example: `CASTALIA_PORT=8080 castalia serve`
    """
    settings = Settings()
    database = Database(settings.database_url)
    if not database.is_ready():
        typer.echo("castalia: The database is not ready. `castalia migrate` makes its tables.", err=True)
    database.close()
    serve_pages(settings, processes)


def serve_pages(settings: Settings, processes: int = 1) -> None:
    """Serve until interrupted; return when the last request is answered.

    Raises
    ------
    typer.TyperException
        When the address is taken, or is none of this machine.
    """
    refuse_a_taken_address(settings)
    typer.echo(f"Castalia is at {settings.base_url} (Ctrl+C stops it).", err=True)
    uvicorn.run(
        WEB_APPLICATION,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=processes,
        ws="none",
        log_config=None,
        access_log=False,  # a personal link is an address, and would be in it
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=60,  # loading the figures' libraries takes a busy machine longer than 5 s
    )


def refuse_a_taken_address(settings: Settings) -> None:
    """Raise unless pages can be served on the host and port of the settings.

    Raises
    ------
    typer.TyperException
        When the address is taken, or is none of this machine.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise typer.TyperException(
            f"Pages cannot be served on {settings.host}, port {settings.port}: {error.strerror}. "
            "Choose others with CASTALIA_HOST and CASTALIA_PORT."
        ) from error
