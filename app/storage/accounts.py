"""Researchers' accounts; of passwords only hashes are stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.account import Researcher
from app.domain.errors import AccountExists
from app.storage.tables.account import researcher


@dataclass(frozen=True)
class Account:
    """A researcher who may sign in, and what their password is held against."""

    researcher: Researcher
    password_hash: str


_ACCOUNT = select(researcher).where(
    researcher.c.email == bindparam("email"), researcher.c.disabled_at.is_(None)
)
_ANYBODY = select(researcher.c.id).limit(1)
_BY_ID = select(researcher).where(researcher.c.id == bindparam("id"))


def insert_researcher(
    connection: Connection, *, email: str, name: str, password_hash: str, language: str, at: datetime
) -> Researcher:
    """Store a new account.

    Raises
    ------
    AccountExists
        The address has one; nothing more can be done in this transaction.
    """
    row = {"email": email, "name": name, "password_hash": password_hash, "language": language}
    try:
        inserted = connection.execute(
            insert(researcher).returning(researcher.c.id), row | {"created_at": at}
        ).scalar_one()
    except IntegrityError as error:
        raise AccountExists(email=email) from error
    return Researcher(inserted, email, name, language)


def find_account(connection: Connection, email: str) -> Account | None:
    """Find the account of an address, unless it is disabled."""
    row = connection.execute(_ACCOUNT, {"email": email}).one_or_none()
    return None if row is None else Account(researcher_in(row), row.password_hash)


def has_accounts(connection: Connection) -> bool:
    """Whether anybody has an account here."""
    return connection.execute(_ANYBODY).first() is not None


def find_researcher_by_id(connection: Connection, researcher_id: int) -> Researcher | None:
    """Find a researcher by internal id."""
    row = connection.execute(_BY_ID, {"id": researcher_id}).one_or_none()
    return None if row is None else researcher_in(row)


def read_names(connection: Connection, researcher_ids: Collection[int]) -> dict[int, str]:
    """Read the names of researchers by internal id; those unknown are absent."""
    query = select(researcher.c.id, researcher.c.name).where(researcher.c.id.in_(researcher_ids))
    return {row.id: row.name for row in connection.execute(query)}


def replace_password_hash(connection: Connection, researcher_id: int, password_hash: str) -> None:
    """Store another hash of a researcher's password."""
    connection.execute(
        update(researcher).where(researcher.c.id == researcher_id).values(password_hash=password_hash)
    )


def set_name(connection: Connection, researcher_id: int, name: str) -> None:
    """Store the name that colleagues see."""
    connection.execute(update(researcher).where(researcher.c.id == researcher_id).values(name=name))


def set_language(connection: Connection, researcher_id: int, language: str) -> None:
    """Store the language in which a researcher wants to read."""
    connection.execute(update(researcher).where(researcher.c.id == researcher_id).values(language=language))


def researcher_in(row: Row[Any]) -> Researcher:
    """The researcher of a row."""
    return Researcher(row.id, row.email, row.name, row.language)
