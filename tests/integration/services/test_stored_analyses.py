"""Stored analyses are long, and never change: each is read from the database once."""

from app.services.stored_analyses import read_round_analyses
from tests.queries import counting
from tests.running_study import STATEMENTS, RunningStudy


def analysed_rounds(study: RunningStudy) -> tuple[tuple[int, ...], bool]:
    """The rounds with figures, and whether the figures themselves were asked for."""
    with study.database.reading() as connection, counting() as sent:
        found = read_round_analyses(connection, 1)
    return tuple(analysis.round for analysis in found), any("result" in statement for statement in sent)


def test_an_analysis_is_read_once_and_a_later_one_is_not_missed(open_study: RunningStudy) -> None:
    assert analysed_rounds(open_study) == ((), False)
    for number in (1, 2):
        for n in range(12):
            open_study.rate(n, dict.fromkeys(STATEMENTS, 1 + (n + number) % 3), round_number=number)
        open_study.close()
        rounds = tuple(range(1, number + 1))
        assert analysed_rounds(open_study) == (rounds, True)
        assert analysed_rounds(open_study) == (rounds, False)
        open_study.release()
        open_study.open()
