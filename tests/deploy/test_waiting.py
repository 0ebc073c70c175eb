"""What shows only after a while: answers that expire, and clients that are slow."""

from __future__ import annotations

import re
import ssl
import time
import urllib.request

import pytest

from tests.support.nginx import Answer, Site, half_a_body, half_a_header

ALIAS = "/api/v1/versions/latest/concepts?limit=3"
DISCOVERY = "/api/v1"
#: More than max-age of what depends on the newest version, and than nginx waits for slow clients: both are 10,
#: and nginx counts whole seconds.
SECONDS = 11.2

pytestmark = pytest.mark.slow


def not_modified(site: Site) -> dict[str, float]:
    """How often the service answered 304, by route."""
    with urllib.request.urlopen(f"http://127.0.0.1:{site.service}/metrics", timeout=10) as response:
        rows = re.findall(r'^http_requests_total\{.*route="(.*)",status="304"\} (.*)$', response.read().decode(), re.M)
    return {route: float(count) for route, count in rows}


def has_ended(connection: ssl.SSLSocket) -> bool:
    connection.settimeout(30)
    try:
        return connection.recv(1000) == b""
    except TimeoutError:
        return False
    except OSError:  # reset
        return True


def made_fresh_by_its_etag(site: Site, first: Answer) -> bool:
    """An expired answer is asked for with its ETag; the service says 304, and it is fresh again."""
    before = not_modified(site).get(DISCOVERY, 0)
    expired, fresh = (site.ask(DISCOVERY, Accept_Encoding="gzip") for _ in range(2))
    assert (expired.cache, fresh.cache) == ("REVALIDATED", "HIT")
    assert not_modified(site)[DISCOVERY] == before + 1
    return expired.body == fresh.body == first.body


def served_stale_while_made_fresh(site: Site, first: Answer) -> bool:
    """An alias may be old while nginx asks anew, so that nobody waits for that."""
    assert "stale-while-revalidate" in first.fields["Cache-Control"]
    expired = site.ask(ALIAS, Accept_Encoding="gzip")
    fresh = site.ask(ALIAS, Accept_Encoding="gzip")
    while fresh.cache in ("STALE", "UPDATING"):
        time.sleep(0.05)
        fresh = site.ask(ALIAS, Accept_Encoding="gzip")
    assert (expired.cache, fresh.cache) == ("STALE", "HIT")
    assert not_modified(site)["/api/v1/versions/<version>/concepts"] >= 1
    return expired.body == fresh.body == first.body


# One test, since each part would have to wait as long by itself.
def test_in_time_answers_are_made_fresh_as_they_say_and_slow_clients_are_given_up(site: Site) -> None:
    alias, discovery = (site.ask(path, Accept_Encoding="gzip") for path in (ALIAS, DISCOVERY))
    with half_a_header(site, "127.0.0.2") as header, half_a_body(site, "127.0.0.2") as body:
        time.sleep(SECONDS)
        assert served_stale_while_made_fresh(site, alias)
        assert made_fresh_by_its_etag(site, discovery)
        assert [has_ended(connection) for connection in (header, body)] == [True, True]
