"""The heaviest page a panelist usually meets: a topic of ten statements with the feedback of four groups."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from app.clock import Clock
from app.demo.loader import FOLDER
from app.domain.protocol import protocol_from_tables
from app.domain.rating import RatingChange
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder
from app.services.consent import give_consent
from app.services.entering import enter_by_link, find_panelist
from app.services.importing import import_study
from app.services.links import issue_links
from app.services.ratings import save_answers
from app.services.rounds import close_round, open_round, release_feedback
from app.storage.database import Database

SECRET = "a secret for measurements, of good length"
SLUG = "peer-support"
CRITERION = "agreement"
N_TOPICS = 3
N_STATEMENTS = 10
GROUP_SIZE = 8


@dataclass(frozen=True)
class Page:
    """One panelist's session, and the topics whose pages they may ask for."""

    session_token: str
    group: str
    language: str
    topics: tuple[str, ...]


@cache
def definition() -> StudyDefinition:
    """The model study with its statements in topics of ten, and panels of eight."""
    study = read_study_folder(FOLDER)
    topics = study.topics[:N_TOPICS]
    statements = tuple(
        replace(statement, topic=topics[i // N_STATEMENTS].code)
        for i, statement in enumerate(study.statements[: N_TOPICS * N_STATEMENTS])
    )
    codes = {statement.code for statement in statements}
    by_group = groupby(sorted(study.panel, key=lambda one: one.group), key=lambda one: one.group)
    return replace(
        study,
        topics=topics,
        statements=statements,
        evidence=tuple(
            replace(card, statements=kept)
            for card in study.evidence
            if (kept := tuple(code for code in card.statements if code in codes))
        ),
        profile_questions=(),
        panel=tuple(invitee for _, people in by_group for invitee in list(people)[:GROUP_SIZE]),
    )


def codes_of(topic: str) -> tuple[str, ...]:
    """The statements of a topic."""
    return tuple(s.code for s in definition().statements if s.topic == topic)


def definition_with(**feedback: object) -> StudyDefinition:
    """The same study with other rules of feedback."""
    study = definition()
    protocol = study.tables["protocol"]
    tables = {
        **study.tables,
        "protocol": {**protocol, "feedback": {**protocol["feedback"], **feedback}},
    }
    return replace(study, tables=tables, protocol=protocol_from_tables(tables))


def play_to_round_2(
    database: Database, clock: Clock, study: StudyDefinition | None = None
) -> tuple[Page, ...]:
    """Store the study, let everybody rate round 1 without agreeing on anything, and open round 2."""
    study = study or definition()
    import_study(database, clock, study)
    links = issue_links(database, clock, SLUG, SECRET.encode(), "system")
    open_round(database, clock, SLUG, "system")
    pages = []
    for n, link in enumerate(links):
        token = enter_by_link(database, clock, link.token, session_hours=12).session_token
        give_consent(database, clock, find_panelist(database, clock, SLUG, token))
        changes = [
            RatingChange(statement.code, CRITERION, (7 * n + 3 * i) % 5 + 1, abstained=False, known_version=0)
            for i, statement in enumerate(study.statements)
        ]
        save_answers(database, clock, find_panelist(database, clock, SLUG, token), 1, changes)
        topics = tuple(topic.code for topic in study.topics)
        pages.append(Page(token, link.group, link.language, topics))
    close_round(database, clock, SLUG, "system")
    release_feedback(database, clock, SLUG, "system")
    open_round(database, clock, SLUG, "system")
    return tuple(pages)
