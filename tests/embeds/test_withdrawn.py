from __future__ import annotations

import dataclasses
import datetime as dt

import msgspec
from flask.testing import FlaskClient

from competency_api.catalogue.serving import Publications
from competency_api.core.http import find_service
from competency_api.embeds.document import Asked, Teller
from competency_api.embeds.views import VIEWS
from competency_api.embeds.words import words_of
from competency_api.taxonomy.speaking import OneLanguage
from competency_api.versions.values import Withdrawal


def test_a_version_that_was_withdrawn_is_shown_and_says_so(starter: FlaskClient) -> None:
    publications = find_service(starter.application, Publications)
    assert publications is not None
    found = publications.get("1.0.0")
    withdrawal = Withdrawal(reason="A mistake.", at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC), by="Eva", use=None)
    gone = dataclasses.replace(found, version=msgspec.structs.replace(found.version, withdrawal=withdrawal))
    teller = Teller(gone, publications.newest(), OneLanguage(("fr",), ("en",)), "fr", words_of("fr"), "")
    document = teller.document(Asked(VIEWS["list"], {"kind": ("profile",)}))
    assert document["notes"][0] == "Cette version a été retirée par son éditeur."
    assert document["items"]
