"""HTTP, once for all features: what a route needs is imported from here.

A route is a declaration: who may, what it takes, what it gives, how it fails. The rest (problems, validators,
caching fields, CORS, request ids, refusal of unknown parameters, the OpenAPI document) happens around it.
"""

from competency_api.core.http.access import (
    Operation,
    caller,
    count_participant,
    count_stranger,
    count_wrong_code,
    find_caller,
    operations_of,
    participant_token,
    provide_authentication,
    public,
    require_guessed_little,
    secret,
)
from competency_api.core.http.api import Api, install_hooks, spec_dict, spec_json
from competency_api.core.http.blueprint import Blueprint, UndeclaredAccessError, own_query
from competency_api.core.http.caching import (
    alias,
    brief,
    current,
    entity_tag,
    immutable,
    no_store,
    passing,
    renewed,
    vary_on,
)
from competency_api.core.http.conditions import IF_MATCH_STATE, expected_states, with_revision
from competency_api.core.http.context import Context, context_of, db, settings
from competency_api.core.http.failures import provide_failure_pages
from competency_api.core.http.idempotency import Made, made_once
from competency_api.core.http.languages import AUTO, LanguageQuerySchema, asked_languages
from competency_api.core.http.limits import Limits
from competency_api.core.http.negotiation import Format, best, negotiate
from competency_api.core.http.pages import (
    Page,
    PageQuerySchema,
    WholePageQuerySchema,
    decode_cursor,
    encode_cursor,
    offset_in,
    page_at,
    page_behind,
    page_from,
    page_of,
    page_schema,
    seen_in,
)
from competency_api.core.http.parser import json_body
from competency_api.core.http.published import (
    ATOM,
    CSV,
    HTML,
    JSON,
    XLSX,
    as_page,
    as_response,
    exact_path,
    momentary,
    private_page,
    published,
    styled,
)
from competency_api.core.http.schemas import QuerySchema, ResponseSchema, Schema
from competency_api.core.http.scope import REQUEST_ID, ROUTE, RequestScope, request_id
from competency_api.core.http.services import find_service, provide, service
from competency_api.core.http.site import to_page
from competency_api.core.http.suffixes import Application
from competency_api.core.http.trimming import FieldsQuerySchema, tree_of, trim

__all__ = [
    "ATOM",
    "AUTO",
    "CSV",
    "HTML",
    "IF_MATCH_STATE",
    "JSON",
    "REQUEST_ID",
    "ROUTE",
    "XLSX",
    "Api",
    "Application",
    "Blueprint",
    "Context",
    "FieldsQuerySchema",
    "Format",
    "LanguageQuerySchema",
    "Limits",
    "Made",
    "Operation",
    "Page",
    "PageQuerySchema",
    "QuerySchema",
    "RequestScope",
    "ResponseSchema",
    "Schema",
    "UndeclaredAccessError",
    "WholePageQuerySchema",
    "alias",
    "as_page",
    "as_response",
    "asked_languages",
    "best",
    "brief",
    "caller",
    "context_of",
    "count_participant",
    "count_stranger",
    "count_wrong_code",
    "current",
    "db",
    "decode_cursor",
    "encode_cursor",
    "entity_tag",
    "exact_path",
    "expected_states",
    "find_caller",
    "find_service",
    "immutable",
    "install_hooks",
    "json_body",
    "made_once",
    "momentary",
    "negotiate",
    "no_store",
    "offset_in",
    "operations_of",
    "own_query",
    "page_at",
    "page_behind",
    "page_from",
    "page_of",
    "page_schema",
    "participant_token",
    "passing",
    "private_page",
    "provide",
    "provide_authentication",
    "provide_failure_pages",
    "public",
    "published",
    "renewed",
    "request_id",
    "require_guessed_little",
    "secret",
    "seen_in",
    "service",
    "settings",
    "spec_dict",
    "spec_json",
    "styled",
    "to_page",
    "tree_of",
    "trim",
    "vary_on",
    "with_revision",
]
