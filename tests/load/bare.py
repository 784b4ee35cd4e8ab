"""The yardstick: a bare FastAPI endpoint that does one upsert, with the same promises of durability."""

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text

from app.storage.database import Database

MAKE_TABLE = text(
    "CREATE TABLE bare "
    "(panelist INTEGER, statement INTEGER, point INTEGER, PRIMARY KEY (panelist, statement))"
)
UPSERT = text(
    "INSERT INTO bare (panelist, statement, point) VALUES (:panelist, :statement, :point) "
    "ON CONFLICT (panelist, statement) DO UPDATE SET point = excluded.point"
)


class Change(BaseModel):
    """One value to keep."""

    panelist: int
    statement: int
    point: int


def bare_app(url: str) -> FastAPI:
    """An application of one endpoint over a table of its own."""
    database = Database(url)
    with database.writing() as connection:
        connection.execute(MAKE_TABLE)
    app = FastAPI(openapi_url=None)

    @app.post("/upsert")
    def upsert(change: Change) -> dict[str, bool]:
        with database.writing() as connection:
            connection.execute(UPSERT, change.model_dump())
        return {"saved": True}

    return app
