"""Sentences of the rules are said whole in a person's language, the parts inside them too."""

import pytest

from app.domain.errors import ActionBlocked, ProfileAnswerRefused, ProtocolNotValid, TooManyAttempts
from app.domain.messages import N_, LanguageNames, Names, Sentence
from app.domain.protocol import protocol_from_tables
from app.web.shared.templating import environment
from app.web.shared.words import error_in_words, in_words

INNER = Sentence(N_("choose from the list."))
REFUSED = ProfileAnswerRefused(question="Rôle ?", problem=INNER)


def test_a_sentence_inside_a_sentence_is_translated_with_it():
    whole = error_in_words(REFUSED, "fr")
    assert in_words(INNER, "fr") in whole
    assert str(INNER) not in whole
    assert "Rôle ?" in whole


def test_what_a_sentence_lists_by_name_is_told_in_the_readers_language():
    groups = Names(({"en": "Peers", "fr": "Pairs"}, {"fr": "Proches"}))
    sentence = Sentence(N_("These stakeholder groups have no panelist: %(groups)s."), {"groups": groups})
    assert in_words(sentence, "fr").endswith("Pairs et Proches.")
    assert str(sentence).endswith("Peers, Proches.")
    written = Sentence(
        N_("Nothing is written for the panel to consent to in: %(languages)s."),
        {"languages": LanguageNames(("fr", "nl"))},
    )
    assert in_words(written, "de").endswith("Französisch und Niederländisch.")
    assert str(written).endswith("fr, nl.")


def test_in_english_the_sentence_is_its_own_source():
    assert error_in_words(REFUSED, "en") == str(REFUSED)


def test_templates_say_sentences_by_the_same_rule():
    said = environment("fr").from_string("{{ page|sentence }}").render(page=REFUSED.sentence)
    assert said == error_in_words(REFUSED, "fr").replace("&", "&amp;")


def test_what_blocks_an_action_is_said_reason_by_reason():
    blockers = (Sentence(N_("The study is concluded.")), Sentence(N_("No statement is left to rate.")))
    said = error_in_words(ActionBlocked(blockers), "nl")
    assert all(in_words(blocker, "nl") in said for blocker in blockers)


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("en", "Wait one minute and", "Wait 5 minutes and"),
        ("fr", "Attendez une minute,", "Attendez 5 minutes,"),
        ("nl", "Wacht één minuut en", "Wacht 5 minuten en"),
        ("de", "Warten Sie eine Minute und", "Warten Sie 5 Minuten und"),
    ],
)
def test_one_and_several_are_said_in_good_grammar(language, one, several):
    for minutes, words in ((1, one), (5, several)):
        assert words in error_in_words(TooManyAttempts(minutes=minutes), language)
    assert "one minute" in str(TooManyAttempts(minutes=1))
    assert "5 minutes" in str(TooManyAttempts(minutes=5))


def refusal() -> ProtocolNotValid:
    with pytest.raises(ProtocolNotValid) as refused:
        protocol_from_tables({"languages": ["fr"], "protocol": {"minimum_group_size": 0, "colour": "blue"}})
    return refused.value


@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("en", "protocol.minimum_group_size: must be a whole number from 1 to 1000."),
        ("fr", "protocol.minimum_group_size\u00a0: doit être un nombre entier de 1 à 1000."),
    ],
)
def test_the_faults_of_a_protocol_are_told_in_the_readers_language(language, part):
    assert part in error_in_words(refusal(), language)


def test_french_has_a_space_before_the_sign_between_two_faults():
    said = error_in_words(refusal(), "fr")
    assert "\u00a0; protocol." in said
    assert "must be" not in said.split("protocol.minimum_group_size")[1].split("\u00a0;")[0]
