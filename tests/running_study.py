"""The small study in a database, with a larger panel, played step by step through the services."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.clock import FixedClock
from app.domain.open_question import AnswerChange, NothingToAdd, OpenQuestion
from app.domain.panel import Invitee
from app.domain.protocol import protocol_from_tables
from app.domain.rating import CommentChange, RatingChange
from app.domain.round import PlannedRound
from app.domain.study_definition import StudyDefinition
from app.services.consent import give_consent
from app.services.entering import Visitor, enter_by_link, find_panelist
from app.services.importing import import_study
from app.services.links import IssuedLink, issue_links, read_links
from app.services.open_answers import SavedAnswers, save_open_answers
from app.services.ratings import Saved, save_answers
from app.services.rounds import close_round, open_round, release_feedback
from app.services.submitting import Receipt, submit_questionnaire
from app.storage.database import Database
from tests.prepared import Prepared
from tests.small_study import Folder

SECRET = b"a secret for tests, of good length"
STATEMENTS = ("S01", "S02", "S03")
SESSION_HOURS = 12
OPEN_QUESTIONS = (
    OpenQuestion("Q1", {"fr": "Qu’est-ce qui aide ?", "nl": "Wat helpt?"}, {}, most_answers=3, topic="value"),
    OpenQuestion(
        "Q2",
        {"fr": "Qu’est-ce qui freine ?", "nl": "Wat remt?"},
        {"fr": "Bref", "nl": "Kort"},
        most_answers=1,
    ),
)


class RunningStudy:
    """A study of three statements, or more, and two groups of ``group_size`` panelists.

    Where its protocol plans an open round it has two open questions. One that ``stands`` in the database with
    the same rules is not imported again.
    """

    slug = "small-study"

    def __init__(
        self,
        database: Database,
        clock: FixedClock,
        folder: Path,
        *,
        group_size: int = 6,
        more_statements: int = 0,
        stands: bool = False,
        **rules: object,
    ) -> None:
        self.database = database
        self.clock = clock
        files = Folder(folder)
        for n in range(more_statements):
            files.append("statements.csv", f"T{n:03},{('value', 'pay')[n % 2]},,Texte {n}.,Tekst {n}.\n")
        definition = files.read()
        tables = {**definition.tables, "protocol": {**definition.tables["protocol"], **rules}}
        panel = tuple(
            Invitee(f"{group} {n}", f"{group}{n}@example.org", group, ("fr", "nl")[n % 2])
            for group in ("peers", "relatives")
            for n in range(group_size)
        )
        protocol = protocol_from_tables(tables)
        questions = OPEN_QUESTIONS if PlannedRound.OPEN in protocol.plan else ()
        self.definition = replace(
            definition, tables=tables, protocol=protocol, panel=panel, open_questions=questions
        )
        if not stands:
            import_study(database, clock, self.definition)
            issue_links(database, clock, self.slug, SECRET, "system")
        self.links = tuple(link for link in read_links(database, self.slug, SECRET) if link)
        self._visitors: dict[int, Visitor] = {}

    def definition_with(self, **rules: object) -> StudyDefinition:
        """The study's files with other rules in their protocol."""
        return self.definition_from({"protocol": {**self.definition.tables["protocol"], **rules}})

    def definition_from(self, parts: Mapping[str, object]) -> StudyDefinition:
        """The study's files with other parts of the protocol's tables."""
        tables = {**self.definition.tables, **parts}
        return replace(self.definition, tables=tables, protocol=protocol_from_tables(tables))

    def link(self, n: int) -> IssuedLink:
        """The link of the n-th panelist, from 0: first all peers, then all relatives."""
        return self.links[n]

    def enter(self, n: int) -> Visitor:
        """Let the n-th panelist enter once more."""
        entered = enter_by_link(self.database, self.clock, self.link(n).token, session_hours=SESSION_HOURS)
        return find_panelist(self.database, self.clock, self.slug, entered.session_token)

    def visitor(self, n: int) -> Visitor:
        """The n-th panelist, who has entered and consented."""
        if n not in self._visitors:
            give_consent(self.database, self.clock, self.enter(n))
            self._visitors[n] = self.enter(n)
        return self._visitors[n]

    def open(self, days: int | None = None) -> None:
        """Open the next round, with a deadline in so many days."""
        closes_at = None if days is None else self.clock.now() + timedelta(days=days)
        open_round(self.database, self.clock, self.slug, "system", closes_at=closes_at)

    def close(self) -> None:
        """Close the open round."""
        close_round(self.database, self.clock, self.slug, "system")

    def release(self) -> None:
        """Release the closed round's feedback."""
        release_feedback(self.database, self.clock, self.slug, "system")

    def rate(
        self,
        n: int,
        points: Mapping[str, int | None],
        *,
        round_number: int = 1,
        known_version: int = 0,
        comments: Mapping[str, str] | None = None,
    ) -> Saved:
        """Let the n-th panelist rate; None means "unable to rate"."""
        changes = [
            RatingChange(statement, "agreement", point, point is None, known_version)
            for statement, point in points.items()
        ]
        written = [CommentChange(statement, text, 0) for statement, text in (comments or {}).items()]
        return save_answers(self.database, self.clock, self.visitor(n), round_number, changes, written)

    def answer(
        self,
        n: int,
        texts: Mapping[tuple[str, int], str],
        *,
        round_number: int = 1,
        known_version: int = 0,
        nothing: Mapping[str, bool] | None = None,
    ) -> SavedAnswers:
        """Let the n-th panelist answer open questions, by question and place."""
        changes = [AnswerChange(code, place, text, known_version) for (code, place), text in texts.items()]
        said = [NothingToAdd(code, is_said) for code, is_said in (nothing or {}).items()]
        return save_open_answers(self.database, self.clock, self.visitor(n), round_number, changes, said)

    def submit(self, n: int, *, round_number: int = 1, key: str = "once") -> Receipt:
        """Let the n-th panelist hand in."""
        return submit_questionnaire(self.database, self.clock, self.visitor(n), round_number, key)


def small_study_after(
    before: Prepared, name: str, step: Callable[[RunningStudy], object], **rules: object
) -> Prepared:
    """A later state of the small study, with the same rules as before, to which a step leads."""

    def go_on(database: Database, clock: FixedClock) -> None:
        with TemporaryDirectory() as folder:
            step(RunningStudy(database, clock, Path(folder), stands=True, **rules))  # type: ignore[arg-type]

    return Prepared(name, go_on, after=before)


def small_study_prepared(name: str, **rules: object) -> Prepared:
    """The small study with some rules, for tests to begin with."""

    def begin(database: Database, clock: FixedClock) -> None:
        with TemporaryDirectory() as folder:
            RunningStudy(database, clock, Path(folder), **rules)  # type: ignore[arg-type]

    return Prepared(name, begin)
