"""A study with a panel to play with: three languages, two groups of six, two topics of three statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import func, insert, select

from app.clock import Clock
from app.domain.protocol import protocol_from_tables
from app.domain.rating import CommentChange, RatingChange
from app.domain.recommendation import Audience, Basis, Recommendation, audiences_fingerprint
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder
from app.services.consent import give_consent
from app.services.entering import Visitor, enter_by_link, find_panelist
from app.services.importing import import_study
from app.services.links import IssuedLink, issue_links, read_links
from app.services.moderating import release_pending_comments
from app.services.profile import save_profile
from app.services.questionnaire import read_questionnaire
from app.services.ratings import Saved, save_answers
from app.services.recommending import add_recommendation, save_audiences
from app.services.rounds import close_round, conclude_study, open_round, release_feedback
from app.storage.accounts import insert_researcher
from app.storage.database import Database
from app.storage.tables.coding import coding, material, theme, theme_text
from app.storage.tables.rating import comment
from app.storage.tables.statement import statement, statement_text, statement_version

SLUG = "garden-study"
SECRET = "a secret that is long enough for every test"
ACTOR = "system"
CRITERION = "agreement"
STATEMENTS = ("S01", "S02", "S03", "S04", "S05", "S06")
TOPICS = {"value": STATEMENTS[:3], "pay": STATEMENTS[3:]}


@cache
def panel_study(folder: str = "garden_study") -> StudyDefinition:
    """The study as its folder of files says.

    ``garden_open_study`` asks two open questions first; ``garden_real_time_study`` has one real-time round,
    and figures that rest on two others; ``garden_languages_study`` adds German, and has every kind of round.
    """
    return read_study_folder(Path(__file__).parent / folder)


def panel_study_with(**parts: object) -> StudyDefinition:
    """The study with other parts of its protocol; in the part ``protocol`` the rest stays as it is."""
    return with_parts(panel_study(), **parts)


def with_parts(usual: StudyDefinition, **parts: object) -> StudyDefinition:
    """The same for any study."""
    rules = {**usual.tables["protocol"], **parts.pop("protocol", {})}  # type: ignore[dict-item]
    tables = {**usual.tables, **parts, "protocol": rules}
    return replace(usual, tables=tables, protocol=protocol_from_tables(tables))


@dataclass
class PlayedStudy:
    """The stored study, with a personal link for every panelist, and what its people can do."""

    database: Database
    clock: Clock
    links: tuple[IssuedLink, ...]

    @classmethod
    def begin(
        cls, database: Database, clock: Clock, definition: StudyDefinition | None = None
    ) -> "PlayedStudy":
        """Store the study, as its files say or with other rules, and issue its links."""
        import_study(database, clock, definition or panel_study())
        links = issue_links(database, clock, SLUG, SECRET.encode(), ACTOR)
        return cls(database, clock, links)

    @classmethod
    def standing(cls, database: Database, clock: Clock) -> "PlayedStudy":
        """The study that stands in a database already, begun there by these same services."""
        links = read_links(database, SLUG, SECRET.encode())
        return cls(database, clock, tuple(link for link in links if link))

    def link(self, language: str = "en", group: str = "gardeners") -> IssuedLink:
        """The link of the first panelist of a language and group."""
        return next(link for link in self.links if (link.language, link.group) == (language, group))

    def open_round(self) -> int:
        """Open the next round and return its number."""
        return open_round(self.database, self.clock, SLUG, ACTOR).number

    def close_round(self) -> None:
        """Close the round that is open."""
        close_round(self.database, self.clock, SLUG, ACTOR)

    def release_feedback(self) -> None:
        """Release the feedback of the round that is closed."""
        release_feedback(self.database, self.clock, SLUG, ACTOR)

    def conclude(self) -> None:
        """Conclude the study."""
        conclude_study(self.database, self.clock, SLUG, ACTOR, reason="Enough was asked.")

    def recommend(self) -> None:
        """Say something to an audience, in one language, and with a reservation."""
        here = (self.database, self.clock, SLUG, ACTOR)
        save_audiences(*here, [Audience("A01", {"en": "Teams"})], known=audiences_fingerprint(()))
        basis = Basis(("S01", "S02"), (), ("E01",))
        said = {"en": "Open the garden in winter too."}
        doubt = {"en": "The groups differ."}
        add_recommendation(*here, Recommendation(0, "A01", said, basis, doubt))

    def visitor(self, link: IssuedLink) -> Visitor:
        """The panelist of a link, in a session of their own."""
        entered = enter_by_link(self.database, self.clock, link.token, session_hours=12)
        return find_panelist(self.database, self.clock, SLUG, entered.session_token)

    def take_part(self, link: IssuedLink) -> Visitor:
        """Let a panelist consent and answer the profile questions."""
        visitor = self.visitor(link)
        give_consent(self.database, self.clock, visitor)
        visitor = self.visitor(link)
        assert save_profile(self.database, self.clock, visitor, {"role": ["expert"]}) == ()
        return visitor

    def rate(
        self, visitor: Visitor, points: Mapping[str, int | None], comments: Mapping[str, str] | None = None
    ) -> Saved:
        """Let a panelist rate statements for the first time in a round; None means unable to rate."""
        questionnaire = read_questionnaire(self.database, self.clock, visitor)
        assert questionnaire is not None
        changes = [
            RatingChange(code, CRITERION, point, abstained=point is None, known_version=0)
            for code, point in points.items()
        ]
        written = [CommentChange(code, text, known_version=0) for code, text in (comments or {}).items()]
        return save_answers(self.database, self.clock, visitor, questionnaire.round.number, changes, written)

    def divide(self) -> None:
        """Let everybody rate round 1: on S02 gardeners disagree, on S03 one is unable to rate."""
        self.open_round()
        for place, link in enumerate(self.links):
            gardener = link.group == "gardeners"
            points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4 + place % 2)
            points["S02"] = 1 if gardener else 5
            points["S03"] = None if place == 0 else 4
            self.rate(self.take_part(link), points)

    def reword(self, code: str, texts: Mapping[str, str], reason: str) -> None:
        """Give a statement a new wording from the next round on."""
        with self.database.writing() as connection:
            found = connection.execute(select(statement).where(statement.c.code == code)).one()
            newest = select(func.max(statement_version.c.version)).where(
                statement_version.c.statement_id == found.id
            )
            key = {
                "study_id": found.study_id,
                "statement_id": found.id,
                "version": connection.execute(newest).scalar_one() + 1,
            }
            connection.execute(
                insert(statement_version), [key | {"change_reason": reason, "created_at": self.clock.now()}]
            )
            rows = [key | {"language": language, "text": text} for language, text in texts.items()]
            connection.execute(insert(statement_text), rows)

    def release_comments(self, round_number: int, named: str) -> None:
        """Show the panel every comment of a round; the one on the first statement stands under a theme."""
        release_pending_comments(self.database, self.clock, SLUG, ACTOR, round_number)
        with self.database.writing() as connection:
            first = connection.execute(select(comment).order_by(comment.c.statement_id)).first()
            assert first is not None
            study = {"study_id": first.study_id}
            drawn = {"parent_id": None, "description": "", "colour": "teal", "position": 1}
            connection.execute(insert(theme), {**study, **drawn, "id": 1, "name": named})
            headings = [
                {**study, "theme_id": 1, "language": code, "heading": named}
                for code in ("en", "fr", "nl", "de")
            ]
            connection.execute(insert(theme_text), headings)
            place = {key: getattr(first, key) for key in ("round_number", "panelist_id", "statement_id")}
            pointing = {"kind": "comment", "text": "", "source": "", **place}
            connection.execute(insert(material), {**study, **pointing, "id": 1})
            coder = insert_researcher(
                connection,
                email="coder@example.org",
                name="A coder",
                password_hash="none",
                language="en",
                at=self.clock.now(),
            )
            coded = {"material_id": 1, "theme_id": 1, "researcher_id": coder.id, "coded_at": self.clock.now()}
            connection.execute(insert(coding), {**study, **coded})

    def rate_everything(self, links: Iterable[IssuedLink], point: int = 4) -> None:
        """Let panelists take part and give every statement the same point."""
        for link in links:
            self.rate(self.take_part(link), dict.fromkeys(STATEMENTS, point))

    def rate_apart(self, links: Iterable[IssuedLink]) -> None:
        """Let panelists rate every statement 4 and 5 by turns, so that no group is of one mind."""
        for n, link in enumerate(links):
            self.rate_everything([link], 4 + n % 2)
