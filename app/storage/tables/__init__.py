"""The tables, one module a noun; schema changes reach a database through migrations/ only."""

from app.storage.tables import (
    account,
    live,
    log,
    material,
    open_round,
    panel,
    rating,
    rounds,
    statement,
    study,
)
from app.storage.tables.columns import metadata

__all__ = [
    "account",
    "live",
    "log",
    "material",
    "metadata",
    "open_round",
    "panel",
    "rating",
    "rounds",
    "statement",
    "study",
]
