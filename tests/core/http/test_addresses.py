from __future__ import annotations

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from competency_api.core.http.addresses import client_of, network_of


def a_request(forwarded: str | None, address: str = "192.0.2.9") -> Request:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return Request(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": address}).get_environ())


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ("198.51.100.1", 0, "192.0.2.9"),
        (None, 1, "192.0.2.9"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.5, 198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.5, 198.51.100.1, 10.0.0.1", 2, "198.51.100.1"),
        ("198.51.100.1", 2, "192.0.2.9"),
        ("nonsense", 1, "unknown"),
        ("2001:db8:1:2:3::4", 1, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", 1, "198.51.100.1"),
    ],
)
def test_only_what_own_proxies_wrote_is_believed(forwarded: str | None, proxies: int, client: str) -> None:
    assert client_of(a_request(forwarded), proxies) == client


@given(st.text(st.characters(codec="ascii", exclude_characters=",\r\n\0"), max_size=30))
def test_what_a_client_writes_itself_never_changes_who_it_is(lie: str) -> None:
    assert client_of(a_request(f"{lie.strip()}, 198.51.100.1"), 1) == "198.51.100.1"


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_addresses_of_one_network_count_as_one(address: object, host: int) -> None:
    packed = int(address)  # type: ignore[call-overload]  # hypothesis types its addresses loosely
    other = type(address)((packed >> 64 << 64) | host)  # type: ignore[call-arg]  # the same
    mapped = {getattr(one, "ipv4_mapped", None) for one in (address, other)}
    assert network_of(str(address)) == network_of(str(other)) or mapped != {None}
