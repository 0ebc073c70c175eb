from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from competency_api.core import pages
from competency_api.core.config import Settings, variable
from competency_api.core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_env({})
    assert settings == Settings()
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == "sqlite:///var/competency.sqlite"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_env(dict.fromkeys(map(variable, dataclasses.fields(Settings)), " ")) == Settings()


def test_values_are_read_in_their_types() -> None:
    settings = Settings.from_env(
        {
            "PORT": "9000",
            "LANGUAGE_FALLBACK": "es, pt_br",
            "CORS_ORIGINS": "https://a.example, http://b.example:81",
            "LATEST_REFRESH_SECONDS": "0.5",
            "PUBLIC_BASE_URL": "https://skills.example.org/",
            "DATABASE_URL": "postgres://u:p@h/n",
        }
    )
    assert settings.port == 9000
    assert settings.fallback == ("es", "pt-BR", "en")
    assert settings.cors_origins == ("https://a.example", "http://b.example:81")
    assert settings.latest_refresh_seconds == 0.5
    assert settings.base_url == "https://skills.example.org"
    assert settings.database_url == "postgresql+psycopg://u:p@h/n"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("HOST", "a b", "127.0.0.1"),
        ("PORT", "70000", "1 to 65535"),
        ("PORT", "8_000", "1 to 65535"),
        ("WORKERS", "0", "1 to 256"),
        ("DATABASE_URL", "mysql://h/n", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite://", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///FILE"),
        ("DATABASE_READ_URL", "sqlite:///file", "postgresql://"),
        ("DATABASE_TIMEOUT_SECONDS", "nan", "0.1 to 600"),
        ("PUBLIC_BASE_URL", "ftp://x", "https://"),
        ("PUBLIC_BASE_URL", "https://x/?q=1", "https://"),
        ("PUBLIC_BASE_URL", "https://x.example/sub", "no path, since links and the field Location"),
        ("PUBLIC_BASE_URL", "https://x.example/sub/", "no path"),
        ("PUBLIC_BASE_URL", "https://me@x.example", "https://"),
        ("LANGUAGE_FALLBACK", "es,klingonese", "klingonese"),
        ("LOG_FORMAT", "xml", "json, console"),
        ("CORS_ORIGINS", "https://a.example/path", "https://example.org"),
        ("SECURITY_CONTACT", "me@example.org", "mailto:"),
    ],
)
def test_a_wrong_value_names_the_variable_the_value_and_what_is_right(name: str, value: str, right: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env({name: value})
    message = str(caught.value)
    assert name in message
    assert value in message
    assert right in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("::1", "http://[::1]:8000"),
        ("2001:DB8::1", "http://[2001:db8::1]:8000"),
        ("10.0.0.7", "http://10.0.0.7:8000"),
        ("city.example", "http://city.example:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::", "http://localhost:8000"),
    ],
)
def test_the_public_address_follows_the_host(host: str, base: str) -> None:
    settings = Settings.from_env({"HOST": host})
    assert settings.base_url == base
    assert settings.is_address_guessed == ("localhost" in base)
    named = Settings.from_env({"HOST": host, "PUBLIC_BASE_URL": "https://x.example/"})
    assert named.base_url == "https://x.example"
    assert not named.is_address_guessed


def test_passwords_are_never_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env({"DATABASE_URL": "mysql://user:hunter2@host/name"})
    assert "hunter2" not in str(caught.value)


def test_a_replica_of_an_sqlite_file_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no replica"):
        Settings.from_env({"DATABASE_READ_URL": "postgresql://h/n"})


@pytest.mark.parametrize("name", sorted(pages.PAGES))
def test_generated_pages_are_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == pages.PAGES[name]()


def test_pages_are_written_where_they_belong(tmp_path: Path) -> None:
    pages.write(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(pages.PAGES)
