"""Comments on concepts over HTTP: seen by every curator, whatever proposal there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.curators import Curator, keys_of_two
from tests.support.keys import a_key, bearer
from tests.support.published import serving
from tests.support.states import published

COMMENTS = "/api/v1/draft/concepts/C001/comments"


@pytest.fixture
def two(database: Database) -> Iterator[tuple[Curator, Curator]]:
    published(database)
    keys = keys_of_two(database)
    with serving(Settings(database_url=database.settings.database_url)) as client:
        yield Curator(client, keys[0]), Curator(client, keys[1])


def test_what_one_partner_says_of_a_concept_the_other_reads(two: tuple[Curator, Curator]) -> None:
    one, other = two
    made = one.post(COMMENTS, {"text": "Asked for\nin every workshop."}, Idempotency_Key="a")
    assert made.status_code == 201
    assert one.post(COMMENTS, {"text": "Asked for\nin every workshop."}, Idempotency_Key="a").json == made.json
    other.post(COMMENTS, {"text": "Here too, <b>twice</b>."})
    first = other.get(f"{COMMENTS}?limit=1").json
    assert first["items"] == [made.json]
    assert (made.json["concept"], made.json["organisation"]) == ("C001", "valencia")
    assert [item["text"] for item in other.get(f"{COMMENTS}?cursor={first['next']}").json["items"]] == [
        "Here too, <b>twice</b>."
    ]
    page = other.get(COMMENTS.replace("/comments", ".html")).text
    assert 0 < page.index("Here too, &lt;b&gt;twice&lt;/b&gt;.") < page.index("Asked for")
    assert "Comments" not in other.get("/api/v1/draft/concepts/C002.html").text


def test_a_concept_that_is_not_there_is_not_commented_on(two: tuple[Curator, Curator]) -> None:
    one, _ = two
    for code in ("C999", "%00"):
        path = COMMENTS.replace("C001", code)
        assert one.get(path).status_code == one.post(path, {"text": "x"}).status_code == 404
    assert one.post(COMMENTS, {"text": " "}).status_code == 422


def test_who_does_not_curate_neither_reads_nor_writes_them(two: tuple[Curator, Curator], database: Database) -> None:
    one, _ = two
    key, _ = a_key(database, "read", organisation="porto")
    assert one.client.get(COMMENTS, headers=bearer(key)).status_code == 403
    assert one.client.get(COMMENTS).status_code == 401
