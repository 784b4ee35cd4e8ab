"""Researchers' accounts."""

import sys
from typing import Annotated, Final

import typer

from app.cli.place import OPERATOR, open_database
from app.clock import SystemClock
from app.domain.account import Role
from app.domain.study import Language
from app.services.accounts import add_researcher
from app.services.joining import join_study
from app.services.overview import read_overview

researcher: Final = typer.Typer(help="Make accounts for the people who run studies.")


@researcher.callback()
def researchers() -> None:
    """Keep `add` a word of its own, though it is the only one."""


@researcher.command()
def add(
    email: Annotated[str, typer.Argument(help="The address with which the researcher signs in.")],
    name: Annotated[str, typer.Option(help="The name that colleagues see.")],
    language: Annotated[Language, typer.Option(help="The language of the pages.")] = Language.EN,
    study: Annotated[str | None, typer.Option(help="A study in which the researcher gets the role.")] = None,
    role: Annotated[Role, typer.Option(help="The role in that study.")] = Role.OWNER,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from standard input; unset: ask for it."),
    ] = False,
) -> None:
    """Make an account for a researcher, and give it a study.

    Example: `castalia researcher add ana@example.org --name "Ana Peeters" --study peer-support`
    """
    clock = SystemClock()
    with open_database() as database:
        if study is not None:
            read_overview(database, clock, study)  # an unknown study is refused before the account is made
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
        else:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        added = add_researcher(database, clock, email=email, name=name, password=password, language=language)
        if study is not None:
            join_study(database, clock, study, added.id, role, OPERATOR)
    typer.echo(f"{added.name} can sign in as {added.email}.")
