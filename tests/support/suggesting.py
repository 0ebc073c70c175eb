"""Providers whose courses get suggestions, for tests: one small version whose labels are words of courses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.suggestions.lists.worker import KIND
from competency_api.jobs import worker as jobs
from competency_api.operations.worker import HANDLERS
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy, edited, labels
from tests.support.courses import a_provider, put_course
from tests.support.keys import a_key, an_administrator, bearer
from tests.support.published import serving
from tests.support.states import published

NAMES = {
    "C001": ("Evaluate tenders", "Evaluar ofertas"),
    "C002": ("Manage contracts", "Gestionar contratos"),
    "T001": ("Cloud computing", "Computación en la nube"),
    "P001": ("Location data", "Datos de localización"),
    "Q001": ("Competitive dialogue", "Diálogo competitivo"),
}
TEXT = "You learn to evaluate tenders after a competitive dialogue.\nPrerequisites: cloud computing."
#: Much of the same, so that what was accepted for one counts for the other.
ALIKE = "Learn how to evaluate tenders that come after a competitive dialogue with suppliers."


def named() -> Taxonomy:
    state = a_taxonomy()
    for code, (english, spanish) in NAMES.items():
        state = edited(state, code, labels={"en": labels(english), "es": labels(spanish)})
    return state


class Asking:
    """A client with the key of one provider."""

    def __init__(self, client: FlaskClient, key: str, provider: str) -> None:
        self.client, self.key, self.base = client, key, f"/api/v1/providers/{provider}"
        self.provider = provider

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        fields = options.pop("fields", {})
        address = path if path.startswith("/") else f"{self.base}/{path}"
        answer = self.client.open(address, method=method, headers=bearer(self.key, **fields), **options)
        assert answer.status_code == status, answer.text
        return answer

    def course(self, external_id: str = "SC-1", text: str = TEXT, **members: Any) -> None:
        put_course(self.client, self.key, external_id, self.provider, description={"en": text}, **members)

    def suggested(self, external_id: str = "SC-1", query: str = "") -> dict[str, Any]:
        found = self.ask("GET", f"courses/{external_id}/mappings/suggestions?{query}").get_json()
        return {item["code"]: item for item in found["items"]}

    def decide(self, *items: dict[str, Any], external_id: str = "SC-1", status: int = 201, **options: Any) -> Any:
        body = {"version": "1.0.0", "items": list(items)}
        return self.ask(
            "POST", f"courses/{external_id}/mappings/suggestions/decisions", status, json=body, **options
        ).get_json()

    def mappings(self, external_id: str = "SC-1") -> dict[str, Any]:
        items = self.ask("GET", f"courses/{external_id}/mappings").get_json()["items"]
        return {item["concept"]: item for item in items}

    def listed(self, **asked: Any) -> Any:
        """A list for the catalogue, made."""
        location = self.ask("POST", "suggestions", 202, json=asked).headers["Location"]
        database = self.client.application.extensions["competency-api"].database
        jobs.Worker(database, database.settings, HANDLERS).run_once()
        job = self.ask("GET", location).get_json()
        assert (job["kind"], job["state"]) == (KIND, "done"), job
        return job["result"]

    def items(self, made: Any, query: str = "") -> list[Any]:
        found: list[Any] = self.ask("GET", f"{made['links']['items']}?{query}").get_json()["items"]
        return found


def accept(concept: str, **members: Any) -> dict[str, Any]:
    return {"concept": concept, "verdict": "accept", **members}


def reject(concept: str) -> dict[str, Any]:
    return {"concept": concept, "verdict": "reject"}


@contextmanager
def asking(database: Database) -> Iterator[tuple[Asking, Asking]]:
    """The providers `gov` and `porto` over one version."""
    published(database, named(), title="First")
    an_administrator(database)
    keys = {}
    for code in ("gov", "porto"):
        a_provider(database, code)
        keys[code] = a_key(database, "courses", "read", organisation=code)[0]
    with serving(database.settings) as client:
        yield Asking(client, keys["gov"], "gov"), Asking(client, keys["porto"], "porto")
