"""Which account belongs to whom at a provider that vouches for people."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.account import Researcher
from app.storage.accounts import researcher_in
from app.storage.tables.account import provider_account, researcher

_BY_SUBJECT = (
    select(researcher)
    .join(provider_account, provider_account.c.researcher_id == researcher.c.id)
    .where(
        provider_account.c.issuer == bindparam("issuer"),
        provider_account.c.subject == bindparam("subject"),
        researcher.c.disabled_at.is_(None),
    )
)
_LINK = {
    name: dialect.insert(provider_account).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def find_by_subject(connection: Connection, issuer: str, subject: str) -> Researcher | None:
    """Find whose account belongs to a person at a provider, unless it is disabled."""
    row = connection.execute(_BY_SUBJECT, {"issuer": issuer, "subject": subject}).one_or_none()
    return None if row is None else researcher_in(row)


def link_account(connection: Connection, issuer: str, subject: str, researcher_id: int, at: datetime) -> None:
    """Keep that a person at a provider has an account; said twice, it is kept once."""
    row = {"issuer": issuer, "subject": subject, "researcher_id": researcher_id, "linked_at": at}
    connection.execute(_LINK[connection.dialect.name], row)
