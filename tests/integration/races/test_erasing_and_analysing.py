"""Whoever is erased while figures are computed is in none of them, and the figures are those counted."""

import pytest

from app.services.analysing import analyse_closed_round
from app.services.consent import withdraw
from app.services.results import read_results
from app.services.rounds import close_round
from app.storage.database import Database
from app.storage.rounds import read_snapshot
from tests.integration.races.racing import Crossing
from tests.running_study import STATEMENTS, RunningStudy


@pytest.fixture
def unanalysed(open_study: RunningStudy, monkeypatch: pytest.MonkeyPatch) -> RunningStudy:
    """Round 1 has closed with the ratings of six, and whoever closed it went away before the figures."""
    for n in range(6):
        open_study.rate(n, dict.fromkeys(STATEMENTS, 3))
    with monkeypatch.context() as crash:
        crash.setattr("app.services.rounds.analyse_closed_round", lambda *_: None)
        close_round(open_study.database, open_study.clock, open_study.slug, "system")
    return open_study


def test_figures_computed_while_somebody_is_erased_are_computed_again(
    unanalysed: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = unanalysed.visitor(0)
    crossing = Crossing(monkeypatch, "analysis.study_analysis.analyse_round")
    done, left = crossing.run(
        lambda: analyse_closed_round(unanalysed.database, unanalysed.clock, unanalysed.slug, "system"),
        lambda: withdraw(elsewhere, unanalysed.clock, visitor),
    )
    assert done is left is None
    with unanalysed.database.reading() as connection:
        snapshot, _ = read_snapshot(connection, 1, 1)
        assert connection.exec_driver_sql("SELECT count(*) FROM round_analysis").scalar_one() == 1
    in_snapshot = {tuple(key): counts for *key, counts, _ in snapshot["counts"]}
    (analysis,) = read_results(unanalysed.database, unanalysed.slug).analyses
    for entry in analysis.statements:
        peers = next(group for group in entry.groups if group.group == "peers")
        assert list(peers.counts) == in_snapshot[entry.statement, entry.criterion, "peers"] == [0, 0, 5]
