"""The tables, one module a noun; schema changes reach a database through migrations/ only."""

from app.storage.tables import (
    account,
    coding,
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
    "coding",
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
