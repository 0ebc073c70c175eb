"""The indexes of the newest version are there before anybody asks."""

from __future__ import annotations

import threading

import pytest

from competency_api.catalogue.serving import Publications
from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.core.errors import NotFound
from competency_api.matching import matcher, preparation
from competency_api.matching.matcher import Matcher
from competency_api.matching.preparation import Preparation
from competency_api.matching.values import MatchQuery
from competency_api.search.index import SearchIndex
from competency_api.taxonomy.concept import Labels
from tests.factories import a_taxonomy, edited
from tests.support.states import published

WORDS = MatchQuery(description="Name", language="en")


def publications_of(database: Database) -> Publications:
    return Publications(VersionStore(database, max_bytes=2**24, refresh_seconds=0))


def ready(publications: Publications, monkeypatch: pytest.MonkeyPatch, language: str, text: str) -> list[str]:
    """What is matched by what was built before."""
    found = publications.get("latest")
    with monkeypatch.context() as patched:
        patched.setattr(matcher, "LabelIndex", None)
        patched.setattr(SearchIndex, "__init__", None)
        publications.beside(found, SearchIndex)
        result = publications.beside(found, Matcher).match(MatchQuery(description=text, language=language))
    return [match.code for match in result.matches]


def test_what_is_prepared_is_built_for_nobody_again(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    publications = publications_of(sqlite_database)
    prepared = Preparation(publications, ("es", "nl"))
    with pytest.raises(NotFound):
        prepared.prepare()
    published(sqlite_database, a_taxonomy())
    prepared.prepare()
    for language in publications.get("latest").taxonomy.languages:
        assert ready(publications, monkeypatch, language, "nothing like it") == []
    published(sqlite_database, edited(a_taxonomy(), "C001", labels={"en": Labels(preferred="Glaciology")}))
    prepared.prepare()
    assert ready(publications, monkeypatch, "en", "Glaciology for all") == ["C001"]


def test_its_thread_makes_them_and_is_gone_when_the_application_ends(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(sqlite_database, a_taxonomy())
    began, go_on = threading.Event(), threading.Event()

    def slowly(self: Matcher, language: str) -> None:
        began.set()
        go_on.wait(60)

    monkeypatch.setattr(preparation, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(Matcher, "prepare", slowly)
    prepared = Preparation(publications_of(sqlite_database), ())
    prepared.start()
    assert began.wait(60)
    threading.Timer(0.05, go_on.set).start()
    prepared.close()
    assert "preparation" not in [thread.name for thread in threading.enumerate()]


def test_a_text_need_not_wait_for_the_index_of_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Matcher(a_taxonomy())
    asked.prepare("en")
    with monkeypatch.context() as patched:
        # while the Spanish one is being built, an English text is matched
        patched.setattr(matcher, "LabelIndex", lambda _taxonomy, _lexicon: asked.match(WORDS))
        patched.setattr(matcher, "Likeness", lambda index, _lexicon: index)
        asked.prepare("es")
    assert asked.match(WORDS).language == "en"
