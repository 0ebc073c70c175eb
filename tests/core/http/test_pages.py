from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.errors import InvalidInput
from competency_api.core.http.pages import decode_cursor, encode_cursor, page_of
from tests.core.http.small import client

KEYS = st.lists(st.tuples(st.text(), st.integers(-(2**62), 2**62)), unique=True, max_size=40)


@given(KEYS, st.integers(1, 10), st.booleans())
def test_following_cursors_shows_every_entry_once_and_in_order(
    keys: list[tuple[str, int]], limit: int, descending: bool
) -> None:
    items = sorted(keys, reverse=descending)
    seen: list[tuple[str, int]] = []
    cursor = None
    for _page in range(len(items) + 1):
        page = page_of(items, lambda item: item, limit=limit, cursor=cursor, descending=descending)
        seen += page.items
        assert page.total == len(items)
        cursor = page.next
        if cursor is None:
            break
    assert seen == items


def test_a_page_goes_on_where_an_entry_was_that_has_gone() -> None:
    cursor = page_of(["a", "b", "c", "d"], str, limit=2).next
    assert page_of(["a", "c", "d"], str, limit=2, cursor=cursor).items == ["c", "d"]


@given(st.text(max_size=50))
def test_no_text_but_a_cursor_is_taken_for_one(text: str) -> None:
    try:
        key = decode_cursor(text, "")
    except InvalidInput:
        return
    assert encode_cursor(key) == text


@pytest.mark.parametrize("key", [7, None, True, ["a"], {"a": 1}, ["a", "b"], ["a", True], ["a", 2**70], "\ud800"])
def test_a_cursor_of_another_list_is_refused(key: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    with pytest.raises(InvalidInput):
        decode_cursor(cursor, ("a", 1))


def test_the_link_leads_to_the_next_page_and_keeps_the_rest_of_the_query() -> None:
    first = client().get("/things?limit=50&fields=code")
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    second = client().get(link[1 : link.index(">")])
    assert second.get_json()["items"][0] == {"code": "C051"}
    assert f"cursor={first.get_json()['next']}" in link


def test_the_last_page_and_the_whole_list_have_no_next() -> None:
    whole = client().get("/things?limit=all")
    assert len(whole.get_json()["items"]) == 120
    assert whole.get_json()["next"] is None
    assert "Link" not in whole.headers
