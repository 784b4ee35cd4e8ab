"""Settings come from CASTALIA_ variables alone, and docs/settings.md lists every one of them as it is."""

import os
import re
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from app.settings import SettingMissing, Settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def empty_installation(tmp_path, monkeypatch):
    """An empty directory to start in, and an environment that sets nothing."""
    for name in [name for name in os.environ if name.startswith("CASTALIA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_documented_table_is_the_code():
    row = re.compile(r"^\| `(CASTALIA_\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
    documented = row.findall(DOCUMENT.read_text(encoding="utf-8"))
    in_code = [
        (
            f"CASTALIA_{name.upper()}",
            "made" if field.default_factory else "unset" if field.default is None else f"`{field.default}`",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]
    assert documented == in_code


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = Settings()
    assert len(first.secret) >= 32
    assert Settings().secret == first.secret
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret"]


def test_the_secret_is_never_printed(monkeypatch):
    monkeypatch.setenv("CASTALIA_SECRET", "correct horse battery staple, again and again")
    assert "horse" not in repr(Settings())


def test_production_refuses_to_make_its_own_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("CASTALIA_ENVIRONMENT", "production")
    with pytest.raises(SettingMissing, match="set CASTALIA_SECRET"):
        Settings()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [("127.0.0.1", "8000", "http://127.0.0.1:8000"), ("::1", "81", "http://[::1]:81")],
)
def test_the_address_is_made_from_host_and_port(monkeypatch, host, port, address):
    monkeypatch.setenv("CASTALIA_HOST", host)
    monkeypatch.setenv("CASTALIA_PORT", port)
    assert Settings().base_url == address
    assert not Settings().serves_over_tls


def test_an_address_of_ones_own_is_kept(monkeypatch):
    monkeypatch.setenv("CASTALIA_BASE_URL", "https://delphi.example.org")
    assert Settings().base_url == "https://delphi.example.org"
    assert Settings().serves_over_tls


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CASTALIA_DATABASE_URL", "mysql://somewhere/castalia"),
        ("CASTALIA_PORT", "0"),
        ("CASTALIA_PORT", "eight thousand"),
        ("CASTALIA_BASE_URL", "delphi.example.org"),
        ("CASTALIA_BASE_URL", "https://delphi.example.org/"),
        ("CASTALIA_SECRET", "short"),
        ("CASTALIA_ENVIRONMENT", "staging"),
        ("CASTALIA_LOG_LEVEL", "loud"),
        ("CASTALIA_SESSION_HOURS", "0"),
        ("CASTALIA_SMTP_URL", "mail.example.org"),
        ("CASTALIA_SMTP_URL", "https://mail.example.org"),
        ("CASTALIA_SMTP_URL", "smtp://"),
        ("CASTALIA_SMTP_URL", "smtp://mail.example.org:many"),
        ("CASTALIA_SMTP_URL", "smtp://mail.example.org:99999"),
        ("CASTALIA_MAIL_FROM", "Castalia"),
        ("CASTALIA_MAIL_FROM", "ann@example.org, bob@example.org"),
        ("CASTALIA_MAIL_FROM", "Castalia <delphi@example.org>\r\nBcc: everybody@example.org"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError, match=variable.removeprefix("CASTALIA_").lower()):
        Settings()


def test_the_mail_servers_password_is_never_printed(monkeypatch):
    monkeypatch.setenv("CASTALIA_SMTP_URL", "smtps://team:correct-horse@mail.example.org")
    monkeypatch.setenv("CASTALIA_MAIL_FROM", "Castalia <delphi@example.org>")
    assert "horse" not in repr(Settings())


def test_a_variable_left_empty_counts_as_unset(monkeypatch):
    monkeypatch.setenv("CASTALIA_PORT", "")
    assert Settings().port == 8000


@pytest.mark.parametrize(
    "issuer", ["http://login.example.org", "login.example.org", "https://", "ftp://localhost", "http://["]
)
def test_a_provider_is_asked_over_tls_only_unless_it_is_on_this_machine(issuer):
    with pytest.raises(ValidationError):
        Settings(oidc_issuer=issuer)
    assert Settings(oidc_issuer="https://login.example.org/realms/x").oidc_issuer
    assert Settings(oidc_issuer="http://127.0.0.1:9000").oidc_issuer


def test_a_provider_is_there_once_all_three_settings_are():
    address, client = "https://login.example.org", "castalia"
    assert not Settings(oidc_issuer=address, oidc_client_id=client).has_provider
    assert Settings(
        oidc_issuer=address, oidc_client_id=client, oidc_client_secret=SecretStr("secret")
    ).has_provider
