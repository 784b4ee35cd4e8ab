"""What all tables share: the metadata with its naming of constraints, and the column kinds."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; a naive one is a programming error and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no zones, so the zone is dropped there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(  # the signature is SQLAlchemy's
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def owned_table(name: str, *parts: Any) -> Table:
    """A table that belongs to a study: ``study_id`` stands first in its key, to distribute by."""
    study_id = Column("study_id", Integer, ForeignKey("study.id"), primary_key=True, autoincrement=False)
    return Table(name, metadata, study_id, *parts)


def number(name: str, *, key: bool = False, nullable: bool = False) -> Column[int]:
    """A whole number; with ``key`` a part of the primary key that the engine numbers itself."""
    if key:
        return Column(name, Integer, primary_key=True, autoincrement=False)
    return Column(name, Integer, nullable=nullable)


def code(name: str = "code", *, key: bool = False, nullable: bool = False) -> Column[str]:
    """A short code that people read."""
    if key:
        return Column(name, String(80), primary_key=True)
    return Column(name, String(80), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """A text of any length."""
    return Column(name, Text, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """A moment in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """The database repeats what the enum says."""
    listed = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def belongs_to(table: str, *columns: str, refers: Iterable[str] = ()) -> ForeignKeyConstraint:
    """A reference inside the same study; ``refers`` names the other side's columns where they differ."""
    target = tuple(refers) or columns
    return ForeignKeyConstraint(
        ["study_id", *columns], [f"{table}.study_id", *(f"{table}.{column}" for column in target)]
    )


def texts_table(owner: str, owner_key: str, *names: str) -> Table:
    """The texts of ``owner``, one row a language."""
    return owned_table(
        f"{owner}_text",
        number(owner_key, key=True),
        Column("language", String(2), primary_key=True),
        *(text(name) for name in names),
        belongs_to(owner, owner_key, refers=["id"]),
    )
