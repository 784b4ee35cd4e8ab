"""A link sent again, and the word to the team that one was in other hands, in every language."""

from email import message_from_bytes
from email.policy import SMTP, default

import pytest

from app.i18n import LANGUAGE_NAMES
from app.mail.colleague_invitation import ColleagueInvited, write_colleague_invitation
from app.mail.disowned_link import DisownedLink, write_disowned_link
from app.mail.letter import Envelope, write_message
from app.mail.link_again import LinkAgain, write_link_again
from tests.unit.mail.test_letters import AT, LINK, TITLES, Links, parts_of

PAGE = "https://delphi.example.org/research/small-study/panel/people"


def sent(letter, name="Éloi"):
    """Send a letter as bytes, and read it as a mailbox does."""
    envelope = Envelope("castalia@example.org", name, "eloi@example.org", None, "<1@example.org>")
    return message_from_bytes(write_message(letter, envelope, AT).as_bytes(policy=SMTP), policy=default)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("was_asked_for", [True, False])
def test_a_link_sent_again_holds_the_link_once_and_names_study_and_contact(language, was_asked_for):
    again = LinkAgain(language, "Éloi", TITLES[language], "team@example.org", LINK, was_asked_for)
    message = sent(write_link_again(again))
    plain, html = parts_of(message)
    assert (plain.count(LINK), plain.count("://")) == (1, 1)
    assert Links(html).addresses == [LINK]
    assert TITLES[language] in message["Subject"]
    assert TITLES[language] in plain
    assert "team@example.org" in plain
    assert "Éloi" in plain


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_word_to_the_team_leads_to_the_list_of_people(language):
    message = sent(write_disowned_link(DisownedLink(language, TITLES[language], PAGE)), name="")
    plain, html = parts_of(message)
    assert Links(html).addresses == [PAGE]
    # Python may lose a blank where it folds a long subject.
    assert "".join(TITLES[language].split()) in "".join(message["Subject"].split())
    assert TITLES[language] in plain


def test_nobody_reads_two_languages_in_one_letter():
    said = [
        {write_link_again(LinkAgain(language, "X", "Y", "Z", LINK)).before[1] for language in LANGUAGE_NAMES},
        {
            write_link_again(LinkAgain(language, "X", "Y", "Z", LINK, was_asked_for=False)).before[1]
            for language in LANGUAGE_NAMES
        },
        {write_disowned_link(DisownedLink(language, "Y", PAGE)).before[1] for language in LANGUAGE_NAMES},
    ]
    assert [len(texts) for texts in said] == [len(LANGUAGE_NAMES)] * 3


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_invitation_of_a_colleague_names_inviter_study_and_time_and_holds_the_link(language):
    invited = ColleagueInvited(language, "Ana Peeters", TITLES[language], 14, PAGE)
    message = sent(write_colleague_invitation(invited), name="")
    plain, html = parts_of(message)
    assert Links(html).addresses == [PAGE]
    assert [part for part in ("Ana Peeters", TITLES[language], "14") if part not in plain] == []
