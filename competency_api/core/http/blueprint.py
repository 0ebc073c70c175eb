"""The one subclass of flask-smorest's Blueprint: behaviour and its description come from the same decorators.

::

    blp = Blueprint("versions", __name__, url_prefix="/api/v1/versions", description="…")

    @blp.get("/<version>")
    @blp.public
    @blp.raises(NotFound)
    @blp.arguments(LanguageQuerySchema, location="query")
    @blp.response(200, VersionSchema, description="The version")
    def read_version(query, version): ...

A function's name (or the ``endpoint`` of its route) is its ``operationId``, the first line of its docstring its
summary, the rest its description. Each operation must say who may use it (:mod:`competency_api.core.http.access`); an
operation that declares no query takes no parameters at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask.views import MethodView
from flask_smorest.blueprint import Blueprint as SmorestBlueprint

from competency_api.core import errors
from competency_api.core.http import access
from competency_api.core.http.conditions import (
    IF_MATCH,
    IF_MATCH_TO_CHANGE,
    IF_NONE_MATCH,
    expected_or_new,
    expected_revisions,
)
from competency_api.core.http.idempotency import IDEMPOTENCY_KEY
from competency_api.core.http.negotiation import Format, negotiate
from competency_api.core.http.parser import Parser
from competency_api.core.http.suffixes import suffix_of
from competency_api.core.problems import problem_of

View = TypeVar("View", bound=Callable[..., Any])

#: The name of our keys in the OpenAPI document.
SECURITY_SCHEME = "ApiKey"
#: And that of the tokens of participants.
PARTICIPANT_SCHEME = "ParticipantToken"

_READS_QUERY = "_competency_reads_query"
_PROBLEMS = "_competency_problems"
_FORMATS = "_competency_formats"

#: Whoever sends a key is looked up in the database.
_PROBLEMS_OF_KEYS = (errors.Unauthenticated, errors.Forbidden, errors.TooManyRequests, errors.DatabaseUnavailable)
_PROBLEMS_OF_TOKENS = (errors.Unauthenticated, errors.TooManyRequests, errors.DatabaseUnavailable)
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    access.PUBLIC: [],
    access.CROWDED: [],
    access.PARTICIPATING: [{PARTICIPANT_SCHEME: []}],
    access.WELCOMING: [{}, {SECURITY_SCHEME: []}, {PARTICIPANT_SCHEME: []}],
}
_PROBLEMS_OF_LOCATION: dict[str, tuple[type[errors.ServiceError], ...]] = {
    "json": (errors.MalformedRequest, errors.TooLarge, errors.UnsupportedMediaType, errors.InvalidInput),
}


class UndeclaredAccessError(TypeError):
    """A route says neither that it is public nor which scope it needs."""


class Blueprint(SmorestBlueprint):
    """A group of operations."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, *, description: str, url_prefix: str | None = None) -> None:
        super().__init__(name, import_name, description=description, url_prefix=url_prefix)

    public = staticmethod(access.public)

    def scope(self, name: str) -> Callable[[View], View]:
        """Declare that the operation needs a key with this scope."""

        def decorate(view: View) -> View:
            return access.scope(name)(self.raises(*_PROBLEMS_OF_KEYS)(view))

        return decorate

    def crowded(self, view: View) -> View:
        """Declare that everybody may use the operation, as many as there are in a room at once."""
        return access.crowded(self.raises(errors.TooManyRequests, errors.DatabaseUnavailable)(view))

    def welcoming(self, view: View) -> View:
        """Declare that the operation answers by who asks: with a key, with a participant's token, or with neither."""
        return access.welcoming(self.raises(*_PROBLEMS_OF_KEYS)(view))

    def participating(self, view: View) -> View:
        """Declare that the operation needs the token of a participant."""
        return access.participating(self.raises(*_PROBLEMS_OF_TOKENS)(view))

    def conditional(self, view: View) -> View:
        """Declare that the operation changes what exists: ``If-Match`` must name the state it was made from.

        The view gets its revisions as ``expected``.
        """

        @wraps(view)
        def checking(*args: Any, **kwargs: Any) -> Any:
            return view(*args, expected=expected_revisions(), **kwargs)

        problems = (errors.NotFound, errors.PreconditionFailed, errors.PreconditionRequired)
        documented: Any = self.doc(parameters=[IF_MATCH])(checking)
        declared: View = self.raises(*problems)(documented)
        return declared

    def upserting(self, view: View) -> View:
        """Declare that the operation makes what is not there, and changes what is if ``If-Match`` names its state.

        The view gets ``expected`` as :func:`~competency_api.core.http.conditions.expected_or_new` has it.
        """

        @wraps(view)
        def checking(*args: Any, **kwargs: Any) -> Any:
            return view(*args, expected=expected_or_new(), **kwargs)

        documented: Any = self.doc(parameters=[IF_MATCH_TO_CHANGE, IF_NONE_MATCH])(checking)
        declared: View = self.raises(errors.PreconditionFailed, errors.PreconditionRequired)(documented)
        return declared

    def idempotent(self, view: View) -> View:
        """Declare that the operation may be repeated with ``Idempotency-Key``; it answers by ``made_once``."""
        documented: View = self.doc(parameters=[IDEMPOTENCY_KEY])(view)
        return documented

    @staticmethod
    def raises(*problems: type[errors.ServiceError]) -> Callable[[View], View]:
        """Declare which problems the operation answers with, besides those that follow from its arguments."""

        def decorate(view: View) -> View:
            setattr(view, _PROBLEMS, (*getattr(view, _PROBLEMS, ()), *problems))
            return view

        return decorate

    def formats(self, *formats: Format) -> Callable[[View], View]:
        """Declare the formats that the operation offers, by ``Accept`` or suffix; the first is the default.

        The view gets the chosen one as ``g.format``. The first is described by ``response``, the others here.
        """

        def decorate(view: View) -> View:
            described: View = self.files(*formats[1:])(self.choices(*formats)(view))
            return described

        return decorate

    def choices(self, *formats: Format) -> Callable[[View], View]:
        """The same for formats of which some are elsewhere: what each is answered with is described beside it."""

        def decorate(view: View) -> View:
            @wraps(view)
            def choosing(*args: Any, **kwargs: Any) -> Any:
                g.format = negotiate(formats, suffix_of(request.environ))
                return view(*args, **kwargs)

            setattr(choosing, _FORMATS, formats)
            declared: View = self.raises(errors.NotAcceptable)(cast(View, choosing))
            return declared

        return decorate

    def files(self, *formats: Format) -> Callable[[View], View]:
        """Describe that the operation also answers in these formats, as files whose content has pages of its own."""

        def decorate(view: View) -> View:
            described: Any = view
            for item in formats:
                is_object = item.media_type in ("application/json", "application/ld+json")
                schema = {"type": "object" if is_object else "string"}
                document = self.alt_response(
                    200, schema=schema, content_type=item.media_type, description="OK", success=True
                )
                described = document(described)
            declared: View = described
            return declared

        return decorate

    def alternative(self, status: int, schema: Any, *, description: str) -> Callable[[View], View]:
        """Declare that the operation also succeeds with this answer."""
        document: Callable[[View], View] = self.alt_response(
            status, schema=schema, description=description, success=True
        )
        return document

    def redirects(self, status: int, description: str) -> Callable[[View], View]:
        """Declare that the operation may answer with this redirect."""
        document: Callable[[View], View] = self.alt_response(status, description=description, success=True)
        return document

    def also(self, status: int, schema: Any, description: str) -> Callable[[View], View]:
        """Declare another success than that of ``response``."""
        document: Callable[[View], View] = self.alt_response(
            status, schema=schema, description=description, success=True
        )
        return document

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[View], View]:
        """As flask-smorest's. Its responses are named by the Python version's names of statuses; ours are not."""
        wrap = super().arguments(schema, location=location, **options)

        def decorate(view: View) -> View:
            wrapped = wrap(view)
            wrapped._apidoc["arguments"].pop("responses", None)
            if location == "query":
                setattr(wrapped, _READS_QUERY, True)
            declared: View = self.raises(*_PROBLEMS_OF_LOCATION.get(location, ()))(wrapped)
            return declared

        return decorate

    def response(  # type: ignore[override]  # a description is demanded, where the library takes none
        self, status_code: int, schema: Any = None, *, description: str, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """As flask-smorest's, with a description that says more than the name of the status."""
        wrap = super().response(status_code, schema, description=description, **options)
        return cast(Callable[[Callable[..., Any]], Callable[..., Any]], wrap)

    @staticmethod
    def doc(**members: Any) -> Callable[[View], View]:
        """Members of the operation in the OpenAPI document, as they are; parameters come to those of before."""

        def decorate(view: View) -> View:
            known = getattr(view, "_apidoc", {}).get("manual_doc", {}).get("parameters", [])
            added = {"parameters": [*known, *members["parameters"]]} if "parameters" in members else {}
            return cast(Callable[[View], View], SmorestBlueprint.doc(**{**members, **added}))(view)

        return decorate

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **kw: Any
    ) -> None:
        for method in _methods(view_func, kw.get("methods")):
            if access.access_of(view_func, method) is None:
                name = f"{method} {self.url_prefix or ''}{rule}"
                raise UndeclaredAccessError(f"{name} declares no access: put @blp.public (or a scope) above its view")
        super().add_url_rule(rule, endpoint, view_func, *args, **kw)

    def _store_endpoint_docs(self, endpoint: str, obj: Any, *args: Any, **options: Any) -> None:
        super()._store_endpoint_docs(endpoint, obj, *args, **options)
        for method, doc in self._docs[endpoint].items():
            if method in ("parameters", "head", "options"):
                continue
            view = access.method_view(obj, method)
            manual = doc.setdefault("manual_doc", {})
            name = endpoint if view is obj else f"{method}_{endpoint.lower()}"
            manual.setdefault("operationId", name)
            manual["responses"] = {**_problem_responses(view), **manual.get("responses", {})}
            needed = access.access_of(obj, method)
            manual.setdefault("security", _SECURITY.get(str(needed), [{SECURITY_SCHEME: [needed]}]))


def own_query(view: View) -> View:
    """Declare that a page looks at its parameters itself, and what it does with those that it does not know."""
    setattr(view, _READS_QUERY, True)
    return view


def reads_query(view: Callable[..., Any], method: str) -> bool:
    """Whether the operation declares a query of its own."""
    return bool(getattr(access.method_view(view, method), _READS_QUERY, False))


def offers_formats(view: Callable[..., Any], method: str) -> bool:
    """Whether the operation takes a suffix."""
    return hasattr(access.method_view(view, method), _FORMATS)


def _methods(view: Any, declared: Any) -> list[str]:
    if declared:
        return [method.upper() for method in declared]
    if isinstance(view, type) and issubclass(view, MethodView):
        return sorted(view.methods or ())
    return ["GET"]


def _problem_responses(view: Callable[..., Any]) -> dict[str, Any]:
    """Names of the described responses, by status. A parameter that is unknown is refused everywhere: 422."""
    found: dict[str, Any] = {}
    for exception in (*getattr(view, _PROBLEMS, ()), errors.InvalidInput):
        row = problem_of(exception)
        found.setdefault(str(row.status), row.name)
    return found
