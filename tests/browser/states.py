"""The states in which the tests in Chromium find their study: each is played once in a run, and copied."""

from collections.abc import Callable, Sequence
from functools import partial

from app.domain.account import Role
from app.domain.material import PieceFilter
from app.domain.open_question import AnswerChange
from app.domain.theme import ThemeDraft
from app.services.accounts import add_researcher
from app.services.coding import Coder, code_piece, read_workbench
from app.services.experience import bring_in_texts
from app.services.groupings import analyse_by
from app.services.joining import join_study
from app.services.open_answers import save_open_answers
from app.services.themes import add_theme
from app.storage.accounts import insert_researcher
from tests.integration.web.states import BEGUN, begun_with, led_on
from tests.panel_study import ACTOR, SECRET, SLUG, STATEMENTS, PlayedStudy, panel_study

EMAIL, PASSWORD = "researcher@example.org", "correct horse battery staple"
SAID = ("More shade, please.", "The soil is thin.", "Yes.")


def in_turn(*steps: Callable[[PlayedStudy], object]) -> Callable[[PlayedStudy], None]:
    """Several steps as one."""

    def lead(study: PlayedStudy) -> None:
        for step in steps:
            step(study)

    return lead


def go_on(study: PlayedStudy) -> None:
    """Close the round, release its feedback, and open the next."""
    study.close_round()
    study.release_feedback()
    study.open_round()


def rate_apart(study: PlayedStudy) -> None:
    """Let everybody rate, so that no group is of one mind."""
    study.rate_apart(study.links)


def employ(study: PlayedStudy) -> None:
    """Give the study an owner."""
    robin = add_researcher(
        study.database, study.clock, email=EMAIL, name="Robin Researcher", password=PASSWORD, language="en"
    )
    join_study(study.database, study.clock, SLUG, robin.id, Role.OWNER, "system")


def rate_round(study: PlayedStudy, said: Sequence[str] = ()) -> None:
    """Let everybody rate the open round; on S02 the groups disagree, and on S01 some say something."""
    for n, link in enumerate(study.links):
        visitor = study.visitor(link) if study.visitor(link).panelist.consented_at else study.take_part(link)
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4)
        points["S02"] = 1 if link.group == "gardeners" else 5
        study.rate(visitor, points, {"S01": said[n]} if n < len(said) else None)


def comment(study: PlayedStudy) -> None:
    """Let the first panelists rate the open round, and say something about S01."""
    for link, said in zip(study.links, SAID, strict=False):
        study.rate(study.take_part(link), dict.fromkeys(STATEMENTS, 4), {"S01": said})


def answer(study: PlayedStudy) -> None:
    """Let somebody answer the first open question."""
    visitor = study.take_part(study.link())
    save_open_answers(study.database, study.clock, visitor, 1, [AnswerChange("Q1", 1, "Shade", 0)])


def code(study: PlayedStudy) -> None:
    """Find themes, and let a colleague code every text."""
    database, clock = study.database, study.clock
    bring_in_texts(database, clock, SLUG, ACTOR, pasted="A letter.", source="Letters", language="en")
    hope = add_theme(database, clock, SLUG, ACTOR, ThemeDraft("Hope", "Whatever is hoped for."))
    add_theme(database, clock, SLUG, ACTOR, ThemeDraft("Light", colour="ochre", parent_id=hope))
    with database.writing() as connection:
        alex = insert_researcher(
            connection,
            email="alex@example.org",
            name="Alex Analyst",
            password_hash="none",
            language="en",
            at=clock.now(),
        )
    coder = Coder(alex, sees_originals=True, secret=SECRET.encode())
    for piece in read_workbench(database, SLUG, coder, PieceFilter()).pieces:
        code_piece(database, clock, SLUG, coder, piece.reference, shown=(), wanted=(hope,), fits_none=False)


def group_by_tools(study: PlayedStudy) -> None:
    """Have the figures of the last round computed by an answer about oneself."""
    analyse_by(study.database, study.clock, SLUG, ACTOR, 3, "profile-tools")


_open, _close, _release = PlayedStudy.open_round, PlayedStudy.close_round, PlayedStudy.release_feedback

IN_ROUND_1 = led_on(BEGUN, "garden-in-round-1", _open)
APART = led_on(IN_ROUND_1, "garden-apart", in_turn(rate_apart, go_on))
EMPLOYED = led_on(BEGUN, "garden-employed", employ)
COMMENTED = led_on(EMPLOYED, "garden-commented-and-coded", in_turn(_open, comment, _close, code))
HELD = led_on(EMPLOYED, "garden-held", in_turn(_open, rate_round, _close, _release))
OPEN_STUDY = led_on(
    begun_with("open-study", panel_study("garden_open_study")), "open-study-in-round-1", _open
)
REAL_TIME_STUDY = led_on(
    begun_with("real-time-study", panel_study("garden_real_time_study")), "real-time-study-in-round-1", _open
)

LANGUAGES = begun_with("languages", panel_study("garden_languages_study"))
LANGUAGES_APART = led_on(LANGUAGES, "languages-apart", in_turn(_open, go_on, rate_apart, go_on))
BEFORE = led_on(LANGUAGES, "languages-before", employ)
OPEN = led_on(BEFORE, "languages-open", in_turn(_open, answer, go_on, partial(rate_round, said=SAID)))
CLOSED = led_on(OPEN, "languages-closed", _close)
BETWEEN = led_on(
    CLOSED,
    "languages-between",
    in_turn(_release, _open, rate_round, _close, _release, code, group_by_tools, PlayedStudy.recommend),
)
