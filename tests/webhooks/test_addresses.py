"""What a webhook may call."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.webhooks.delivery.addresses import NotAllowed, checked_address, is_public, target_of

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
PUBLIC = ["8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"]
NOT_PUBLIC = [
    *(
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.88.99.1",
    ),
    *(
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "0.1.2.3",
    ),
    *("::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::"),
    *("2002:a9fe:a9fe::", "2001:0:7f00:1::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "2001:db8::1", "ff02::1"),
    *("ff0e::1", "100::1", "3fff::1", "5f00::1", "192.0.0.9", "2001:0:0:0:0:0:80ff:fffe"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_others_are_not_however_they_are_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_by_itself(inner: ipaddress.IPv4Address) -> None:
    for outer in (f"::ffff:{inner}", str(ipaddress.IPv6Address((0x64FF9B << 96) | int(inner)))):
        assert is_public(ipaddress.ip_address(outer)) is is_public(inner)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/", "https"),
        ("ftp://example.org/", "https"),
        ("https://127.0.0.1/", "public"),
        ("https://[::1]/", "public"),
        ("https://169.254.169.254/latest/meta-data", "public"),
        ("https://user:password@example.org/", "user"),
        ("https://@example.org/", "user"),
        ("https://example.org/#part", "fragment"),
        ("https://example.org:22/", "port"),
        ("https://example.org:99999/", "no address"),
        ("https://①②⑦.0.0.1/", "ASCII"),
        ("https://exa mple.org/", "ASCII"),
        ("https://example.org/\r\nX: y", "ASCII"),
        ("https://example..org/", "host"),
        ("https:///path", "host"),
        ("https://[::1", "no address"),
        ("https://example.org/" + "a" * 2000, "2000"),
    ],
)
def test_an_address_that_can_never_be_called_is_refused_with_what_is_right(url: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        target_of(url)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://Hooks.Example.org:8443/a/b?c=d")
    assert (target.host, target.port, target.path) == ("hooks.example.org", 8443, "/a/b?c=d")
    assert target.authority == "hooks.example.org:8443"
    assert target_of("https://example.org").authority == "example.org"
    assert target_of("http://[::1]:8000/", (ipaddress.ip_network("::1/128"),)).authority == "[::1]:8000"


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f.1", "2130706433", "017700000001", "0", "nowhere.invalid", "127.0.0.1"]
)
def test_a_name_is_judged_by_where_it_leads(host: str) -> None:
    with pytest.raises(NotAllowed, match="public address"):
        checked_address(target_of(f"https://{host}/"), ())


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_given: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, 0, 0, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(NotAllowed, match="public address"):
        checked_address(target_of("https://example.org/"), ())


def test_a_deployment_may_allow_networks_of_its_own() -> None:
    assert checked_address(target_of("http://127.0.0.1:8000/", LOOPBACK), LOOPBACK) == "127.0.0.1"
    with pytest.raises(NotAllowed, match="public"):
        target_of("http://10.0.0.1/", LOOPBACK)
