"""A PostgreSQL server for one run of the tests.

Looked for in this order: the server that CASTALIA_TEST_DATABASE_URL names; the system's own binaries, started
on a temporary cluster that listens on a Unix socket only and that all processes of the run share.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

NAMED_SERVER = "CASTALIA_TEST_DATABASE_URL"
STOP_SECONDS = 30
FIRST_WITH_STRATEGIES = 150_000

# Nothing here outlives the run, so nothing need reach the disk. Tests of durability start their own servers.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}

# Stops the server once no process of the run holds the pipe open any more: at the end of the run, or when it
# was killed. Either way no server stays behind.
KEEPER = """
(cat "$1" >/dev/null; "$2" stop -D "$3/cluster" -m fast; rm -rf "$3"/*) &
"""


class PostgresqlMissing(Exception):
    """No server is named, and none can be started here."""


@dataclass(frozen=True)
class Server:
    """A running server, and the first part of the names of the databases that this run makes on it."""

    url: str
    prefix: str

    def create_database(self, template: str | None = None, name: str = "") -> str:
        """Create a database, empty or as a copy of another one, and return its address."""
        name = name or f"{self.prefix}_{uuid4().hex[:12]}"
        source = make_url(template).database if template else "template0"
        # To copy files takes half as long as to log each page of them, as servers do of their own accord.
        knows_strategies = self._connection.info.server_version >= FIRST_WITH_STRATEGIES
        strategy = " STRATEGY FILE_COPY" if knows_strategies else ""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
        self._execute(command.format(sql.Identifier(name), sql.Identifier(str(source))))
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        name = str(make_url(url).database)
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def put_back(self, url: str, template: str) -> None:
        """Make a database anew, as a copy of another one."""
        self.drop_database(url)
        self.create_database(template, str(make_url(url).database))

    def drop_every_database(self) -> None:
        """Drop what this run has made, on a server that goes on without it."""
        listing = sql.SQL("SELECT datname FROM pg_database WHERE starts_with(datname, {})")
        for (name,) in self._execute(listing.format(sql.Literal(f"{self.prefix}_"))):
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _connection(self) -> psycopg.Connection:
        return _connection_of_this_process(self.url, os.getpid())

    def _execute(self, command: sql.Composed) -> list[tuple[str]]:
        cursor = self._connection.execute(command)
        return cursor.fetchall() if cursor.description else []


@cache
def _connection_of_this_process(url: str, _process: int) -> psycopg.Connection:
    # To connect costs the server nearly as much as what is asked of it.
    connection = psycopg.connect(url, autocommit=True)
    atexit.register(connection.close)
    return connection


def find_server(directory: Path, pipe: Path, settings: Mapping[str, str] = SERVER_SETTINGS) -> str:
    """Return the address of the named server, else of one that runs for as long as a pipe is held open.

    Raises
    ------
    PostgresqlMissing
        When there is no server, with what is missing.
    """
    return os.environ.get(NAMED_SERVER) or _start_server(directory, pipe, settings)


def _start_server(directory: Path, pipe: Path, settings: Mapping[str, str]) -> str:
    initdb, pg_ctl = _binary("initdb"), _binary("pg_ctl")
    directory.mkdir(mode=0o700)
    run_there = partial(_run_as_owner, directory, **({} if os.getuid() else _unprivileged_owner(directory)))
    options = " ".join(f"--{name}='{value}'" for name, value in settings.items())
    try:
        run_there(initdb, "-D", "cluster", "-U", "castalia", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        run_there(pg_ctl, "start", "-w", "-D", "cluster", "-l", "log", "-o", f"-k {directory} {options}")
    except subprocess.CalledProcessError as failure:
        log = directory / "log"
        said = log.read_text() if log.exists() else ""
        shutil.rmtree(directory)
        raise PostgresqlMissing(f"{failure.cmd[0]} failed:\n{failure.stdout}{said}") from failure
    run_there("/bin/sh", "-c", KEEPER, "keeper", str(pipe), pg_ctl, str(directory))
    return f"postgresql://castalia@/postgres?host={directory}"


def _run_as_owner(directory: Path, *command: str, **owner: Any) -> None:
    # Output goes to a file: a server that holds a pipe of ours open would make us wait for its end.
    with (directory / "output").open("w+") as output:
        code = subprocess.run(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,
            **owner,
        ).returncode
        if code:
            output.seek(0)
            raise subprocess.CalledProcessError(code, command, output.read())


def _binary(name: str) -> str:
    places = [Path(place) for place in os.get_exec_path()]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if os.access(place / name, os.X_OK):
            return str((place / name).resolve())
    raise PostgresqlMissing(f"there is no {name} on this machine, and {NAMED_SERVER} names no server")


def _unprivileged_owner(directory: Path) -> dict[str, Any]:
    """Give a directory to somebody who is not root; PostgreSQL refuses to run as root."""
    names = {account.pw_name: account for account in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    os.chown(directory, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def wait_until_stopped(directory: Path) -> None:
    """Wait until a server of our own has stopped and has emptied its directory."""
    deadline = time.monotonic() + STOP_SECONDS
    while any(directory.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(directory)
