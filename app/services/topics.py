"""The topics of a study: new ones, other names, another order."""

from collections.abc import Mapping, Sequence

from app.clock import Clock
from app.domain.errors import DomainError
from app.domain.event import EventKind
from app.domain.messages import LanguageNames
from app.domain.statement import Topic
from app.domain.statement_editing import (
    FieldsRefused,
    checked_code,
    checked_texts,
    fingerprint_of,
)
from app.domain.topic_editing import (
    TOPIC_NAME_LIMIT,
    NewTopicNameMissing,
    TopicNameMissing,
    TopicsChangedMeanwhile,
)
from app.services.statement_holding import hold_statements, record_change
from app.storage import statement_changes
from app.storage.database import Database


def topics_fingerprint(topics: Sequence[Topic]) -> str:
    """A short sign of all topics as they stand: who saves sends back the one they have seen."""
    return fingerprint_of([[topic.code, dict(topic.name)] for topic in topics])


def save_topics(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    topics: Mapping[str, Topic],
    *,
    known: str,
) -> None:
    """Store topics with their names in this order, each under a key: its code, or any other for a new one.

    Raises
    ------
    StudyNotFound, ActionBlocked, TopicsChangedMeanwhile
    FieldsRefused
        A topic's fields are named ``<key>.code`` and ``<key>.name.<language>``.
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        if topics_fingerprint(held.topics) != known:
            raise TopicsChangedMeanwhile
        stored = {topic.code for topic in held.topics}
        problems: dict[str, DomainError] = {}
        checked: list[Topic] = []
        for key, topic in topics.items():
            code, found = topic.code.strip(), dict[str, DomainError]()
            if key not in stored:
                code = checked_code(code, [*stored, *(one.code for one in checked)], found)
            name = checked_texts("name", topic.name, held.study.languages, TOPIC_NAME_LIMIT, found)
            for language in held.study.languages:
                if language not in name:
                    found.setdefault(
                        f"name.{language}", _missing_name(code, language, is_new=key not in stored)
                    )
            problems |= {f"{key}.{field}": problem for field, problem in found.items()}
            checked.append(Topic(code, name))
        if problems:
            raise FieldsRefused(problems)
        # A topic is never taken away: statements stand under it.
        kept = {topic.code for topic in checked}
        checked += [topic for topic in held.topics if topic.code not in kept]
        if checked == list(held.topics):
            return
        content = [(topic.code, topic.name) for topic in checked]
        statement_changes.replace_topics(connection, held.study.id, content)
        payload = {"topics": [[code, dict(name)] for code, name in content]}
        record_change(connection, held.study, EventKind.TOPICS_CHANGED, actor, clock.now(), payload)


def _missing_name(code: str, language: str, *, is_new: bool) -> TopicNameMissing:
    named = LanguageNames((language,))
    return NewTopicNameMissing(language=named) if is_new else TopicNameMissing(topic=code, language=named)
