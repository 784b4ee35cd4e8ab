"""An invitation parses in every language, says its link once, and no text of a study can add a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP, compat32, default
from html.parser import HTMLParser

import pytest

from app.domain.round import PlannedRound
from app.i18n import LANGUAGE_NAMES
from app.mail.invitation import Invitation, write_invitation
from app.mail.letter import AddressNotWritable, Envelope, one_line, write_message

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINK = "https://delphi.example.org/p/" + "Ab-_" * 10 + "xyz"
TITLES = {
    "en": "Peer support: what it is worth",
    "fr": "La pair-aidance, « une présence » à évaluer : l’étude",
    "nl": "Ervaringsdeskundigheid én steun – een studie",
    "de": "Genesungsbegleitung für Angehörige: größer gedacht",
}


class Links(HTMLParser):
    """The addresses to which an HTML text leads, and everything it says."""

    def __init__(self, html):
        super().__init__()
        self.addresses, self.said = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.addresses += [value for name, value in attributes if name in {"href", "src"}]

    def handle_data(self, data):
        self.said += data


def sent(
    language="en",
    *,
    title=None,
    name="Éloi Exemple",
    contact="team@example.org",
    round_number=1,
    asks=PlannedRound.RATING,
    closes_at=datetime(2026, 5, 12, 16, tzinfo=UTC),
):
    """Write an invitation, send it as bytes, and read it as a mailbox does."""
    letter = write_invitation(
        Invitation(
            language=language,
            name=name,
            title=TITLES[language] if title is None else title,
            round_number=round_number,
            asks=asks,
            minutes_per_round=25,
            closes_at=closes_at,
            time_zone="Europe/Brussels",
            contact=contact,
            link=LINK,
        )
    )
    envelope = Envelope(
        "Castalia <castalia@example.org>", name, "eloi@example.org", contact, "<0a1b@example.org>"
    )
    return message_from_bytes(write_message(letter, envelope, AT).as_bytes(policy=SMTP), policy=default)


def parts_of(message):
    return [message.get_body((kind,)).get_content() for kind in ("plain", "html")]


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("round_number", [1, 2])
def test_a_message_parses_and_each_of_its_parts_holds_the_link_once(language, round_number):
    message = sent(language, round_number=round_number)
    assert message.get_content_type() == "multipart/alternative"
    assert not [part.defects for part in message.walk() if part.defects]
    plain, html = parts_of(message)
    assert plain.count(LINK) == 1
    assert plain.count("://") == 1
    assert html.count(LINK) == 1
    assert Links(html).addresses == [LINK]
    assert TITLES[language] in message["Subject"]
    assert f'<html lang="{language}">' in html
    assert message["Content-Language"] == language
    assert message["To"].addresses[0].display_name == "Éloi Exemple"
    assert message["To"].addresses[0].addr_spec == "eloi@example.org"
    assert message["Message-ID"] == "<0a1b@example.org>"
    assert message["Date"].datetime == AT


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_both_parts_say_the_same_and_the_line_of_the_link_stands_alone(language):
    plain, html = parts_of(sent(language))
    said = [line.strip() for line in Links(html).said.splitlines()]
    lines = [line for line in plain.splitlines() if line]
    lines.remove(LINK)
    assert len(lines) >= 8
    assert [line for line in lines if line not in said] == lines[-2:]  # the two lines of the closing are one
    assert "".join(lines[-2:]) in said


def test_the_invitation_says_the_hour_of_the_studys_zone_and_how_long_it_takes():
    plain, _ = parts_of(sent())
    assert "Dear Éloi Exemple," in plain
    assert "Please answer before Tuesday 12 May 2026 at 18:00 (Brussels time)." in plain.replace(
        "Tuesday,", "Tuesday"
    )
    assert "about 25 minutes" in plain
    assert "write to team@example.org" in plain


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        (PlannedRound.OPEN, "You answer in your own words; there is nothing to rate."),
        (PlannedRound.RATING, "you rate statements on a scale. If you like, you say why in a comment."),
        (PlannedRound.REAL_TIME, "figures of the panel follow as soon as enough people have answered."),
    ],
)
@pytest.mark.parametrize("round_number", [1, 2])
def test_the_invitation_says_what_the_round_asks(asks, words, round_number):
    for part in parts_of(sent(asks=asks, round_number=round_number)):
        assert words in part


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_in_every_language_each_kind_of_round_is_told_in_its_own_words(language):
    texts = {parts_of(sent(language, asks=asks))[0] for asks in PlannedRound}
    assert len(texts) == len(PlannedRound)


def test_without_a_deadline_none_is_told():
    plain, _ = parts_of(sent(closes_at=None))
    assert "before" not in plain


def test_a_later_round_has_its_number_in_the_subject():
    assert sent(round_number=3)["Subject"] == f"Round 3 is open: {TITLES['en']}"


@pytest.mark.parametrize(
    "breaks", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n\r\n"]
)
@pytest.mark.parametrize("field", ["title", "name", "contact"])
def test_no_text_of_a_study_can_add_a_header_or_a_recipient(breaks, field):
    honest = sent()
    message = sent(**{field: f"team@example.org{breaks}Bcc: everybody@example.org"})
    assert sorted(message.keys()) == sorted(honest.keys())
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["eloi@example.org"]
    assert len(list(message.iter_parts())) == 2


def test_markup_in_a_title_is_text():
    _, html = parts_of(sent(title='<img src="https://elsewhere.example/x">'))
    assert Links(html).addresses == [LINK]
    assert '<img src="https://elsewhere.example/x">' in Links(html).said


def test_a_very_long_title_and_name_are_folded_and_come_back_whole():
    message = sent("fr", title="é" * 400, name="Éloïse " * 25)
    assert "é" * 400 in message["Subject"]
    # Python's newer parser keeps the blanks between encoded words, which belong to the folding.
    recipient = message_from_bytes(message.as_bytes(), policy=compat32)["To"]
    assert str(make_header(decode_header(recipient))).startswith("Éloïse " * 25 + "<")
    assert max(len(line) for line in message.as_bytes().splitlines()) < 998


@pytest.mark.parametrize(
    "address", ["a b@example.org", "ann@", "ann@example.org\r\nBcc: x@example.org", "<ann>"]
)
def test_an_address_that_can_stand_in_no_message_is_refused(address):
    letter = write_invitation(
        Invitation(
            "en",
            "Ann",
            "A title",
            1,
            PlannedRound.OPEN,
            10,
            None,
            "Europe/Brussels",
            "team@example.org",
            LINK,
        )
    )
    with pytest.raises(AddressNotWritable):
        write_message(letter, Envelope("castalia@example.org", "Ann", address, None, "<1@example.org>"), AT)


def test_one_line_has_no_control_character_and_no_break():
    assert one_line(" a\tb\r\nc\x00d\u2028e\x7f ") == "a b c d e"
