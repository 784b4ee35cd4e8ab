"""A correction on the mail list reaches whoever is now written to, and nobody else."""

from dataclasses import replace

import pytest

from app.domain.errors import LinkNotValid
from app.domain.link import person_sign
from app.domain.panel import Disowning, Invitee
from app.domain.panel_editing import person_fingerprint
from app.services.disowning import disown_link
from app.services.entering import look_up_link
from app.services.links import issue_links
from app.services.mailing import Outcome
from app.services.panel_correcting import correct_person, read_person, renew_link
from tests.integration.mail.conftest import SECRET, SLUG, WritingStudy
from tests.integration.mail.test_delivering import outcomes, token_in

ANN = Invitee("Ann Example", "ann@example.org", "peers", "nl")
SIGN = person_sign(SECRET, 1, 1)


def correct(study: WritingStudy, **changes: str) -> bool:
    """Correct Ann, as an owner would."""
    database, typed = study.database, replace(ANN, **changes)
    seen = person_fingerprint(read_person(database, SLUG, SECRET, SIGN).invitee)
    return correct_person(database, study.clock, SLUG, SECRET, SIGN, "researcher:1", typed, known=seen)


def test_an_address_that_bounced_in_an_open_round_is_sent_the_invitation_again(study, mail_room, postman):
    study.open()
    study.work(postman)
    old = token_in(mail_room.messages[0])
    assert correct(study, email="anna@example.org", language="fr")
    assert outcomes(study.work(postman)) == [Outcome.SENT]
    assert mail_room.recipients[-1] == "anna@example.org"
    message = mail_room.messages[-1]
    assert message["Content-Language"] == "fr"
    assert "Petite étude" in str(message["Subject"])
    look_up_link(study.database, study.clock, token_in(message))
    with pytest.raises(LinkNotValid):
        look_up_link(study.database, study.clock, old)


def test_between_rounds_the_new_address_gets_the_new_link(study, mail_room, postman, clock):
    (old, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    assert correct(study, email="anna@example.org")
    study.work(postman)
    assert mail_room.recipients == ["anna@example.org"]
    (message,) = mail_room.messages
    assert str(message["Subject"]) == "Uw persoonlijke link: Kleine studie"
    assert "Het studieteam stuurt u een nieuwe persoonlijke link" in message.as_string()
    assert token_in(message) != old.token


def test_an_address_that_was_right_after_all_is_written_to_again(study, mail_room, postman, clock):
    (old, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    disown_link(study.database, clock, old.token, Disowning.WRONG_ADDRESS)
    renew_link(study.database, clock, SLUG, SECRET, SIGN, "researcher:1")
    study.work(postman)
    assert mail_room.recipients[-1] == "ann@example.org"
    look_up_link(study.database, clock, token_in(mail_room.messages[-1]))


def test_a_correction_of_the_language_alone_writes_to_nobody(study, mail_room, postman, clock):
    (old, *_) = issue_links(study.database, clock, SLUG, SECRET, "system")
    assert not correct(study, language="fr")
    assert study.work(postman) == []
    assert look_up_link(study.database, clock, old.token).language == "fr"


def test_before_any_link_a_corrected_address_waits_for_its_invitation(study, mail_room, postman):
    assert not correct(study, email="anna@example.org")
    study.open()
    study.work(postman)
    assert "anna@example.org" in mail_room.recipients
    assert "ann@example.org" not in mail_room.recipients
