"""The tables, one module a noun; schema changes reach a database through migrations/ only."""

from app.storage.tables import account, log, material, panel, rating, rounds, statement, study
from app.storage.tables.columns import metadata

__all__ = ["account", "log", "material", "metadata", "panel", "rating", "rounds", "statement", "study"]
