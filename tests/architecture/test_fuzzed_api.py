"""The whole API against its own description, with requests that nobody would write by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.hypothesis import builder
from schemathesis.generation.hypothesis.reporting import ignore_hypothesis_output
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source

from competency_api.concepts.filters import FILTERS
from competency_api.core.http import find_service
from competency_api.formats import FORMATS
from competency_api.workshops.live.hub import Hub
from tests.support.campaigns import rounds, share
from tests.support.keys import bearer
from tests.support.published import serving_starter
from tests.support.sources import ROOT
from tests.support.workshops import EXAMPLE_TOKEN, TOKEN, the_room_of_examples

#: Parameters whose right values only the content knows: a description cannot say which codes, terms and cursors
#: there are, nor which subtags of languages are registered. Any other one that fits its description must be taken.
KNOWN_BY_CONTENT = {row.name for row in FILTERS.values() if row.takes != "choice"} | {
    *("below", "code", "codes", "courses", "discipline", "profile", "cursor", "fields", "lang", "level", "q_lang"),
    # members of bodies: who there is, what goes together, and what is still to come
    *("/organisation", "/person", "/role", "/scopes", "/expires_at", "/old_valid_until", "/url"),
    # filters of courses: who and what there is
    *("provider", "concept", "language"),
    # courses: which subtags of languages there are, and that nothing ends before it starts
    *("/title/*", "/description/*", "/population/*", "/languages/*", "/dates/*/ends"),
    # mappings: which concepts and versions there are, which of them have levels, and that none comes twice
    *("/concept", "/version", "/level", "/items/*/concept", "/items/*/version", "/items/*/level", "/items/*"),
    # whether it was used for another request
    "Idempotency-Key",
}
#: Of one change, what depends on the concepts that there are: codes, contents of a kind, tags of languages.
_CODE = r"code|codes/\d+|into(/\d+)?|(broader|part_of)/\d+|successors/\d+/code"
_IN_A_CHANGE = rf"/({_CODE}|seen|language|(concept|fields|texts)(/.*)?)"
_IN_A_WORKSHOP = r"/(time_zone|ends_at|languages/\d+)|/(title|purpose|place|agenda/\d+/title)(/.*)?"
_IN_A_TABLE = "/challenge|/facilitated_by"
_IN_A_TOPIC = r"/round|/question(/.*)?|/filters/.*|/options/\d+(/concept|/texts(/.*)?)?"
_PARTS = rf"/tables/\d+({_IN_A_TABLE})?|/topics/\d+({_IN_A_TOPIC})?"
#: Places in bodies of which the same is true, by operation.
PLACES_KNOWN_BY_CONTENT = {
    "create_proposal": rf"/changes/\d+{_IN_A_CHANGE}",
    "add_changes": rf"/changes/\d+{_IN_A_CHANGE}",
    "replace_change": rf"/change{_IN_A_CHANGE}",
    "create_comment": "/change|/reply_to",  # which changes and comments there are
    "rebase_proposal": "/decisions",  # which conflicts there are
    # which languages there are
    **dict.fromkeys(("match_course", "decide_suggestions", "suggest_catalogue"), "/language"),
    **dict.fromkeys(("import_file", "import_catalogue", "preview_migration"), ""),  # what a file holds
    # workshops: zones, persons, concepts and options that there are, what goes together, and which codes are taken
    # and what its parts may be refused for, each where it stands
    "create_workshop": rf"/code|{_IN_A_WORKSHOP}|/rounds/\d+/title/.*|{_PARTS}",
    "change_workshop": _IN_A_WORKSHOP,
    "put_round": "/title/.*",
    **dict.fromkeys(("create_table", "change_table"), _IN_A_TABLE),
    "create_topic": _IN_A_TOPIC,
    "change_topic": "/round|/question(/.*)?",
    "add_topic_options": r"/items/\d+(/concept|/texts(/.*)?)?",
    "put_ballot": r"/levels/\d+/\d+",
    "create_need": "/language",
    "merge_need": "|/option|/concept",
    # which languages there are
    **dict.fromkeys(("put_conclusion", "put_report_text"), "/text/.*"),
    # which topics and options a workshop has, and which languages there are
    "propose_from_workshop": r"/topic|/options/\d+|/profile/(labels|definition)/.*",
    "withdraw_version": "/use",  # a version to use instead must be there, and not be withdrawn itself
}
#: The first member of a list or of an object by language, whichever it is.
_MEMBER = re.compile("^(/[^/]+)/[^/]+")
_ACCEPTED = ["2xx", "3xx", "404", "406", "409", "412", "422", "428"]
#: Whose token it is, only the content knows: in a workshop that another request made, it is nobody's.
OF_PARTICIPANTS = ["read_participant", "change_participant", "read_ballot", "put_ballot", "create_need"]
CONFIG = {
    "seed": 20181212,
    # what 422 answers to a request that fits the description is looked at by refused_for_its_content
    "checks": {
        # 406: whatever follows a dot at the end of a path asks for a format
        "positive_data_acceptance": {"expected-statuses": _ACCEPTED},
        # conditions are left out of requests that fit, too; RFC 6585 says 428 to that
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "406", "415", "422", "428"]},
    },
    "operations": [
        {
            "include-operation-id": OF_PARTICIPANTS,
            "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "401"]}},
        },
        # every case of a parameter is tried with a version; the draft takes the same ones, by the same code
        {"include-path-regex": "/draft/", "phases": {"coverage": {"enabled": share() > 0}}},
    ],
}


#: What schemathesis notes of requests that it cannot make up.
UNTRIED = (
    builder.UnsatisfiableExampleMark,
    builder.NonSerializableMark,
    builder.UnserializablePayloadMark,
    builder.InvalidRegexMark,
    builder.InvalidHeadersExampleMark,
    builder.MissingPathParameters,
)


@schemathesis.serializer(FORMATS["ndjson"].media_type, FORMATS["xlsx"].media_type)
def as_it_is(_context: Any, value: Any) -> bytes:
    """Files are bytes already, or any value in their place."""
    found = getattr(value, "data", value)
    return found if isinstance(found, bytes) else str(found).encode("utf-8", "surrogatepass")


class Served:
    """Stands for the application while requests are made up; which one it is is known when the tests run."""

    application: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.application(environ, start_response)


SERVED = Served()
SCHEMA = schemathesis.openapi.from_dict(
    json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8")), config=SchemathesisConfig.from_dict(CONFIG)
)
SCHEMA.app = SERVED
LABELS = [result.ok().label for result in SCHEMA.get_all_operations()]


@SCHEMA.auth(refresh_interval=None)  # not the same for every operation
class Administrator:
    """Every request has the key that may do everything, or the token where that is needed; checks repeat some
    without it."""

    def get(self, case: Any, _context: Any) -> dict[str, str]:
        is_for_participants = case.operation.definition.raw["security"] == [{"ParticipantToken": []}]
        return {TOKEN: EXAMPLE_TOKEN} if is_for_participants else bearer()

    def set(self, case: Any, fields: dict[str, str], _context: Any) -> None:
        case.headers.update(fields)


def refused_for_its_content(_ctx: Any, response: Any, case: Any) -> None:
    """A check: what fits the description is refused only where it names something that is not there."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    places = re.compile(PLACES_KNOWN_BY_CONTENT.get(case.operation.definition.raw["operationId"], "-"))
    for error in response.json()["errors"]:
        # a description cannot say which characters are none
        if "which is not allowed" not in error["detail"] and not places.fullmatch(error.get("pointer", "-")):
            named = (error.get("parameter") or error.get("pointer") or error.get("header", "")).split(".")[0]
            assert {named, _MEMBER.sub(r"\1/*", named)} & KNOWN_BY_CONTENT, response.text


@pytest.fixture(scope="module")
def own_starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Apart from the one that other tests read: here anything may be written, and versions be withdrawn."""
    with serving_starter(tmp_path_factory.mktemp("fuzzed") / "starter.sqlite") as client:
        the_room_of_examples(client)
        hub = find_service(client.application, Hub)
        assert hub is not None
        hub.seconds = 0.0  # a stream that is read to its end ends at once
        yield client


@cache
def feedback() -> FeedbackSources:
    """Values that stand in the code of the application, which are tried too."""
    return FeedbackSources(constants_value_source=make_constants_value_source(SCHEMA))


@settings(max_examples=rounds(8, 400), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def keeps_to_its_description(case: schemathesis.Case) -> None:
    # the test client does not undo codings
    response = case.call(headers={"Accept-Encoding": "identity"})
    case.validate_response(response, additional_checks=[refused_for_its_content])
    assert "X-Request-Id" in {name.title() for name in response.headers}


# As SCHEMA.parametrize() does it, which makes up the requests to all operations when tests are collected, though: half
# a minute and 600 MB in each process of a run, also in one for a single other test. (Its from_fixture(), which does
# not, goes by a private member of pytest's that there is no more.)
@pytest.mark.slow
@pytest.mark.campaign
@pytest.mark.parametrize("label", LABELS)
def test_the_api_keeps_to_its_description(label: str, own_starter: FlaskClient) -> None:
    SERVED.application = own_starter.application
    load_all_checks()
    operation = SCHEMA.find_operation_by_label(label)
    assert operation is not None
    tried = build_operation_test(
        config=SCHEMA.config,
        operation=operation,
        test_func=keeps_to_its_description,
        given_kwargs={},
        feedback=feedback(),
    )
    untried = {mark.attr_name: mark.get(tried) for mark in UNTRIED if mark.is_set(tried)}
    assert untried == {}, "not all requests could be made up"
    with ignore_hypothesis_output():
        tried()
