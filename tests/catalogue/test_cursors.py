"""A cursor goes on in the list that it is of, and nowhere else."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import edited
from tests.support.published import FORMER, serving_two_versions
from tests.support.states import published, second_state

V = "/api/v1/versions"


def third_state() -> Taxonomy:
    """A new label that comes first, so that pages of another version would not fit together."""
    state = edited(second_state(), "T001", former_codes=(FORMER,))
    return edited(state, "C003", labels={**state["C003"].labels, "en": Labels(preferred="Aaa")})


def next_of(client: FlaskClient, address: str) -> str:
    """The cursor of the page behind this one."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    return str(response.get_json()["next"])


def with_cursor(address: str, cursor: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'cursor': cursor})}"


OTHERS = [
    ("1.0.0/concepts?limit=1", "1.1.0/concepts?limit=1"),
    ("1.1.0/concepts?limit=1", "latest/changes/1.0.0?limit=1"),
    ("1.0.0/concepts?limit=1", "1.0.0/quality?limit=1"),
    ("1.0.0/concepts?limit=1", "1.0.0/concepts?limit=1&kind=competency"),
    ("1.0.0/concepts?limit=1&kind=competency", "1.0.0/concepts?limit=1&kind=competency,profile"),
    ("1.0.0/concepts?limit=1", "1.0.0/concepts?limit=1&status=active,retired"),
    ("1.0.0/concepts?limit=1&sort=label", "1.0.0/concepts?limit=1"),
    ("1.0.0/concepts?limit=1&sort=label&lang=es", "1.0.0/concepts?limit=1&sort=label&lang=en"),
    ("1.0.0/concepts?limit=1&sort=label&lang=es", "1.0.0/concepts?limit=1&sort=label"),
    ("1.0.0/changes/1.1.0?limit=1", "1.1.0/changes/1.0.0?limit=1"),
    ("1.0.0/changes/1.1.0?limit=1", "1.0.0/changes/1.1.0?limit=1&kind=competency"),
    ("1.0.0/changes/1.1.0?limit=1", "?limit=1"),
    ("1.0.0/search?q=competency&limit=1", "1.1.0/search?q=competency&limit=1"),
    ("1.0.0/search?q=competency&limit=1", "1.0.0/search?q=competencia&limit=1"),
    ("1.0.0/search?q=competency&limit=1", "1.0.0/search?q=competency&limit=1&kind=competency"),
    ("1.0.0/search?q=competency&limit=1&lang=en", "1.0.0/search?q=competency&limit=1&lang=es"),
    ("1.0.0/search?q=competency&limit=1&q_lang=en", "1.0.0/search?q=competency&limit=1"),
    ("1.0.0/search?q=competency&limit=1", "1.0.0/concepts?limit=1"),
    ("1.0.0/concepts?limit=1", "1.0.0/search?q=competency&limit=1"),
    ("?limit=1", "1.0.0/concepts?limit=1"),
]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_a_cursor_of_another_list_is_refused_with_the_remedy(two_versions: FlaskClient, one: str, other: str) -> None:
    cursor = next_of(two_versions, f"{V}/{one}".replace("/?", "?"))
    response = two_versions.get(with_cursor(f"{V}/{other}".replace("/?", "?"), cursor))
    assert response.status_code == 422, response.text
    [error] = response.get_json()["errors"]
    assert error["parameter"] == "cursor"
    assert "another list" in error["detail"]
    assert "leave the cursor out" in error["detail"].lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("latest/concepts?limit=1", "latest/concepts?limit=7"),
        ("latest/concepts?limit=1", "latest/concepts?limit=1&fields=code&include=requires"),
        ("1.0.0/concepts?limit=1&kind=competency,profile", "1.0.0/concepts?limit=1&kind=profile,competency"),
        ("1/concepts?limit=1", "1.1.0/concepts?limit=1"),
        ("latest/search?q=competency&limit=1", "1.1.0/search?q=competency&limit=2&facets=false"),
        ("1.0.0/search?q=competency&limit=1&status=active,retired", "1.0.0/search?q=competency&status=retired,active"),
        ("latest/changes/1.0.0?limit=1", "1.1/changes/1.0.0?limit=2"),
    ],
)
def test_what_does_not_make_the_list_may_change_between_pages(two_versions: FlaskClient, one: str, other: str) -> None:
    assert two_versions.get(with_cursor(f"{V}/{other}", next_of(two_versions, f"{V}/{one}"))).status_code == 200


def test_a_cursor_follows_the_language_of_the_browser(two_versions: FlaskClient) -> None:
    address = f"{V}/1.0.0/concepts?limit=1&sort=label&lang=auto"
    cursor = two_versions.get(address, headers={"Accept-Language": "es"}).get_json()["next"]
    same, other = (
        two_versions.get(with_cursor(address, cursor), headers={"Accept-Language": tag}).status_code
        for tag in ("es", "en")
    )
    assert (same, other) == (200, 422)


@pytest.mark.parametrize("name", ["latest", "1", "2999-01-01"])
@pytest.mark.parametrize(
    "list_",
    ["{}/concepts?limit=4", "1.0.0/changes/{}?limit=1", "{}/quality?limit=1", "{}/search?q=competency&limit=1"],
)
def test_pages_of_an_alias_go_on_in_their_version_when_a_new_one_is_published(
    sqlite_database: Database, name: str, list_: str
) -> None:
    with serving_two_versions(sqlite_database, latest_refresh_seconds=0) as client:
        address = f"{V}/{list_.format(name)}"
        exact = f"{V}/{list_.format('1.1.0')}"
        seen: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page: Any = client.get(with_cursor(address, cursor) if cursor else address).get_json()
            if not cursor:
                published(sqlite_database, third_state())
                assert client.get(f"{V}/latest").get_json()["version"] != "1.1.0"
            seen += page["items"]
            cursor = page["next"]
        assert page.get("version", page.get("to")) == "1.1.0"
        assert seen == client.get(re.sub("limit=.", "limit=100", exact)).get_json()["items"]


def test_a_page_of_an_alias_says_which_exact_version_it_is_of(sqlite_database: Database) -> None:
    with serving_two_versions(sqlite_database, latest_refresh_seconds=0) as client:
        cursor = next_of(client, f"{V}/latest/concepts?limit=1")
        published(sqlite_database, third_state())
        response = client.get(with_cursor(f"{V}/latest/concepts?limit=1", cursor))
        assert response.headers["Content-Location"].startswith(f"{V}/1.1.0/concepts?")


@pytest.mark.parametrize(
    "cursor", ["x", "1.1.0~0123456789~IkMwMDEi", "9.9.9~0123456789~IkMwMDEi", "~~", "1.1.0~1.1.0~0123456789~x"]
)
def test_a_made_up_cursor_is_refused(two_versions: FlaskClient, cursor: str) -> None:
    response = two_versions.get(with_cursor(f"{V}/1.1.0/concepts", cursor))
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["parameter"] == "cursor"
