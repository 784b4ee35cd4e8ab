"""The topics with their names in all languages, and the order of topics and statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError
from app.domain.messages import N_, Sentence
from app.domain.statement import Topic
from app.domain.statement_editing import FieldsRefused
from app.domain.topic_editing import TopicsChangedMeanwhile
from app.services.statement_desk import StatementTable, read_editable_statements
from app.services.statement_editing import order_statements
from app.services.topics import save_topics, topics_fingerprint
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import whole_number
from app.web.researcher.places import place_key
from app.web.researcher.statement_fields import field_errors, problems_in_words
from app.web.researcher.statements_page import can_edit
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Column, Crumb, FieldError
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_NEW: Final = "new-topic"
_LAST: Final = 999_999


@dataclass(frozen=True, slots=True)
class TopicName:
    """The name of a topic in one language, and what is stored now where that is another one."""

    field: str
    language: str
    language_name: str
    value: str
    error: str
    stored: str


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic to be named and put in its place."""

    key: str
    code: str
    code_error: str
    place: str
    names: tuple[TopicName, ...]
    n_statements: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """All topics, and an empty one."""

    columns: tuple[Column, ...]
    topics: tuple[TopicLine, ...]
    known: str
    can_edit: bool
    hindrance: Sentence | None
    errors: tuple[FieldError, ...]
    refusal: str
    action: str
    cancel_href: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One statement and its place."""

    code: str
    place: int
    text: Told
    topic: Told


@dataclass(frozen=True, slots=True)
class OrderPage:
    """All statements with their places."""

    columns: tuple[Column, ...]
    lines: tuple[OrderLine, ...]
    can_edit: bool
    hindrance: Sentence | None
    action: str
    cancel_href: str


@router.get("/research/{slug}/topics")
def show_topics(request: Request, slug: str) -> Response:
    """Show the topics, each with its names in fields."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    return _show_topics(desk)


@router.post("/research/{slug}/topics")
def save(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Store the names and the order, and the new topic if one is written."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    database, clock = database_of(request), clock_of(request)
    try:
        save_topics(database, clock, slug, desk.actor, _typed(desk, form), known=form.one("known"))
    except (FieldsRefused, TopicsChangedMeanwhile) as refusal:
        return _show_topics(desk, form, refusal)
    return desk.go(Room.STATEMENTS, done="topics")


@router.get("/research/{slug}/statement-order")
def show_order(request: Request, slug: str) -> Response:
    """Show the statements with their places in fields."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    table = read_editable_statements(database_of(request), slug)
    topics = {topic.code: told(topic.name, desk.locale) for topic in table.topics}
    page = OrderPage(
        columns=(
            Column(desk.say(N_("Place")), is_sortable=False),
            Column(desk.say(N_("Code")), is_sortable=False),
            Column(desk.say(N_("Statement")), is_sortable=False),
            Column(desk.say(N_("Topic")), is_sortable=False),
        ),
        lines=tuple(
            OrderLine(
                entry.statement.code,
                place,
                told(entry.statement.text, desk.locale),
                topics[entry.statement.topic],
            )
            for place, entry in enumerate(table.standing, start=1)
        ),
        can_edit=can_edit(desk, table),
        hindrance=table.hindrance,
        action=desk.path("statement-order"),
        cancel_href=desk.path(Room.STATEMENTS),
    )
    return desk.inside(Crumb(desk.say(N_("Order")))).show("statement_order.html", page)


@router.post("/research/{slug}/statement-order")
def put_in_order(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Put the statements in the order of the numbers."""
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    places = []
    for before, code in enumerate(form.all("code"), start=1):
        wanted = whole_number(form.one(f"place.{code}"), otherwise=_LAST)
        places.append((place_key(wanted, before), code))
    codes = [code for _, code in sorted(places)]
    order_statements(database_of(request), clock_of(request), slug, desk.actor, codes)
    return desk.go(Room.STATEMENTS, done="ordered")


def _typed(desk: StudyDesk, form: SentForm) -> dict[str, Topic]:
    """The topics as they were typed, in the order of their numbers, by the key of their fields."""
    found = []
    for before, key in enumerate((*form.all("key"), _NEW), start=1):
        code = form.one(f"{key}.code") if key == _NEW else key
        name = {language: form.one(f"{key}.name.{language}") for language in desk.study.languages}
        if key == _NEW and not code.strip() and not any(text.strip() for text in name.values()):
            continue
        wanted = whole_number(form.one(f"{key}.place"), otherwise=_LAST)
        found.append((place_key(wanted, before), key, Topic(code.strip(), name)))
    return {key: topic for _, key, topic in sorted(found, key=lambda one: one[0])}


def _show_topics(
    desk: StudyDesk,
    form: SentForm | None = None,
    refusal: DomainError | None = None,
) -> Response:
    table = read_editable_statements(database_of(desk.request), desk.slug)
    errors = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, TopicsChangedMeanwhile)
    page = TopicsPage(
        columns=(
            Column(desk.say(N_("Place")), is_sortable=False),
            Column(desk.say(N_("Code")), is_sortable=False),
            *(Column(desk.written.language_head(code), is_sortable=False) for code in desk.study.languages),
            Column(desk.say(N_("Statements")), "number", is_sortable=False),
        ),
        topics=tuple(_lines(desk, table, form, errors, is_stale=is_stale)),
        known=topics_fingerprint(table.topics) if form is None or is_stale else form.one("known"),
        can_edit=can_edit(desk, table),
        hindrance=table.hindrance,
        errors=field_errors(errors),
        refusal=error_in_words(refusal, desk.locale) if refusal and is_stale else "",
        action=desk.path("topics"),
        cancel_href=desk.path(Room.STATEMENTS),
    )
    inside = desk.inside(Crumb(desk.say(N_("Topics"))))
    return inside.show("topics.html", page, status=answer_to(refusal).status if refusal else 200)


def _lines(
    desk: StudyDesk,
    table: StatementTable,
    form: SentForm | None,
    errors: Mapping[str, str],
    *,
    is_stale: bool,
) -> list[TopicLine]:
    counts = [entry.statement.topic for entry in table.standing]
    lines = []
    for place, topic in enumerate((*table.topics, Topic("", {})), start=1):
        key = topic.code or _NEW
        lines.append(
            TopicLine(
                key=key,
                code=topic.code if form is None or topic.code else form.one(f"{key}.code"),
                code_error=errors.get(f"{key}.code", ""),
                place=form.one(f"{key}.place") if form else str(place),
                names=tuple(
                    TopicName(
                        field=f"{key}.name.{code}",
                        language=code,
                        language_name=desk.written.language(code),
                        value=form.one(f"{key}.name.{code}") if form else topic.name.get(code, ""),
                        error=errors.get(f"{key}.name.{code}", ""),
                        stored=topic.name.get(code, "") if is_stale else "",
                    )
                    for code in desk.study.languages
                ),
                n_statements=counts.count(topic.code),
                is_new=not topic.code,
            )
        )
    return lines
