from __future__ import annotations

from flask.testing import FlaskClient

from competency_api.concepts.filters import FILTERS
from competency_api.core.config import Settings
from competency_api.operations.discovery import discovery
from competency_api.taxonomy.kinds import KINDS, RELATIONS


def test_the_root_tells_everything_that_a_client_needs_to_know(starter: FlaskClient) -> None:
    found = starter.get("/api/v1").get_json()
    assert found["versions"] == {**found["versions"], "latest": "2.0.0", "published": ["2.0.0", "1.0.0"]}
    assert [kind["name"] for kind in found["kinds"]] == list(KINDS)
    assert [relation["name"] for relation in found["relations"]] == list(RELATIONS)
    assert [level["eqf"] for level in found["levels"]] == [[3, 4], [5, 6], [7], [8]]
    assert set(found["filters"]) == set(FILTERS)
    assert {"en", "es"} <= set(found["languages"]["available"])
    assert any("783412" in line for line in found["acknowledgements"])


def test_every_link_leads_somewhere(starter: FlaskClient) -> None:
    links = starter.get("/api/v1").get_json()["links"]
    answered = {}
    for name, path in links.items():
        with starter.open(path, method="POST" if name == "convert" else "GET") as response:
            answered[name] = response.status_code
    # what is asked without a question is a wrong question; without a contact there is no security.txt; what people
    # read is in their language
    assert {name: status for name, status in answered.items() if status != 200} == {
        "convert": 415,
        "search": 422,
        "suggest": 422,
        "security": 404,
        **dict.fromkeys(("problems", "reference", "rules"), 303),
    }


def test_the_declared_fallback_is_the_deployments() -> None:
    document = discovery(Settings.from_env({"LANGUAGE_FALLBACK": "es"}), [])
    assert document["languages"]["fallback"] == ["es", "en"]
    assert document["versions"]["latest"] is None
