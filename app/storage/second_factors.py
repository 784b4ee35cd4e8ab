"""Second factors and recovery codes: not stored themselves, but what they are held against."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.storage.tables.account import recovery_code, second_factor

_SALT = select(second_factor.c.salt).where(second_factor.c.researcher_id == bindparam("researcher"))


def find_salt(connection: Connection, researcher_id: int) -> str | None:
    """What the secret of a researcher's second factor is derived from; None where it is switched off."""
    return connection.scalar(_SALT, {"researcher": researcher_id})


def insert_second_factor(
    connection: Connection, researcher_id: int, salt: str, *, step: int, at: datetime
) -> None:
    """Switch the second factor on; the code of ``step`` has been used."""
    row = {"researcher_id": researcher_id, "salt": salt, "confirmed_at": at, "last_step": step}
    connection.execute(insert(second_factor), row)


def delete_second_factor(connection: Connection, researcher_id: int) -> None:
    """Switch the second factor off, with its recovery codes."""
    connection.execute(delete(recovery_code).where(recovery_code.c.researcher_id == researcher_id))
    connection.execute(delete(second_factor).where(second_factor.c.researcher_id == researcher_id))


def use_up_step(connection: Connection, researcher_id: int, step: int) -> bool:
    """Note that the code of a step was used, and return whether no code as new was used before."""
    query = update(second_factor).where(
        second_factor.c.researcher_id == researcher_id, second_factor.c.last_step < step
    )
    return connection.execute(query.values(last_step=step)).rowcount == 1


def replace_recovery_codes(connection: Connection, researcher_id: int, hashes: Iterable[str]) -> None:
    """Store new recovery codes; those before open nothing any more."""
    connection.execute(delete(recovery_code).where(recovery_code.c.researcher_id == researcher_id))
    rows = [{"researcher_id": researcher_id, "code_hash": code_hash} for code_hash in hashes]
    connection.execute(insert(recovery_code), rows)


def use_up_recovery_code(connection: Connection, researcher_id: int, code_hash: str, at: datetime) -> bool:
    """Use a recovery code up, and return whether there was one that was not used."""
    query = update(recovery_code).where(
        recovery_code.c.researcher_id == researcher_id,
        recovery_code.c.code_hash == code_hash,
        recovery_code.c.used_at.is_(None),
    )
    return connection.execute(query.values(used_at=at)).rowcount == 1


def count_recovery_codes(connection: Connection, researcher_id: int) -> int:
    """How many recovery codes were not used yet."""
    query = select(func.count()).where(
        recovery_code.c.researcher_id == researcher_id, recovery_code.c.used_at.is_(None)
    )
    return connection.execute(query.select_from(recovery_code)).scalar_one()
