"""How Alembic reaches the database; the only way a schema comes to be or changes, in tests too."""

from alembic import context
from sqlalchemy import Connection

from app.settings import Settings
from app.storage.database import create_migration_engine
from app.storage.tables import metadata


def run(connection: Connection) -> None:
    """Run the migrations asked for on ``connection``."""
    context.configure(
        connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=False
    )
    with context.begin_transaction():
        context.run_migrations()


# A caller may hand in an engine of its own, which then stays open; the tests do.
given = context.config.attributes.get("connection")
engine = given or create_migration_engine(
    context.config.get_main_option("sqlalchemy.url") or Settings().database_url
)
try:
    with engine.connect() as connection:
        run(connection)
        connection.commit()
finally:
    if given is None:
        engine.dispose()
