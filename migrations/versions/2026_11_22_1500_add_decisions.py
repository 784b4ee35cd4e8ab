"""What a round decided stands beside its analysis, so that a list of studies need not read whole analyses.

Revision ID: 2026_11_22_1500
Revises: 2026_11_22_1450
Create Date: 2026-11-22 15:00:00
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1500"
down_revision = "2026_11_22_1450"
branch_labels = None
depends_on = None

KEY = ("study_id", "round_number", "id")


def upgrade() -> None:
    """Take the decisions out of every analysis; one that is stored meanwhile is read whole."""
    op.add_column("round_analysis", sa.Column("decisions", sa.Text(), nullable=True))
    analysis = sa.table("round_analysis", *(sa.column(name) for name in (*KEY, "result", "decisions")))
    connection = op.get_bind()
    for key in connection.execute(sa.select(*(analysis.c[name] for name in KEY))).all():
        here = [analysis.c[name] == value for name, value in zip(KEY, key, strict=True)]
        result = json.loads(connection.execute(sa.select(analysis.c.result).where(*here)).scalar_one())
        decided = json.dumps(_decisions(result), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        connection.execute(sa.update(analysis).where(*here).values(decisions=decided))


def _decisions(result: dict[str, Any]) -> dict[str, dict[str, str]]:
    decided: dict[str, dict[str, str]] = {}
    for entry in result["statements"]:
        decided.setdefault(entry["statement"], {})[entry["criterion"]] = entry["decision"]
    return decided


def downgrade() -> None:
    """Forget what stands in the analyses too."""
    op.drop_column("round_analysis", "decisions")
