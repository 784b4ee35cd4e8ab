"""The parts of pages: their geometry, and that they render in every language."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from app.i18n import LANGUAGE_NAMES
from app.web.shared.parts import (
    Band,
    Deadline,
    FieldError,
    Histogram,
    HistogramBar,
    PreviousRating,
    Progress,
    ScaleField,
    ShareBar,
    ShareSegment,
    errors_by_field,
)
from app.web.shared.styleguide import AGREEMENT, HUNDRED, NINE, example_chrome, example_page
from app.web.shared.templating import TEMPLATE_DIRECTORY, environment, render

LANGUAGES = tuple(LANGUAGE_NAMES)
FIELD = ScaleField("S07.agreement", "S07", "agreement", "How far do you agree?", AGREEMENT)


def show(part: str, macro: str, *arguments: object, locale: str = "en", **named: object) -> str:
    module = environment(locale).get_template(f"parts/{part}.html").module
    return str(getattr(module, macro)(*arguments, **named))


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def histogram(*counts: int, **changes: object) -> Histogram:
    bars = tuple(HistogramBar(p.value, n, p.band) for p, n in zip(AGREEMENT, counts, strict=True))
    return replace(Histogram("Patients", 3, bars), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("page", ["panelist", "researcher"])
def test_every_part_renders_in_every_language(locale: str, page: str) -> None:
    html = render(f"styleguide/{page}.html", locale, example_page(), example_chrome(locale, "/styleguide"))

    assert f'<html lang="{locale}" dir="ltr">' in html
    assert html.rstrip().endswith("</html>")


def test_a_name_that_the_page_does_not_have_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        environment("en").from_string("{{ page.nothing }}").render(page=example_page())


def test_no_template_carries_what_the_content_security_policy_forbids() -> None:
    inline_script = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)(?![^>]*\bnonce=)")
    forbidden = re.compile(r"""\sstyle=|\son[a-z]+=["']|javascript:|<style""")
    faults = [
        f"{path.name}: {match.group()}"
        for path in TEMPLATE_DIRECTORY.rglob("*.html")
        for pattern in (inline_script, forbidden)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]

    assert faults == []


def test_ids_are_unique_on_a_page_with_every_part() -> None:
    html = render("styleguide/panelist.html", "en", example_page(), example_chrome("en", "/styleguide"))
    ids = re.findall(r'\sid="([^"]+)"', html)

    assert len(ids) == len(set(ids))


def test_text_from_people_stays_text() -> None:
    card = replace(example_page().cards[0], text="<script>alert(1)</script> & co")
    html = show("statement", "statement_card", card)

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html
    assert "<script>" not in html


def test_every_point_is_named_with_its_place_on_the_scale() -> None:
    assert "4 of 5, Agree" in words_of(show("scale", "scale", FIELD))


def test_a_point_without_a_label_is_named_by_its_band() -> None:
    html = show("scale", "scale", replace(FIELD, points=NINE))

    assert "8 of 9, Agree" in words_of(html)


def test_unable_to_rate_is_chosen_among_the_same_radio_buttons() -> None:
    html = show("scale", "scale", replace(FIELD, abstained=True))

    assert '<input type="radio" name="S07.agreement" value="unable" data-unable checked>' in html
    assert html.count(" checked") == 1


def test_an_unanswered_scale_has_nothing_chosen() -> None:
    assert " checked" not in show("scale", "scale", FIELD)


@pytest.mark.parametrize(("points", "layout"), [(AGREEMENT, "list"), (NINE, "bands"), (HUNDRED, "number")])
def test_the_length_of_a_scale_decides_how_it_is_set_out(points: tuple[object, ...], layout: str) -> None:
    assert replace(FIELD, points=points).layout == layout  # type: ignore[arg-type]


def test_a_previous_rating_can_be_kept_with_one_action() -> None:
    html = show("scale", "scale", replace(FIELD, previous=PreviousRating(1, AGREEMENT[3])))

    assert 'name="keep" value="S07.agreement" data-keep="4"' in html
    assert "Keep my last answer: 4, Agree" in words_of(html)


def test_a_previous_unable_to_rate_can_be_kept_too() -> None:
    html = show("scale", "scale", replace(FIELD, previous=PreviousRating(1, None)))

    assert 'data-keep="unable"' in html


def test_an_answered_scale_offers_nothing_to_keep() -> None:
    html = show("scale", "scale", replace(FIELD, value=2, previous=PreviousRating(1, AGREEMENT[3])))

    assert "data-keep" not in html


def test_only_points_of_another_band_than_before_ask_for_a_reason() -> None:
    field = replace(FIELD, previous=PreviousRating(1, AGREEMENT[3]))

    assert [field.crosses_band(point) for point in AGREEMENT] == [True, True, True, False, False]


def test_nothing_crosses_a_band_when_the_panelist_was_unable_to_rate_before() -> None:
    field = replace(FIELD, previous=PreviousRating(1, None))

    assert not any(field.crosses_band(point) for point in AGREEMENT)


def test_an_error_stands_at_the_scale_and_is_linked_from_the_summary() -> None:
    error = FieldError(FIELD.element_id, "Choose a point.")
    summary = show("notice", "error_summary", [error])
    scale = show("scale", "scale", replace(FIELD, error=error.message))

    assert '<a href="#field-S07-agreement">Choose a point.</a>' in summary
    assert 'id="field-S07-agreement"' in scale
    assert "Choose a point." in words_of(scale)


def test_the_first_error_of_a_field_stands_beside_it() -> None:
    errors = [FieldError("field-a", "first"), FieldError("field-a", "second"), FieldError("", "whole form")]

    assert errors_by_field(errors) == {"field-a": "first", "": "whole form"}


def test_a_histogram_says_in_words_what_it_draws() -> None:
    said = words_of(show("histogram", "histogram", histogram(0, 1, 2, 9, 6, median=4, q1=4, q3=5, own=3)))

    assert "15 of 18 chose 4 or 5; 2 chose 3; 1 chose 1 or 2. The middle rating is 4." in said
    assert "You chose 3." in said


def test_the_words_begin_with_agreement_where_low_points_agree() -> None:
    bars = tuple(
        HistogramBar(i, i, band) for i, band in ((1, Band.AGREE), (2, Band.NEUTRAL), (3, Band.DISAGREE))
    )

    assert histogram(0, 0, 0, 0, 0, bars=bars).bands == (((1,), 1), ((2,), 2), ((3,), 3))


def test_long_bands_are_named_by_their_ends() -> None:
    assert words_of(show("histogram", "points_in_words", (7, 8, 9))) == "7 to 9"


def test_a_withheld_group_shows_no_figure_and_says_why() -> None:
    html = show("histogram", "histogram", Histogram("Relatives", 4, withheld="protected"))

    assert "<rect" not in html
    assert (
        "We show no figures for Relatives, to protect those who answered: they are too few, or"
        in words_of(html)
    )


def test_a_group_without_ratings_is_said_to_have_none() -> None:
    assert "Nobody in this group has rated" in words_of(
        show("histogram", "histogram", histogram(0, 0, 0, 0, 0))
    )


def test_the_tallest_bar_reaches_the_top_and_empty_points_have_no_height() -> None:
    bars = list(histogram(0, 1, 2, 9, 6).drawn(top=20, baseline=70))

    assert bars[3].top == 20
    assert bars[0].height == 0
    assert all(bar.top + bar.height == pytest.approx(70) for bar in bars)


def test_a_median_between_two_points_lies_between_their_bars() -> None:
    shown = histogram(0, 1, 2, 9, 6)

    assert [shown.place(value) for value in (1, 3.5, 5)] == [10, 60, 90]


def test_shares_fill_the_bar_and_the_rule_is_measured_from_agreement() -> None:
    segments = tuple(
        ShareSegment(p.label, p.band, n) for p, n in zip(AGREEMENT, (0, 1, 2, 9, 6), strict=True)
    )
    bar = ShareBar(segments, threshold=70)

    assert sum(segment.width for segment in bar.drawn) == pytest.approx(100, abs=0.01)
    assert bar.threshold_at == 30
    assert ShareBar(segments[::-1], threshold=70).threshold_at == 70
    assert [segment.tone for segment in bar.drawn] == ["strong", "weak", "strong", "weak", "strong"]


def test_a_share_bar_of_nobody_says_so() -> None:
    assert (
        words_of(show("shares", "share_bar", ShareBar((ShareSegment("Agree", Band.AGREE, 0),))))
        == "no ratings"
    )


def test_an_empty_questionnaire_is_complete() -> None:
    assert Progress(0, 0).percent == 100


@pytest.mark.parametrize(
    ("decision", "word"),
    [
        ("consensus_in", "Consensus: in"),
        ("consensus_out", "Consensus: out"),
        ("no_consensus", "No consensus"),
        ("not_assessable", "Not assessable"),
    ],
)
def test_a_decision_is_a_sign_and_a_word(decision: str, word: str) -> None:
    html = show("decision", "decision_chip", decision)

    assert f'href="#sign-{decision}"' in html
    assert words_of(html) == word


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "Round 3 closes on Tuesday, 12 May 2026 at 18:00 (Brussels time), in 3 days"),
        ("fr", "Le tour 3 se termine le mardi 12 mai 2026 à 18:00 (heure de Bruxelles), dans 3 jours"),
        ("nl", "Ronde 3 sluit op dinsdag 12 mei 2026 om 18:00 (tijd in Brussel), over 3 dagen"),
        ("de", "Runde 3 endet am Dienstag, 12. Mai 2026 um 18:00 (Ortszeit Brüssel), in 3 Tagen"),
    ],
)
def test_a_deadline_is_told_in_the_zone_and_the_language(locale: str, sentence: str) -> None:
    deadline = Deadline(
        datetime(2026, 5, 12, 16, 0, tzinfo=UTC), datetime(2026, 5, 9, 9, 30, tzinfo=UTC), "Europe/Brussels"
    )

    assert words_of(show("deadline", "deadline", deadline, 3, locale=locale)) == sentence


def test_a_table_without_rows_says_what_to_do() -> None:
    html = str(
        environment("en")
        .from_string(
            '{% from "parts/table.html" import data_table %}'
            '{% call(row) data_table("Panelists", [], [], "Import a list to begin.") %}{% endcall %}'
        )
        .render()
    )

    assert "<table" not in html
    assert "Import a list to begin." in html


def test_a_button_that_cannot_be_used_says_why() -> None:
    html = show("forms", "button", "Open the round", id="open", unavailable="No statement is chosen yet.")

    assert 'aria-describedby="open-why"' in html
    assert "No statement is chosen yet." in html


def test_the_language_switch_names_each_language_in_itself() -> None:
    html = show("language", "language_switch", example_chrome("fr", "/styleguide"), locale="fr")

    assert words_of(html) == "English Français Nederlands Deutsch"
    assert html.count("aria-current") == 1


def test_the_language_switch_posts_where_a_link_would_not_be_safe() -> None:
    chrome = replace(example_chrome("fr", "/s/x/round/2"), language_action="/s/x/language")
    html = show("language", "language_switch", chrome)

    assert '<form method="post" action="/s/x/language">' in html
    assert 'name="next" value="/s/x/round/2"' in html
    assert 'name="csrf_token"' in html
