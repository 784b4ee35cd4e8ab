"""A study of any size with a past, in seconds: its panel's answers are written by the database itself.

Rules, rounds, counts and figures come about through the services; what thousands of people would do one after
the other is stored in bulk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, insert, literal, null, select, update

from app.clock import Clock
from app.demo.loader import FOLDER
from app.domain.account import Part, Researcher, Role
from app.domain.event import EventKind
from app.domain.open_question import OpenQuestion
from app.domain.panel import Invitee
from app.domain.protocol import protocol_from_tables
from app.domain.recommendation import Audience, Basis, Recommendation, audiences_fingerprint
from app.domain.statement import Statement, Topic
from app.domain.study_definition import StudyDefinition
from app.domain.theme import ThemeDraft
from app.interchange.study_folder import read_study_folder
from app.services.entering import enter_by_link
from app.services.groupings import analyse_by
from app.services.importing import import_study
from app.services.links import issue_links
from app.services.recommending import add_recommendation, save_audiences
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.services.sessions import start_session
from app.storage.accounts import insert_researcher
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.memberships import insert_part
from app.storage.response import recounted
from app.storage.tables.coding import coding, material
from app.storage.tables.open_round import open_answer, open_question
from app.storage.tables.panel import panelist
from app.storage.tables.rating import comment, rating
from app.storage.tables.rounds import participation, round_statement
from app.storage.tables.study import criterion
from app.storage.themes import insert_theme

SECRET = "a secret for measurements, of good length"
SLUG = "large-study"
OPEN_ROUND, FIRST, SECOND = 1, 2, 3
"""The rounds: one of open questions, then two of ratings."""

N_THEMES = 12

_PER_TOPIC = 10
_PER_CARD = 5
_LANGUAGES = ("fr", "nl", "en")
_QUESTIONS = tuple(
    OpenQuestion(f"Q{n}", {code: f"{code}: {n}?" for code in _LANGUAGES}, {}, most_answers=3) for n in (1, 2)
)


def definition(n_statements: int, n_panelists: int) -> StudyDefinition:
    """The model study with so many statements, in topics of ten, and so many people in its four groups."""
    model = read_study_folder(FOLDER)
    numbers = range(1, n_statements + 1)
    topics = tuple(
        Topic(f"t{n}", {code: f"Topic {n} ({code})" for code in _LANGUAGES})
        for n in range(1, -(-n_statements // _PER_TOPIC) + 1)
    )
    rounds = {"rounds": ["open", "rating", "rating"], "carry_forward": {"policy": "all"}}
    tables = {**model.tables, "protocol": {**model.tables["protocol"], **rounds}}
    groups = model.protocol.group_codes
    return replace(
        model,
        slug=SLUG,
        synthetic=False,
        tables=tables,
        protocol=protocol_from_tables(tables),
        topics=topics,
        statements=tuple(_statement(model, n, topics[(n - 1) // _PER_TOPIC]) for n in numbers),
        evidence=tuple(
            replace(model.evidence[0], code=f"E{n:03}", statements=(f"S{n:03}",))
            for n in numbers[::_PER_CARD]
        ),
        panel=tuple(
            Invitee(f"Person {n:05}", f"person{n}@example.org", groups[n % len(groups)], _LANGUAGES[n % 3])
            for n in range(n_panelists)
        ),
        open_questions=_QUESTIONS,
    )


def _statement(model: StudyDefinition, n: int, topic: Topic) -> Statement:
    pattern = model.statements[n % len(model.statements)]
    text = {code: f"{said} ({n})" for code, said in pattern.text.items()}
    return Statement(f"S{n:03}", topic.code, text, pattern.origin)


@dataclass(frozen=True)
class LargeStudy:
    """The stored study, and those who look at it: its owner and one of its panelists, with their sessions."""

    database: Database
    clock: Clock
    n_statements: int
    pseudonyms: tuple[str, ...]
    owner: Researcher
    owner_session: str
    panelist_session: str

    @classmethod
    def begin(cls, database: Database, clock: Clock, n_statements: int, n_panelists: int) -> "LargeStudy":
        """Store the study; everybody consents."""
        import_study(database, clock, definition(n_statements, n_panelists))
        links = issue_links(database, clock, SLUG, SECRET.encode(), "system")
        entered = enter_by_link(database, clock, links[0].token, session_hours=12)
        with database.writing() as connection:
            connection.execute(update(panelist).values(consented_at=clock.now()))
            owner = _insert_colleague(connection, "owner@example.org", Role.OWNER, clock.now())
        session = start_session(database, clock, owner, session_hours=12)
        return cls(
            database,
            clock,
            n_statements,
            tuple(link.pseudonym for link in links),
            owner,
            session.session_token,
            entered.session_token,
        )

    def open(self) -> None:
        """Open the next round."""
        open_round(self.database, self.clock, SLUG, "system")

    def close(self) -> None:
        """Close the open round."""
        close_round(self.database, self.clock, SLUG, "system")

    def release(self) -> None:
        """Release what the closed round has to show."""
        release_feedback(self.database, self.clock, SLUG, "system")

    def conclude(self) -> None:
        """End the study."""
        conclude_study(self.database, self.clock, SLUG, "system")

    def work(self) -> None:
        """Let two colleagues give every comment of the first ratings a theme, and bring in a recommendation.

        The figures of that round are computed by language too.
        """
        now = self.clock.now()
        with self.database.writing() as connection:
            coder = _insert_colleague(connection, "coder@example.org", Role.EDITOR, now)
            for n in range(N_THEMES):
                insert_theme(connection, 1, ThemeDraft(f"Theme {n}"), n)
            _store(connection, material, _pieces())
            for researcher in (self.owner, coder):
                _store(connection, coding, _codings(researcher.id, now))
        audience = Audience("all", dict.fromkeys(_LANGUAGES, "Everybody"))
        save_audiences(self.database, self.clock, SLUG, "system", [audience], known=audiences_fingerprint(()))
        said = dict.fromkeys(_LANGUAGES, "Do it.")
        resting_on = Recommendation(
            0, "all", said, Basis(statements=("S004",), themes=(1,), evidence=("E001",)), said
        )
        add_recommendation(self.database, self.clock, SLUG, "system", resting_on)
        analyse_by(self.database, self.clock, SLUG, "system", FIRST, "language")

    def answer(self) -> None:
        """Let everybody answer the open questions."""
        with self.database.writing() as connection:
            _store(connection, open_answer, _answers(self.clock.now()))
            _come_along(connection, OPEN_ROUND, self.clock.now())

    def rate(self, number: int, share: float) -> None:
        """Let everybody write one comment, and give their share of all ratings that a round asks for."""
        now = self.clock.now()
        with self.database.writing() as connection:
            _store(connection, rating, _ratings(number, share, now))
            _store(connection, comment, _comments(number, self.n_statements, now))
            _come_along(connection, number, now)
            for pseudonym in self.pseudonyms:
                payload = {"round": number, "ratings": [["S001", "agreement", 1]], "comments": []}
                append_event(connection, 1, EventKind.RATINGS_SAVED, f"panelist:{pseudonym}", now, payload)


def _insert_colleague(connection: Connection, email: str, role: Role, now: datetime) -> Researcher:
    colleague = insert_researcher(
        connection, email=email, name=email, password_hash="none", language="en", at=now
    )
    insert_part(connection, 1, colleague.id, Part(role), now)
    return colleague


_Values = Mapping[str, ColumnElement[object]]
_WHO = and_(panelist.c.study_id == participation.c.study_id, panelist.c.id == participation.c.panelist_id)
_ASKED = and_(
    round_statement.c.study_id == participation.c.study_id,
    round_statement.c.round_number == participation.c.round_number,
)
_KEY = {name: participation.c[name] for name in ("study_id", "round_number", "panelist_id")}
_STATEMENT = round_statement.c.statement_id


def _store(connection: Connection, table: Table, chosen: Select[tuple[object, ...]]) -> None:
    connection.execute(insert(table).from_select([column.name for column in chosen.selected_columns], chosen))


def _row(values: _Values, now: datetime, moment: str, table: Table) -> Select[tuple[object, ...]]:
    at = literal(now, table.c[moment].type)
    return select(*(value.label(name) for name, value in {**_KEY, **values, moment: at}.items()))


def _ratings(number: int, share: float, now: datetime) -> Select[tuple[object, ...]]:
    """Some statements find agreement, some divide the groups, some everybody, and some are rejected."""
    drawn = (participation.c.panelist_id * 7919 + _STATEMENT * 104_729) % 997
    leaning = case((drawn % 7 == 0, 3), else_=4 + drawn % 2)
    point = case(
        (_STATEMENT % 4 == 0, leaning),
        (_STATEMENT % 4 == 1, case((participation.c.panelist_id % 2 == 0, leaning), else_=1 + drawn % 3)),
        (_STATEMENT % 4 == 2, 1 + drawn % 5),
        else_=1 + drawn % 2,
    )
    abstains = drawn % 29 == 0
    values = {
        "statement_id": _STATEMENT,
        "criterion_id": criterion.c.id,
        "point": case((abstains, null()), else_=point),
        "abstained": abstains,
        "version": literal(1),
        "reason_text": literal(""),
    }
    return (
        _row(values, now, "rated_at", rating)
        .select_from(participation)
        .join(round_statement, _ASKED)
        .join(criterion, criterion.c.study_id == participation.c.study_id)
        .where(participation.c.round_number == number, drawn < 997 * share)
    )


def _comments(number: int, n_statements: int, now: datetime) -> Select[tuple[object, ...]]:
    """One of each panelist, on one of the statements."""
    values = {
        "statement_id": _STATEMENT,
        "text": literal("What I think of it: ").concat(panelist.c.pseudonym),
        "language": panelist.c.language,
        "moderation": literal("pending"),
        "released_text": literal(""),
        "version": literal(1),
    }
    return (
        _row(values, now, "written_at", comment)
        .select_from(participation)
        .join(panelist, _WHO)
        .join(round_statement, _ASKED)
        .where(
            participation.c.round_number == number,
            1 + participation.c.panelist_id % n_statements == _STATEMENT,
        )
    )


def _pieces() -> Select[tuple[object, ...]]:
    """The comments of the first ratings as pieces to be coded."""
    number = func.row_number().over(order_by=(comment.c.statement_id, comment.c.panelist_id))
    place = (comment.c[name] for name in ("study_id", "round_number", "panelist_id", "statement_id"))
    written = {"id": number, "kind": literal("comment"), "text": literal(""), "source": literal("")}
    of_round = comment.c.round_number == FIRST
    return select(*place, *(value.label(name) for name, value in written.items())).where(of_round)


def _codings(researcher_id: int, now: datetime) -> Select[tuple[object, ...]]:
    """A theme for each piece; two coders agree on most of them."""
    theme = 1 + (material.c.id + case((material.c.id % 5 == 0, researcher_id), else_=0)) % N_THEMES
    at = literal(now, coding.c.coded_at.type)
    values = {"theme_id": theme, "researcher_id": literal(researcher_id), "coded_at": at}
    named = (value.label(name) for name, value in values.items())
    return select(material.c.study_id, material.c.id.label("material_id"), *named)


def _answers(now: datetime) -> Select[tuple[object, ...]]:
    """One answer of each panelist to each open question."""
    values = {
        "question_id": open_question.c.id,
        "position": literal(1),
        "text": literal("In my own words: ").concat(panelist.c.pseudonym),
        "language": panelist.c.language,
        "version": literal(1),
    }
    return (
        _row(values, now, "written_at", open_answer)
        .select_from(participation)
        .join(panelist, _WHO)
        .join(open_question, open_question.c.round_number == participation.c.round_number)
        .where(participation.c.round_number == OPEN_ROUND)
    )


def _come_along(connection: Connection, number: int, now: datetime) -> None:
    """Everybody opens and begins, and two of three hand in; the first is one of them."""
    of_round = update(participation).where(participation.c.round_number == number)
    handed_in = of_round.where(participation.c.panelist_id % 3 != 0)
    receipt = literal(f"R{number}-").concat(participation.c.panelist_id)
    with recounted(connection, 1):
        connection.execute(of_round.values(opened_at=now, started_at=now))
        connection.execute(handed_in.values(submitted_at=now, receipt_code=receipt))
