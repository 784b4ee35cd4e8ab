"""What must be true of a played study after every step: the database says what the paper says."""

import json
from collections import Counter

from hypothesis.stateful import invariant
from sqlalchemy import text

from app.storage import rounds
from app.storage.events import read_chain_head
from tests.property.lifecycle.model import POINTS
from tests.property.lifecycle.settling import Settling
from tests.recounting import assert_counts_are_exact

FIGURES = "SELECT round_number, statement_id, group_id, counts FROM live_figure"
SHOWN = "SELECT round_number, statement_id, group_id, point FROM live_rating WHERE is_shown"


class Holding(Settling):
    """What holds between any two steps."""

    @invariant()
    def the_ratings_are_those_on_paper(self) -> None:
        query = (
            "SELECT round_number, panelist_id, statement.code, point, version FROM rating "
            "JOIN statement ON statement.id = rating.statement_id"
        )
        with self.database.reading() as connection:
            stored = {
                (number, self.person_of[id_], code): (point, version)
                for number, id_, code, point, version in connection.execute(text(query))
            }
            n_events, _ = read_chain_head(connection, self.study_id)
        assert stored == {
            (number, *key): (answer.point, answer.version)
            for number, round_ in enumerate(self.paper.rounds, start=1)
            for key, answer in round_.answers.items()
        }
        assert n_events == self.n_events

    @invariant()
    def the_open_answers_are_those_on_paper(self) -> None:
        query = (
            "SELECT open_answer.round_number, panelist_id, code, text, version FROM open_answer "
            "JOIN open_question ON id = question_id AND open_question.round_number = open_answer.round_number"
        )
        with self.database.reading() as connection:
            stored = {
                (number, self.person_of[id_], code): (said, version)
                for number, id_, code, said, version in connection.execute(text(query))
            }
        assert stored == {
            (number, *key): written
            for number, round_ in enumerate(self.paper.rounds, start=1)
            for key, written in round_.texts.items()
        }

    @invariant()
    def real_time_figures_are_the_ratings_in_them(self) -> None:
        if self.paper.erases:
            return  # Figures that were shown stay when somebody in them is erased.
        with self.database.reading() as connection:
            figures = {
                key: Counter(dict(zip(POINTS, json.loads(counts), strict=True)))
                for *key_, counts in connection.execute(text(FIGURES))
                for key in [tuple(key_)]
            }
            rated: dict[tuple[int, ...], Counter[int]] = {key: Counter() for key in figures}
            for *key_, point in connection.execute(text(SHOWN)):
                rated[tuple(key_)][point] += 1
        assert {key: +counts for key, counts in figures.items()} == rated

    @invariant()
    def how_far_the_panel_has_come_is_counted(self) -> None:
        assert_counts_are_exact(self.database, self.study_id)

    @invariant()
    def the_rounds_stand_where_they_stand_on_paper(self) -> None:
        with self.database.reading() as connection:
            found = rounds.read_rounds(connection, self.study_id)
        assert [str(round_.status) for round_ in found] == [round_.status for round_ in self.paper.rounds]
