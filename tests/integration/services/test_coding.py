"""Open material is coded where it stands, by several coders at once, and nobody's name or words leak."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from app.domain.material import CodedState, PieceFilter, PieceKind, PieceNotFound
from app.domain.moderation import Moderation
from app.domain.statement_editing import StatementNotFound
from app.domain.theme import ThemeDraft
from app.services.coded_material import read_themes_of_statement
from app.services.coding import Coder, code_piece, read_workbench
from app.services.experience import bring_in_texts
from app.services.moderating import moderate_comment, read_comment_desk
from app.services.themes import add_theme, match_statements
from app.storage.accounts import insert_researcher
from app.storage.events import read_events
from app.storage.piece_selection import UNABLE
from app.storage.tables.coding import coding, fits_no_theme, material
from tests.integration.services.conftest import OPENED
from tests.running_study import SECRET, STATEMENTS, RunningStudy, small_study_after

SLUG = RunningStudy.slug
BEFORE_CODING = "2026_11_22_1410"
WRITTEN = {
    0: "Éclairer chacun.",
    1: "Meer tijd, 100% zeker.",
    6: "Elke buurt telt.",
    7: "Zonder Adam gaat het niet.",
}


def coder(study: RunningStudy, name: str = "robin", *, sees_originals: bool = True) -> Coder:
    """A researcher who codes."""
    with study.database.writing() as connection:
        found = insert_researcher(
            connection,
            email=f"{name}@example.org",
            name=name.title(),
            password_hash="none",
            language="en",
            at=study.clock.now(),
        )
    return Coder(found, sees_originals, SECRET, sees_ratings=True)


def themed(study: RunningStudy, *names: str) -> list[int]:
    """New themes."""
    return [add_theme(study.database, study.clock, SLUG, "system", ThemeDraft(name)) for name in names]


def give(study: RunningStudy, who: Coder, text: str, *wanted: int, shown=(), fits_none=False):
    """Let a coder code the piece that says this."""
    reference = next(one.reference for one in seen(study, who) if text in one.stored.text)
    return code_piece(
        study.database,
        study.clock,
        SLUG,
        who,
        reference,
        shown=shown,
        wanted=wanted,
        fits_none=fits_none,
    )


def seen(study: RunningStudy, who: Coder, **wanted):
    """The pieces that a coder reads."""
    return read_workbench(study.database, SLUG, who, PieceFilter(**wanted)).pieces


def texts(study: RunningStudy, who: Coder, **wanted) -> list[str]:
    return [one.stored.text for one in seen(study, who, **wanted)]


def comment(study: RunningStudy) -> None:
    """Four panelists comment on S01, and agree or disagree by turns; then round 1 closes."""
    for n in range(12):
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 3 if n % 2 else 1)
        points["S02"] = None if n == 0 else 2
        comments = {"S01": WRITTEN[n]} if n in WRITTEN else {}
        study.rate(n, points, comments={**comments, **({"S02": "Je ne sais pas."} if n == 0 else {})})
    assert seen(study, coder(study, "early")) == ()
    study.close()


LED_TO_BY = {"commented": small_study_after(OPENED, "small-commented", comment)}


@pytest.fixture
def commented(study: RunningStudy) -> RunningStudy:
    """Round 1 closed, with a comment of each of four panelists on S01, who agreed or disagreed by turns."""
    return study


def test_comments_are_found_by_everything_that_a_coder_may_ask(commented: RunningStudy) -> None:
    who = coder(commented)
    everything = texts(commented, who)
    assert sorted(everything[:-1]) == sorted(WRITTEN.values())
    assert everything[-1] == "Je ne sais pas."
    assert texts(commented, who, about="S02") == ["Je ne sais pas."]
    assert texts(commented, who, words="TIJD") == texts(commented, who, words="100%") == [WRITTEN[1]]
    assert texts(commented, who, words="éclairer") == [WRITTEN[0]]
    assert texts(commented, who, words="1_0") == []
    assert set(texts(commented, who, language="fr", about="S01")) == {WRITTEN[6], WRITTEN[0]}
    assert texts(commented, who, band="agree", about="S01") == [WRITTEN[1], WRITTEN[7]]
    assert texts(commented, who, band=UNABLE) == ["Je ne sais pas."]
    assert texts(commented, who, round_number=2) == []
    assert texts(commented, who, kind=PieceKind.OPEN_ANSWER) == []
    assert texts(commented, who, kind=PieceKind.EXPERIENCE, band="agree") == []
    assert {one.band for one in seen(commented, who, about="S01")} == {"agree", "disagree"}


def test_who_reads_counts_alone_finds_no_rating_beside_a_text_nor_by_asking(commented: RunningStudy) -> None:
    who = replace(coder(commented), sees_ratings=False)
    assert {one.band for one in seen(commented, who)} == {""}
    for band in ("agree", UNABLE):
        assert texts(commented, who, band=band) == texts(commented, who)


def test_a_page_holds_so_many_pieces_and_the_count_speaks_of_all(commented: RunningStudy) -> None:
    who = coder(commented)
    first = read_workbench(commented.database, SLUG, who, PieceFilter(), first=0, most=2)
    rest = read_workbench(commented.database, SLUG, who, PieceFilter(), first=2, most=9)
    assert [one.stored.text for one in (*first.pieces, *rest.pieces)] == texts(commented, who)
    assert (first.count.n, first.count.n_coded) == (5, 0)


def test_a_group_is_named_only_where_enough_of_every_group_wrote(commented: RunningStudy) -> None:
    who = coder(commented)
    assert {one.stored.group for one in seen(commented, who)} == {""}
    assert texts(commented, who, group="peers") == []


def test_every_coder_has_codes_of_their_own(commented: RunningStudy) -> None:
    robin, alex = coder(commented), coder(commented, "alex")
    hope, time = themed(commented, "Hope", "Time")
    give(commented, robin, "tijd", hope, time)
    give(commented, alex, "tijd", time)
    give(commented, alex, "buurt", fits_none=True)
    (piece,) = [one for one in seen(commented, robin) if "tijd" in one.stored.text]
    assert piece.themes_of(robin.researcher.id) == {hope, time}
    assert piece.themes_of(alex.researcher.id) == {time}
    assert texts(commented, robin, theme_id=hope) == texts(commented, alex, theme_id=hope, by_anybody=True)
    assert texts(commented, alex, theme_id=hope) == []
    assert texts(commented, robin, state=CodedState.CODED) == [WRITTEN[1]]
    assert texts(commented, alex, state=CodedState.CODED) == [WRITTEN[6], WRITTEN[1]]
    assert WRITTEN[6] not in texts(commented, alex, state=CodedState.OPEN)


def test_an_old_page_takes_nothing_away_that_was_given_since(commented: RunningStudy) -> None:
    who = coder(commented)
    hope, time, care = themed(commented, "Hope", "Time", "Care")
    give(commented, who, "tijd", hope)
    assert give(commented, who, "tijd", time).theme_ids == {hope, time}
    assert give(commented, who, "tijd", care, shown=(hope,)).theme_ids == {time, care}
    assert give(commented, who, "tijd", 99, care, shown=(time, care, 98)).theme_ids == {care}


def test_a_theme_counts_more_than_that_none_fits(commented: RunningStudy) -> None:
    who = coder(commented)
    (hope,) = themed(commented, "Hope")
    assert give(commented, who, "tijd", fits_none=True).fits_none
    assert not give(commented, who, "tijd", hope, fits_none=True).fits_none
    assert not give(commented, who, "tijd", shown=(hope,)).fits_none
    with commented.database.reading() as connection:
        assert connection.execute(select(coding)).all() == []
        assert connection.execute(select(fits_no_theme)).all() == []
        assert connection.scalar(select(material.c.text)) == ""


def test_what_is_given_twice_is_written_into_the_log_once(commented: RunningStudy) -> None:
    who = coder(commented)
    (hope,) = themed(commented, "Hope")
    for _ in range(2):
        give(commented, who, "tijd", hope)
    with commented.database.reading() as connection:
        events = [one for one in read_events(connection, 1) if one.kind == "MaterialCoded"]
    assert [(one.actor, one.payload["given"]) for one in events] == [(who.researcher.actor, ["Hope"])]
    assert "tijd" not in str(events)


@pytest.mark.parametrize("wrong", ["", "c1-1-" + "0" * 24, "x0-7-" + "0" * 24, "c1-1", "z1-1-" + "0" * 24])
def test_a_piece_that_is_not_there_is_refused(commented: RunningStudy, wrong: str) -> None:
    with pytest.raises(PieceNotFound):
        code_piece(
            commented.database,
            commented.clock,
            SLUG,
            coder(commented),
            wrong,
            shown=(),
            wanted=(),
            fits_none=True,
        )


def moderate(study: RunningStudy, text: str, to: Moderation, redacted: str = "") -> None:
    meant = next(one for one in read_comment_desk(study.database, SLUG).comments if text in one.text)
    moderate_comment(study.database, study.clock, SLUG, "system", meant, 1, to, redacted=redacted)


def test_who_may_not_see_originals_reads_what_was_released_and_nothing_else(commented: RunningStudy) -> None:
    facilitator, analyst = coder(commented), coder(commented, "ana", sees_originals=False)
    assert texts(commented, analyst) == []
    moderate(commented, "tijd", Moderation.RELEASED)
    moderate(commented, "Adam", Moderation.REDACTED, "Zonder hem gaat het niet.")
    moderate(commented, "buurt", Moderation.WITHHELD)
    assert texts(commented, analyst) == [WRITTEN[1], "Zonder hem gaat het niet."]
    assert texts(commented, analyst, words="Adam") == []
    assert len(texts(commented, facilitator)) == 5
    assert [one.stored.released_text for one in seen(commented, facilitator, words="Adam")] == [
        "Zonder hem gaat het niet."
    ]
    withheld = next(one.reference for one in seen(commented, facilitator) if "buurt" in one.stored.text)
    with pytest.raises(PieceNotFound):
        code_piece(
            commented.database, commented.clock, SLUG, analyst, withheld, shown=(), wanted=(), fits_none=True
        )


def test_a_statement_has_its_comments_by_theme_and_the_themes_it_is_matched_with(
    commented: RunningStudy,
) -> None:
    who, other = coder(commented), coder(commented, "alex")
    hope, time = themed(commented, "Hope", "Time")
    give(commented, who, "tijd", hope)
    give(commented, other, "tijd", time)
    give(commented, other, "buurt", hope)
    give(commented, other, "Adam", fits_none=True)
    match_statements(
        commented.database, commented.clock, SLUG, "system", time, wanted=("S01", "S99"), shown=("S02",)
    )
    found = read_themes_of_statement(commented.database, SLUG, who, "S01")
    assert [one.name for one in found.matched] == ["Time"]
    assert [(one.theme.name, [p.stored.text for p in one.comments]) for one in found.by_theme] == [
        ("Hope", [WRITTEN[6], WRITTEN[1]]),
        ("Time", [WRITTEN[1]]),
    ]
    assert {one.stored.text for one in found.uncoded} == {WRITTEN[7], WRITTEN[0]}
    of_round_2 = read_themes_of_statement(commented.database, SLUG, who, "S01", round_number=2)
    assert (of_round_2.by_theme, of_round_2.uncoded) == ((), ())
    with pytest.raises(StatementNotFound):
        read_themes_of_statement(commented.database, SLUG, who, "S99")


def test_codings_are_kept_when_the_schema_goes_back_and_comes_again(
    commented: RunningStudy, database_url: str
) -> None:
    who, other = coder(commented), coder(commented, "alex")
    hope, _ = themed(commented, "Hope", "Time")
    give(commented, who, "tijd", hope)
    give(commented, other, "tijd", hope)
    bring_in_texts(
        commented.database, commented.clock, SLUG, "system", pasted="Une lettre.", source="x", language="fr"
    )
    give(commented, who, "lettre", hope)
    before = [piece.codes for piece in seen(commented, who, theme_id=hope)]
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[3] / "migrations"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.downgrade(config, BEFORE_CODING)
    with commented.database.reading() as connection:
        copied = connection.exec_driver_sql("SELECT text, language FROM material ORDER BY id").all()
    assert [tuple(row) for row in copied] == [(WRITTEN[1], "nl"), ("Une lettre.", "fr")]
    command.upgrade(config, "head")
    assert [piece.codes for piece in seen(commented, who, theme_id=hope)] == before
    assert len(before) == 2


def test_coders_who_come_to_a_piece_at_the_same_moment_lose_nothing(commented: RunningStudy) -> None:
    people = [coder(commented, f"coder{n}") for n in range(4)]
    themes = themed(commented, "Hope", "Time")
    reference = next(one.reference for one in seen(commented, people[0]) if "tijd" in one.stored.text)
    together = Barrier(len(people))

    def code(who: Coder) -> frozenset[int]:
        together.wait()
        return code_piece(
            commented.database,
            commented.clock,
            SLUG,
            who,
            reference,
            shown=(),
            wanted=themes,
            fits_none=False,
        ).theme_ids

    with ThreadPoolExecutor(len(people)) as pool:
        assert list(pool.map(code, people)) == [frozenset(themes)] * len(people)
    (piece,) = seen(commented, people[0], about="S01", words="tijd")
    assert len(piece.codes) == len(people) * len(themes)
    with commented.database.reading() as connection:
        assert len(connection.execute(select(material)).all()) == 1
