"""The description of the API is current, valid, and true."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from competency_api.app import create_app
from competency_api.core.config import Settings
from competency_api.core.http import spec_dict, spec_json
from tests.support.examples import REQUESTS, asked, file_of
from tests.support.sources import ROOT

V = "/api/v1/versions"
GIVEN = ROOT / "openapi" / "openapi.json"

#: Paths, and the schema that describes their answer exactly, without members that it does not name.
ANSWERS = (
    ("/api/v1", "Discovery"),
    ("/healthz", "Health"),
    ("/readyz", "Readiness"),
    (V, "VersionSummaryPage"),
    (f"{V}/2.0.0", "Version"),
    (f"{V}/1.0.0/changes/2.0.0?limit=all", "Difference"),
    (f"{V}/2.0.0/changes/1.0.0?limit=all&lang=es", "Difference"),
    (f"{V}/2.0.0/quality?limit=all", "Quality"),
    (f"{V}/1.0.0/concepts?limit=all&status=active,retired", "ConceptPage"),
    (f"{V}/2.0.0/concepts?limit=all&status=active,retired&codes=P002,C001,C999", "ConceptPage"),
    (f"{V}/2.0.0/concepts?limit=all&status=active,retired&lang=pt", "SpokenConceptPage"),
    (f"{V}/2.0.0/concepts/P002", "ConceptInVersion"),
    (f"{V}/2.0.0/concepts/P002?lang=es", "SpokenConceptInVersion"),
    (f"{V}/2.0.0/tree", "Tree"),
    (f"{V}/2.0.0/tree?lang=es", "Tree"),
    (f"{V}/2.0.0/search?q=data+protecton&limit=100", "Hits"),
    (f"{V}/2.0.0/search?q=P002+TCO&lang=es&facets=false", "Hits"),
    (f"{V}/2.0.0/suggest?q=p&limit=50", "Suggestions"),
    (f"{V}/2.0.0/suggest?q=whole-life&lang=es", "Suggestions"),
    ("/embed/v1/1/table/data?kind=competency&columns=code,definition,phases&lang=es", "Embed"),
    ("/embed/v1/2/tree/data?kind=competency", "Embed"),
    ("/embed/v1/2/profile/data?code=R001", "Embed"),
    ("/embed/v1/2/concept/data?code=P002", "Embed"),
    ("/oembed?url=http://127.0.0.1:8000/id/C017", "Oembed"),
    ("/api/v1/concepts/C024", "History"),
    ("/api/v1/concepts/C024?lang=es", "History"),
    (f"{V}/2.0.0/concepts?kind=nothing", "Problem"),
)
#: Answers that are about the moment, about those who use a deployment, or are no JSON.
WITHOUT_EXAMPLE = {
    "list_events",
    "list_my_events",
    *("list_webhooks", "create_webhook", "read_webhook", "change_webhook", "delete_webhook", "rotate_webhook_secret"),
    *("ping_webhook", "list_deliveries", "read_delivery", "redeliver"),
    *("read_coverage", "read_provider_coverage", "compare_provider_coverage"),
    *(f"{verb}_migration" for verb in ("create", "read", "decide", "apply")),
    *("list_migrations", "list_migration_mappings", "send_migration_decisions"),
    "read_me",
    *(f"{verb}_organisation" for verb in ("create", "read", "change")),
    *(f"{verb}_person" for verb in ("create", "read", "change")),
    *(f"{verb}_key" for verb in ("create", "read", "rotate", "revoke")),
    *(f"list_{things}" for things in ("organisations", "people", "keys", "audit")),
    # proposals and the draft are what the people of a deployment make of it
    *(f"{verb}_proposal" for verb in ("create", "read", "change", "rebase")),
    *(f"{verb}_proposal" for verb in ("submit", "withdraw", "reject", "accept")),
    *("list_proposals", "request_changes", "list_comments", "create_comment"),
    *("list_concept_comments", "create_concept_comment"),
    # what a workshop came to
    *("list_conclusions_of_workshop", "read_conclusion", "put_conclusion", "read_report_text", "put_report_text"),
    *("read_workshop_report", "export_workshop", "propose_from_workshop", "list_workshops_of_concept"),
    *("import_file", "list_changes", "add_changes", "replace_change", "remove_change"),
    *(f"read_proposal_{part}" for part in ("difference", "quality", "impact", "conflicts")),
    *(f"read_draft{part}" for part in ("", "_concept", "_tree", "_changes", "_quality", "_impact")),
    *("list_draft_concepts", "search_draft", "suggest_draft", "export_draft"),
    "publish_version",
    "withdraw_version",
    "list_signing_keys",
    # what providers have written
    *(f"{verb}_provider" for verb in ("read", "change")),
    *(f"{verb}_provider_course" for verb in ("read", "put", "delete")),
    *("list_provider_courses", "list_mappings", "put_mappings", "add_mapping", "list_mapping_history"),
    *("import_catalogue", "export_catalogue", "list_courses", "read_course", "list_courses_of_concept"),
    *("list_jobs", "read_job"),
    *("suggest_mappings", "decide_suggestions", "list_suggestion_decisions"),
    *("suggest_catalogue", "list_suggestion_lists", "read_suggestion_list", "list_suggestions"),
    *("decide_listed_suggestions", "send_suggestion_decisions"),
    # what is held with a deployment
    "list_workshops",
    *(f"{verb}_workshop" for verb in ("create", "read", "change", "delete", "open", "close", "report")),
    *("list_rounds", "put_round", "delete_round", "create_table_key"),
    *("list_tables", "create_table", "read_table", "change_table", "delete_table"),
    *("list_topics", *(f"{verb}_topic" for verb in ("create", "read", "change", "delete", "open", "close"))),
    *("list_topic_options", "add_topic_options", "delete_topic_option"),
    *("join_workshop", "read_participant", "change_participant", "put_ballot", "read_ballot", "count_ballots"),
    *("read_results", "read_topic_result", "watch_workshop"),
    *("list_needs", "create_need", "merge_need", "release_need", "decline_need"),
    "read_health",
    "read_readiness",
    "read_metrics",
    "read_security_text",
    "export_version",
    "read_embed_table",
    "find_concept",
}


@cache
def spec() -> dict[str, Any]:
    return spec_dict(create_app(Settings()))


def operations() -> dict[str, dict[str, Any]]:
    found = [item for path in spec()["paths"].values() for item in path.values() if isinstance(item, dict)]
    return {operation["operationId"]: operation for operation in found}


def closed(schema: Any) -> Any:
    """The schema without openness: what it does not name must not be there."""
    if isinstance(schema, dict):
        found = {name: closed(below) for name, below in schema.items()}
        return found | {"additionalProperties": False} if found.get("additionalProperties") is True else found
    return [closed(below) for below in schema] if isinstance(schema, list) else schema


def test_the_committed_description_is_current() -> None:
    assert GIVEN.read_text("utf-8") == spec_json(create_app(Settings())), "write it anew: make openapi"


def test_it_is_valid() -> None:
    assert [
        error.message for error in OpenAPIV31SpecValidator(json.loads(GIVEN.read_text("utf-8"))).iter_errors()
    ] == []


def test_every_operation_says_what_it_is_and_which_problems_it_answers() -> None:
    for name, operation in operations().items():
        assert operation["summary"], name
        assert operation["tags"], name
        assert {"422", "default"} <= set(operation["responses"]), name
        assert all(parameter.get("description") for parameter in operation.get("parameters", ())), name


def test_every_json_answer_has_an_example() -> None:
    assert set(operations()) - {operation for _, operation, _, _ in REQUESTS} == WITHOUT_EXAMPLE


@pytest.mark.parametrize(("feature", "operation", "path", "body"), REQUESTS, ids=[row[1] for row in REQUESTS])
def test_examples_are_what_the_starter_answers(
    starter: FlaskClient, feature: str, operation: str, path: str, body: Any
) -> None:
    given = json.loads(file_of(feature, operation).read_text("utf-8"))
    assert asked(starter, operation, path, body) == given, "write them anew: python -m tests.support.examples"


@pytest.mark.parametrize(("path", "name"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_answers_are_exactly_as_described(starter: FlaskClient, path: str, name: str) -> None:
    document = deepcopy(spec())
    schema = {"$ref": f"#/components/schemas/{name}", "components": closed(document["components"])}
    faults = [
        f"{error.json_path}: {error.message[:300]}"
        for error in Draft202012Validator(schema).iter_errors(starter.get(path).get_json())
    ]
    assert faults == []
