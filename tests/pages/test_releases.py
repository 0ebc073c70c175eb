"""The page of a version: who signed it, what its files are, and that it can be read when nothing else can."""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.core.signatures import new_private_key, read_signer
from competency_api.formats import FORMATS
from competency_api.versions.service import publish_version, withdraw_version
from competency_api.versions.values import PublicationRequest
from tests.support.databases import settings_for
from tests.support.published import serving
from tests.support.states import ACTOR, drafted, published, second_state

BROWSER = {"Accept": "text/html"}


def test_a_version_says_who_signed_it_and_how_that_is_checked(sqlite_database: Database) -> None:
    published(sqlite_database)
    private = new_private_key()
    with sqlite_database.transaction() as session:
        drafted(session, second_state())
        publish_version(session, ACTOR, PublicationRequest(), signer=read_signer(private))
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        unsigned, signed = (client.get(f"/en/versions/{number}").text for number in ("1.0.0", "1.1.0"))
        guide = client.get("/en/guides/publish").text
    assert f"Signed with the key <code>{read_signer(private).key_id}</code>" in signed
    assert 'href="/.well-known/jwks.json"' in signed
    assert 'href="/en/guides/publish#sign"' in signed
    assert '<h2 id="sign">' in guide
    assert "This version is not signed." in unsigned
    assert 'href="/api/v1/versions/1.1.0/export/xlsx"' in signed


def test_every_download_has_the_digest_that_the_page_of_its_version_tells(starter: FlaskClient) -> None:
    page, sums = starter.get("/en/versions/2.0.0").text, starter.get("/en/versions/2.0.0/sha256sums.txt")
    assert sums.content_type == "text/plain; charset=utf-8"
    assert len(sums.text.splitlines()) == len(FORMATS)
    for item in FORMATS.values():
        file = starter.get(f"/api/v1/versions/2.0.0/export/{item.name}")
        digest = hashlib.sha256(file.data).hexdigest()
        assert digest in page
        name = file.headers["Content-Disposition"].split('"')[1]
        assert f"{digest}  {name}\n" in sums.text


def test_of_a_large_version_digests_are_told_to_those_who_ask(
    starter: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("competency_api.pages.content.downloads.MOST_CONCEPTS", 10)
    page = starter.get("/nl/versions/1.0.0").text
    assert "SHA-256</th>" not in page
    assert 'href="/nl/versions/1.0.0/sha256sums.txt"' in page


def test_a_version_that_alone_was_published_and_withdrawn_is_read_by_its_number(sqlite_database: Database) -> None:
    number = published(sqlite_database).number
    with sqlite_database.transaction() as session:
        withdraw_version(session, ACTOR, number, "A <b>mistake</b>.", None)
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        page, home = client.get("/de/versions/1.0.0/concepts/C001"), client.get("/de/", headers=BROWSER)
    assert "Version 1.0.0 wurde zurückgezogen." in page.text
    assert "A &lt;b&gt;mistake&lt;/b&gt;." in page.text
    assert (home.status_code, 'href="/de/versions/1.0.0"' in home.text) == (404, True)
