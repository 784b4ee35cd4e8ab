"""The panel reads comments under a theme only where the team wrote words for the panel."""

import pytest

from app.domain.material import PieceFilter
from app.domain.moderation import Moderation
from app.domain.theme import ThemeDraft
from app.services.coding import Coder, code_piece, read_workbench
from app.services.moderating import moderate_comment, read_comment_desk
from app.services.questionnaire import read_questionnaire
from app.services.themes import add_theme
from tests.integration.services.test_coding import coder
from tests.running_study import STATEMENTS, RunningStudy

SLUG = RunningStudy.slug
WRITTEN = {0: "Un", 1: "Deux", 2: "Trois", 3: "Quatre"}


@pytest.fixture
def commented(open_study: RunningStudy) -> RunningStudy:
    """Round 1 closed, with four comments on S01, all of them released."""
    study = open_study
    for n in range(12):
        comments = {"S01": WRITTEN[n]} if n in WRITTEN else {}
        study.rate(n, dict.fromkeys(STATEMENTS, 3 if n % 2 else 1), comments=comments)
    study.close()
    for one in read_comment_desk(study.database, SLUG).comments:
        moderate_comment(study.database, study.clock, SLUG, "system", one, 1, Moderation.RELEASED)
    return study


def give(study: RunningStudy, who: Coder, text: str, *themes: int) -> None:
    found = read_workbench(study.database, SLUG, who, PieceFilter(words=text)).pieces
    reference = next(one.reference for one in found if one.stored.text == text)
    code_piece(
        study.database, study.clock, SLUG, who, reference, shown=(), wanted=themes, fits_none=not themes
    )


def read_by_panel(study: RunningStudy) -> list[tuple[dict[str, str], str]]:
    """What a panelist reads of S01 in the next round: the words of the theme, and the comment."""
    study.release()
    study.open()
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(5))
    assert questionnaire is not None
    shown = next(one for one in questionnaire.statements if one.statement.code == "S01")
    return [(dict(one.headings), one.text) for one in shown.released_comments]


def test_a_comment_stands_under_the_theme_that_most_coders_gave_it(commented: RunningStudy) -> None:
    database, clock = commented.database, commented.clock
    late = add_theme(database, clock, SLUG, "system", ThemeDraft("A", heading={"fr": "Tard", "nl": "Laat"}))
    soon = add_theme(database, clock, SLUG, "system", ThemeDraft("B", heading={"fr": "Bientôt"}))
    own = add_theme(database, clock, SLUG, "system", ThemeDraft("C", "The team's own."))
    robin, alex, kim = (coder(commented, name) for name in ("robin", "alex", "kim"))
    give(commented, robin, "Un", late, own)
    for who in (alex, kim):
        give(commented, who, "Un", soon, own)
    give(commented, robin, "Deux", soon)
    give(commented, alex, "Deux", late)
    give(commented, robin, "Trois", own)
    give(commented, robin, "Quatre")
    read = read_by_panel(commented)
    assert read[0] == ({"fr": "Tard", "nl": "Laat"}, "Deux")
    assert read[1] == ({"fr": "Bientôt"}, "Un")
    assert {text for words, text in read[2:] if not words} == {"Trois", "Quatre"}
