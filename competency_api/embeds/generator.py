"""The page that makes the snippet: a form sent by GET, so that every choice has an address and no script is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template

from competency_api.core.errors import ServiceError
from competency_api.core.http import HTML, as_response, brief
from competency_api.core.http.languages import AUTO, asked_languages
from competency_api.core.problems import problem_of
from competency_api.courses.values import MappingRelation
from competency_api.embeds import assets
from competency_api.embeds.document import Document
from competency_api.embeds.snippets import Choice
from competency_api.embeds.views import COLUMNS, COURSE_COLUMNS, VIEWS, get_view
from competency_api.embeds.words import LANGUAGES, spoken, words_of
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.speaking import OneLanguage
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.values import VersionInfo

_SECONDS = 300
#: What is shown to whoever has not chosen anything yet.
_FIRST = {"view": "list", "kind": "competency", "search": "on"}
THEMES = ("", "auto", "light", "dark")
#: Fields that forms have a use for, by what their ``code`` is of.
_FIELDS = {
    "": ("kind", "discipline"),
    "concept": ("code",),
    "profile": ("profile",),
    "courses": ("code", "relation", "provider", "course"),
}
_ANY_COLUMN = frozenset((*COLUMNS, *COURSE_COLUMNS))


@dataclass(frozen=True)
class Page:
    """The page for what was chosen. ``query`` holds the form's fields as they were sent."""

    query: Mapping[str, Any]
    newest: VersionInfo
    taxonomy: Taxonomy
    base_url: str
    #: Code and name of those who have courses to show.
    providers: Sequence[tuple[str, str]] = ()

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, without fields that were left empty; what comes from a link may have commas in it."""
        given = {name: value for name, value in self.query.items() if value and name != "ui"}
        if "columns" in given:
            parts = (part for value in given["columns"] for part in value.split(","))
            given["columns"] = list(dict.fromkeys(part for part in parts if part))
        return given if {"view", "code", "kind", "profile", "course"} & given.keys() else {**_FIRST, **given}

    @cached_property
    def ui(self) -> str:
        """The language of the page."""
        asked = self.query.get("ui") or AUTO
        return spoken(asked_languages(asked, LANGUAGES) or ())

    @cached_property
    def trial(self) -> Choice:
        """What is shown and copied: the fields that the form has a use for. A view that there is not stays as it is."""
        chosen = self.chosen
        view = str(chosen.get("view", "concept" if "code" in chosen else "list"))
        of = VIEWS[view].of if view in VIEWS else ""
        names = _FIELDS[of]
        asked = {"code" if name == "profile" else name: chosen[name] for name in names if name in chosen}
        if of == "profile" and "code" in chosen:
            asked["code"] = chosen["code"]
        known = VIEWS[view].known_columns if view in VIEWS else COLUMNS
        columns = [name for name in chosen.get("columns", ()) if name in known or name not in _ANY_COLUMN]
        if view != "select" and columns:
            asked["columns"] = ",".join(columns)
        asked |= {name: chosen[name] for name in ("lang", "sort", "theme") if name in chosen}
        if "search" in chosen and of in ("", "courses"):
            asked["search"] = chosen["search"]
        version = str(chosen.get("version", self.newest.number.major))
        return Choice(self.base_url, version, view, asked, VIEWS[view].height if view in VIEWS else 0, self.ui)

    def in_language(self, tag: str) -> str:
        """The query of the same choice on the page in another language."""
        kept = {name: ",".join(v) if isinstance(v, list) else v for name, v in self.query.items() if v and name != "ui"}
        return urlencode({"ui": tag, **kept}, safe=",")

    def answer(self, document: Document | None, failure: ServiceError | None = None) -> Response:
        """The page with the snippets, or with what is wrong with the choice."""
        words = words_of(self.ui)
        is_open = (
            failure is not None
            and VIEWS.get(self.trial.view, VIEWS["list"]).of in ("concept", "profile")
            and "code" not in self.trial.asked
        )
        html = render_template(
            "embed_generator.html",
            page=self,
            trial=self.trial,
            words=words,
            said=words["generator"],
            document=document,
            is_open=is_open,
            failure=None if is_open else failure,
            title=document["title"] if document else "",
            **self._offers(),
            script=assets.script(),
            style=assets.part("generator.css"),
            behaviour=assets.part("generator.js"),
        )
        response = as_response(html, HTML)
        response.headers["Content-Language"] = self.ui
        response.headers["Content-Security-Policy"] = _policy()
        if failure is not None and not is_open:
            response.status_code = problem_of(type(failure)).status
        return brief(response, _SECONDS)

    def _offers(self) -> dict[str, Any]:
        """What the fields offer, each as value and text."""
        words, said = words_of(self.ui), words_of(self.ui)["generator"]
        number = str(self.newest.number)
        major = str(self.newest.number.major)
        return {
            "views": [(name, words["views"][name]) for name in VIEWS],
            "kinds": [(name, words["kinds"][name]) for name in KINDS],
            "disciplines": self._entries("discipline"),
            "profiles": self._entries("profile"),
            "languages": [(tag, words_of(tag)["language"]) for tag in LANGUAGES],
            "providers": self.providers,
            "relations": [(relation.value, words["values"][relation.value]) for relation in MappingRelation],
            "columns": [(name, words["columns"][name]) for name in self._known_columns()],
            "checked": self.trial.asked["columns"].split(",") if "columns" in self.trial.asked else self._columns(),
            "themes": [(name, said[f"theme_{name or 'page'}"]) for name in THEMES],
            "versions": [
                (major, said["newest_of"].format(version=f"{major}.x")),
                (number, said["exactly"].format(version=number)),
                ("latest", said["newest"]),
            ],
        }

    def _columns(self) -> Iterable[str]:
        return get_view(self.trial.view).columns if self.trial.view in VIEWS else ()

    def _known_columns(self) -> Iterable[str]:
        return VIEWS[self.trial.view].known_columns if self.trial.view in VIEWS else COLUMNS

    def _entries(self, kind: str) -> list[tuple[str, str]]:
        """The active concepts of a kind, by name."""
        speaker = OneLanguage((self.ui,), LANGUAGES[:1])

        def named(concept: Concept) -> str:
            label = speaker.label(concept.labels, concept.translations)
            return str(label["text"]) if label else concept.code

        concepts = (self.taxonomy[code] for code in self.taxonomy.kinds.get(kind, ()))
        entries = [(concept.code, named(concept)) for concept in concepts if concept.retirement is None]
        return sorted(entries, key=lambda entry: entry[1].casefold())


def _policy() -> str:
    style, script = assets.source_of(assets.part("generator.css")), assets.source_of(assets.part("generator.js"))
    return (
        f"default-src 'none'; script-src 'self' {script}; style-src {style}; connect-src 'self'; frame-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
