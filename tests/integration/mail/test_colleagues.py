"""The invitation of a colleague is sent by the worker, with a link that opens it."""

import pytest

from app.domain.account import Part, Role
from app.domain.link import invitation_token
from app.services.accepting import look_up_invitation
from app.services.accounts import add_researcher
from app.services.colleagues import invite_colleague, withdraw_invitation
from app.services.joining import join_study
from app.services.mailing import Outcome
from tests.integration.mail.conftest import BASE_URL, SECRET, SLUG, WritingStudy


@pytest.fixture(params=[False, True], ids=["study", "synthetic study"])
def study(request, sqlite_url, database, clock, tmp_path):
    """A study with an invitation; one with an invented panel writes to its colleagues all the same."""
    study = WritingStudy(database, clock, tmp_path / "folder", synthetic=request.param)
    owner = add_researcher(
        database, clock, email="olga@example.org", name="Olga", password="correct horse battery"
    )
    join_study(database, clock, SLUG, owner.id, Role.OWNER, "system")
    invite_colleague(
        database, clock, SLUG, SECRET, owner, email="zoe@example.org", part=Part(Role.ANALYST), language="nl"
    )
    return study


def test_the_worker_sends_the_invitation_with_a_link_that_opens_it(study, postman, mail_room):
    assert [delivery.outcome for delivery in study.work(postman)] == [Outcome.SENT]
    (message,) = mail_room.messages
    assert message["To"] == "zoe@example.org"
    token = invitation_token(SECRET, 1, 1)
    text = message.get_body(("plain",)).get_content()
    assert f"{BASE_URL}/research/join/{token}" in text
    assert "Olga" in text
    assert look_up_invitation(study.database, study.clock, token).invitation.email == "zoe@example.org"
    assert study.work(postman) == []


def test_an_invitation_that_was_withdrawn_is_not_sent(study, postman, mail_room):
    withdraw_invitation(study.database, study.clock, SLUG, 1, "system")
    assert [delivery.outcome for delivery in study.work(postman)] == [Outcome.NOT_NEEDED]
    assert mail_room.messages == []
