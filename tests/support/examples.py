"""The examples in the description of the API: which requests they are, and how their answers are written anew.

``python -m tests.support.examples`` asks the starter taxonomy of the checkout again and writes every file.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.support.published import serving_starter
from tests.support.sources import PACKAGE, ROOT

V = "/api/v1/versions"

#: Feature, operationId, path, and body for a POST.
REQUESTS: tuple[tuple[str, str, str, Any], ...] = (
    ("operations", "discover", "/api/v1", None),
    ("catalogue", "list_versions", f"{V}?limit=1", None),
    ("catalogue", "read_version", f"{V}/2.0.0", None),
    ("catalogue", "read_changes", f"{V}/1.0.0/changes/2.0.0?code=T003&lang=es", None),
    ("catalogue", "read_quality", f"{V}/2.0.0/quality?limit=1", None),
    (
        "concepts",
        "list_concepts",
        f"{V}/2.0.0/concepts?expected_by=R001&level=1&lang=es&limit=2&fields=code,labels.preferred,relations.part_of",
        None,
    ),
    (
        "concepts",
        "read_concept",
        f"{V}/2.0.0/concepts/P002?fields=code,labels,status,retirement,first_version,retired_in",
        None,
    ),
    ("search", "search_concepts", f"{V}/2.0.0/search?q=TCO&lang=en&limit=2", None),
    ("search", "suggest_concepts", f"{V}/2.0.0/suggest?q=dialogo&lang=en&q_lang=es&limit=2", None),
    (
        "matching",
        "match_course",
        f"{V}/2.0.0/match?lang=en",
        {
            "title": "Introduction to procuring smart city solutions",
            "description": "You learn to run a competitive dialogue and to specify open interfaces.\n"
            "Prerequisites: basic knowledge of data protection law.",
            "limit": 3,
        },
    ),
    ("embeds", "read_embed", "/embed/v1/2.0.0/table/data?kind=technology&columns=code,maturity&lang=es&limit=2", None),
    ("embeds", "list_options", "/embed/v1/2.0.0/select/options?kind=profile&lang=es&limit=2", None),
    ("embeds", "read_oembed", "/oembed?url=http://127.0.0.1:8000/id/C017", None),
    ("concepts", "read_tree", f"{V}/2.0.0/tree?below=C002&depth=2&lang=es", None),
    ("concepts", "read_history", "/api/v1/concepts/P012", None),
    (
        "concepts",
        "convert_codes",
        "/api/v1/convert",
        {"from": "1.0.0", "to": "2.0.0", "items": ["B012", "P002", "T006", "C024"]},
    ),
    (
        "courses",
        "preview_migration",
        "/api/v1/migrations/preview?from=1.0.0&to=2.0.0&lang=en",
        [{"course": "SC-101", "concept": code, "relation": "teaches"} for code in ("P003", "P004", "C024")],
    ),
)


def asked(client: FlaskClient, operation: str, path: str, body: Any) -> dict[str, Any]:
    """The example of an operation as the application answers now."""
    method = "GET" if body is None else "POST"
    response = client.open(path, method=method, json=body)
    assert response.status_code == 200, f"{operation}: {response.text}"
    request = {"method": method, "path": path} | ({} if body is None else {"body": body})
    return {"request": request, "answer": response.get_json()}


def file_of(feature: str, operation: str) -> Path:
    return ROOT / PACKAGE / feature / "examples" / f"{operation}.json"


def write_all() -> None:
    with tempfile.TemporaryDirectory() as folder, serving_starter(Path(folder) / "starter.sqlite") as client:
        for feature, operation, path, body in REQUESTS:
            file = file_of(feature, operation)
            file.parent.mkdir(exist_ok=True)
            text = json.dumps(asked(client, operation, path, body), indent=2, ensure_ascii=False)
            file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_all()
