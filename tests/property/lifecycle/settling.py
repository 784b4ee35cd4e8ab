"""Between the page and the paper: what a page sends, what comes of it, and what the paper says of both."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from app.domain.rating import CommentChange, RatingChange
from app.services.ratings import Refusal, Saved
from app.services.stored_analyses import latest_decisions, read_round_analyses
from app.storage import rounds
from app.storage.database import Database
from tests.property.lifecycle.drawing import Line, Note
from tests.property.lifecycle.model import POINTS, PaperRound, PaperStudy, Refused

CRITERION = "agreement"


class Settling:
    """A study in the database beside the same study on paper."""

    paper: PaperStudy
    database: Database
    study_id: int
    person_of: dict[int, int]
    n_events: int
    met: ClassVar[Counter[object]]

    def rating_change(self, person: int, number: int, line: Line) -> RatingChange:
        """A line as its page sends it."""
        known = 0
        if 1 <= number <= len(self.paper.rounds):
            before = self.paper.rounds[number - 1].answers.get((person, line.statement))
            known = before.version if before else 0
        abstained = line.point is None
        return RatingChange(line.statement, CRITERION, line.point, abstained, max(known + line.away, 0))

    def comment_change(self, person: int, number: int, note: Note) -> CommentChange:
        """A comment as its page sends it."""
        known = 0
        if 1 <= number <= len(self.paper.rounds):
            _, known = self.paper.rounds[number - 1].comments.get((person, note.statement), ("", 0))
        return CommentChange(note.statement, note.text, max(known + note.away, 0))

    def settle_ratings(
        self, person: int, number: int, changes: list[RatingChange], saved: Saved
    ) -> list[bool]:
        """Each rating of a page is refused as the paper says, or entered there: which changed anything."""
        expected = {
            c.statement: self.paper.refusal_of_rating(person, number, c.statement, c.point, c.known_version)
            for c in changes
        }
        self.assert_refused(expected, [r for r in saved.refusals if r.criterion is not None])
        stored = [
            self.paper.rate(person, number, c.statement, c.point)
            for c in changes
            if expected[c.statement] is None
        ]
        answers = self.paper.rounds[number - 1].answers
        assert dict(saved.versions) == {
            (c.statement, CRITERION): answers[person, c.statement].version
            for c in changes
            if (person, c.statement) in answers
        }
        return stored

    def settle_comments(
        self, person: int, number: int, changes: list[CommentChange], saved: Saved
    ) -> list[bool]:
        """The same of comments."""
        expected = {
            c.statement: self.paper.refusal_of_comment(person, number, c.statement, c.text, c.known_version)
            for c in changes
        }
        self.assert_refused(expected, [r for r in saved.refusals if r.criterion is None])
        return [
            self.paper.comment(person, number, c.statement, c.text)
            for c in changes
            if expected[c.statement] is None
        ]

    def assert_refused(self, expected: dict[str, Refused | None], refusals: list[Refusal]) -> None:
        refused = {refusal.statement: type(refusal.error) for refusal in refusals}
        assert refused == {statement: error for statement, error in expected.items() if error is not None}
        self.met.update(refused.values())

    def assert_the_close_counted_and_decided_as_on_paper(self, round_: PaperRound) -> None:
        """What was kept at the close is what the paper counts and decides."""
        with self.database.reading() as connection:
            snapshot, _ = rounds.read_snapshot(connection, self.study_id, len(self.paper.rounds))
            decided = latest_decisions(read_round_analyses(connection, self.study_id))
        if round_.questions:
            assert {
                (question, group): n_answers for question, group, n_answers, *_ in snapshot["questions"]
            } == self.paper.count_texts(round_)
        else:
            assert self.counted(snapshot) == self.paper.count(round_)
        assert {
            statement: by_criterion[CRITERION] for statement, by_criterion in decided.items()
        } == self.paper.decided

    def counted(self, snapshot: Mapping[str, Any]) -> Counter[tuple[str, str, int | None]]:
        """The newest round's counts as they were kept at the close."""
        found: Counter[tuple[str, str, int | None]] = Counter()
        for statement, _, group, of_points, abstained in snapshot["counts"]:
            found.update({(statement, group, p): n for p, n in zip(POINTS, of_points, strict=True)})
            found[statement, group, None] += abstained
        return +found
