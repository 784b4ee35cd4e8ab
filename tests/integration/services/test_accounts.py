"""Accounts give nothing away: not a password, not a session, not whether they exist."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select, update

from app.domain.errors import (
    AccountExists,
    AddressNotValid,
    PasswordTooWeak,
    ResearcherSignedOut,
    SignInRefused,
    TextTooLong,
    TooManyAttempts,
)
from app.services import passwords
from app.services.accounts import (
    ATTEMPTS_ALLOWED,
    add_researcher,
    choose_language,
    sign_in,
)
from app.services.sessions import find_researcher, sign_out
from app.storage.tables.account import attempt, researcher, researcher_session

EMAIL = "ann@example.org"
PASSWORD = "correct horse battery"


@pytest.fixture
def ann(database, clock):
    """A researcher with an account."""
    return add_researcher(database, clock, email=EMAIL, name="Ann", password=PASSWORD, language="nl")


def enter(database, clock, email=EMAIL, password=PASSWORD):
    return sign_in(database, clock, email, password, session_hours=12)


def rows(database, table):
    with database.reading() as connection:
        return connection.execute(select(table)).all()


def test_who_signs_in_is_found_by_the_session(database, clock, ann):
    signed_in = enter(database, clock)
    assert signed_in.researcher == ann
    assert find_researcher(database, clock, signed_in.session_token) == ann
    assert (ann.email, ann.name, ann.language) == (EMAIL, "Ann", "nl")


def test_neither_password_nor_session_token_is_stored(database, clock, ann):
    token = enter(database, clock).session_token
    kept = str(rows(database, researcher) + rows(database, researcher_session))
    assert PASSWORD not in kept
    assert token not in kept


def test_each_sign_in_opens_another_session(database, clock, ann):
    assert enter(database, clock).session_token != enter(database, clock).session_token


@pytest.mark.parametrize("typed", ["Ann@Example.ORG", "  ann@example.org "])
def test_the_address_may_be_typed_in_capitals_or_with_spaces(database, clock, ann, typed):
    assert enter(database, clock, email=typed).researcher == ann


def test_a_password_is_the_same_however_the_keyboard_composed_it(database, clock):
    add_researcher(database, clock, email=EMAIL, name="", password="crème brûlée au four")
    decomposed = "cre\u0300me bru\u0302le\u0301e au four"
    assert enter(database, clock, password=decomposed).researcher.email == EMAIL


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong horse battery"),
        (EMAIL, ""),
        (EMAIL, "\ud800"),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("ann\0@example.org", PASSWORD),
        ("\ud800@example.org", PASSWORD),
    ],
)
def test_a_wrong_password_and_an_absent_account_get_the_same_answer(database, clock, ann, email, password):
    with pytest.raises(SignInRefused) as refusal:
        enter(database, clock, email=email, password=password)
    assert str(refusal.value) == "The e-mail address or the password is not right. Check both and try again."


def test_an_absent_account_costs_as_much_work_as_a_wrong_password(database, clock, ann, monkeypatch):
    verified = []

    class CountingHasher(PasswordHasher):
        def verify(self, *given):
            verified.append(given)
            return super().verify(*given)

    monkeypatch.setattr(passwords, "_HASHER", CountingHasher(time_cost=1, memory_cost=8, parallelism=1))
    for email in (EMAIL, "nobody@example.org", "no address"):
        verified.clear()
        with pytest.raises(SignInRefused):
            enter(database, clock, email=email, password="wrong horse battery")
        assert len(verified) == 1


def test_a_disabled_account_is_refused_and_its_sessions_are_over(database, clock, ann):
    token = enter(database, clock).session_token
    with database.writing() as connection:
        connection.execute(update(researcher).values(disabled_at=clock.now()))
    with pytest.raises(SignInRefused):
        enter(database, clock)
    with pytest.raises(ResearcherSignedOut):
        find_researcher(database, clock, token)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_too_many_attempts_are_refused_whether_the_account_exists_or_not(database, clock, ann, email):
    for _ in range(ATTEMPTS_ALLOWED):
        with pytest.raises(SignInRefused):
            enter(database, clock, email=email, password="wrong horse battery")
    clock.advance(timedelta(minutes=5, seconds=1))
    with pytest.raises(TooManyAttempts, match="Wait 10 minutes"):
        enter(database, clock, email=email, password=PASSWORD)


def test_attempts_on_one_account_do_not_close_another(database, clock, ann):
    for _ in range(ATTEMPTS_ALLOWED + 1):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            enter(database, clock, email="bob@example.org")
    assert enter(database, clock).researcher == ann


def test_after_a_quarter_of_an_hour_one_may_try_again(database, clock, ann):
    for _ in range(ATTEMPTS_ALLOWED + 1):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            enter(database, clock, password="wrong horse battery")
    clock.advance(timedelta(minutes=15))
    assert enter(database, clock).researcher == ann


def test_attempts_are_forgotten_after_signing_in(database, clock, ann):
    for _ in range(3):
        for _ in range(ATTEMPTS_ALLOWED - 1):
            with pytest.raises(SignInRefused):
                enter(database, clock, password="wrong horse battery")
        assert enter(database, clock).researcher == ann
    assert rows(database, attempt) == []


def test_guesses_at_the_same_time_are_all_counted(database, clock, ann):
    def guess(_):
        try:
            enter(database, clock, password="wrong horse battery")
        except (SignInRefused, TooManyAttempts) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(4) as crowd:
        refusals = list(crowd.map(guess, range(ATTEMPTS_ALLOWED + 5)))
    assert refusals.count(SignInRefused) == ATTEMPTS_ALLOWED
    assert refusals.count(TooManyAttempts) == 5


def test_the_count_of_attempts_does_not_keep_what_was_typed(database, clock, ann):
    with pytest.raises(SignInRefused):
        enter(database, clock, email="a password typed in the wrong field")
    assert "password" not in rows(database, attempt)[0].bucket


def test_a_session_ends_by_itself(database, clock, ann):
    token = enter(database, clock).session_token
    clock.advance(timedelta(hours=12))
    with pytest.raises(ResearcherSignedOut):
        find_researcher(database, clock, token)


def test_signing_out_ends_this_session_and_no_other(database, clock, ann):
    here, elsewhere = enter(database, clock).session_token, enter(database, clock).session_token
    sign_out(database, clock, here)
    sign_out(database, clock, here)
    with pytest.raises(ResearcherSignedOut):
        find_researcher(database, clock, here)
    assert find_researcher(database, clock, elsewhere) == ann


def test_an_unknown_session_is_nobodys(database, clock):
    with pytest.raises(ResearcherSignedOut):
        find_researcher(database, clock, "made up")


def test_a_password_hashed_at_other_costs_is_hashed_anew_when_it_is_next_known(
    database, clock, ann, monkeypatch
):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    enter(database, clock)
    assert extract_parameters(rows(database, researcher)[0].password_hash).memory_cost == 16
    assert enter(database, clock).researcher == ann


def test_the_language_a_researcher_chooses_stays(database, clock, ann):
    choose_language(database, ann, "fr")
    assert enter(database, clock).researcher.language == "fr"


def test_an_address_has_one_account(database, clock, ann):
    with pytest.raises(AccountExists, match=EMAIL):
        add_researcher(database, clock, email="ANN@example.org", name="Ann", password=PASSWORD)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"email": "ann"}, AddressNotValid),
        ({"email": "ann\0@example.org"}, AddressNotValid),
        ({"password": "eleven char"}, PasswordTooWeak),
        ({"name": "A" * 201}, TextTooLong),
    ],
)
def test_an_account_that_cannot_be_is_refused(database, clock, changed, refusal):
    with pytest.raises(refusal):
        add_researcher(database, clock, **({"email": EMAIL, "name": "Ann", "password": PASSWORD} | changed))
    assert rows(database, researcher) == []
