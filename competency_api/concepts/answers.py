"""What is answered about the concepts of a version, and in the same way of the draft: the body and its languages.

How long an answer may be kept, and by whom, is for the routes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from competency_api.catalogue.cursors import ListOf
from competency_api.catalogue.serving import require_codes, speaker_for
from competency_api.concepts.filters import label_key, missing, select
from competency_api.concepts.parameters import filters_in
from competency_api.concepts.presentation import Presenter
from competency_api.concepts.schemas import ConceptSchema, SpokenConceptSchema
from competency_api.concepts.tree import grown
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http import ResponseSchema, settings, tree_of, trim
from competency_api.core.http.trimming import Tree
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.speaking import OneLanguage, Speaker
from competency_api.taxonomy.taxonomy import Taxonomy


class Readable(Protocol):
    """A version, or the draft; ``numbers`` are the exact versions that cursors name: none for the draft."""

    @property
    def taxonomy(self) -> Taxonomy: ...
    @property
    def number(self) -> str: ...
    @property
    def numbers(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Answer:
    """A body with the languages of its texts, where one was asked for, and the fields of its page."""

    body: Any
    languages: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def presenter_of(found: Readable, query: Mapping[str, Any], lang: str | None = None) -> Presenter:
    """How the query wants concepts shown; ``lang`` where it names no language."""
    speaker = speaker_for(query.get("lang", lang), found.taxonomy)
    return Presenter(found.taxonomy, found.number, settings.base_url, speaker, frozenset(query.get("include", ())))


def concepts_page(found: Readable, query: Mapping[str, Any], operation: str = "concepts") -> Answer:
    """The page of concepts that a query of ``ConceptsQuerySchema`` asks for. Raises InvalidInput."""
    asked = filters_in(query)
    concepts, presenter = select(found.taxonomy, asked), presenter_of(found, query)
    key = _sort_key(presenter.speaker) if query["sort"] == "label" else _by_code
    made_of = {"filters": {name: sorted(values) for name, values in asked.items()}, "sort": query["sort"]}
    list_of = ListOf(operation, found.numbers, made_of | {"lang": presenter.speaker.asked})
    page = list_of.page(sorted(concepts, key=key), key, query)
    shown = Trimmer(shown_tree(query, ConceptSchema, SpokenConceptSchema), presenter.speaker)
    body = {"version": found.number, **page.body(lambda concept: shown.trimmed(presenter.concept(concept.code)))}
    if "codes" in asked:
        body["missing"] = missing(found.taxonomy, asked)
    return Answer(body, shown.languages, page.link())


def concepts_table(found: Readable, query: Mapping[str, Any]) -> Taxonomy:
    """The same concepts without pages, for a table that is imported again."""
    return Taxonomy(select(found.taxonomy, filters_in(query)))


def _by_code(concept: Concept) -> tuple[str, ...]:
    return (concept.code,)


def _sort_key(speaker: Speaker) -> Callable[[Concept], tuple[str, ...]]:
    """By label in the language of the answer; where that has them all, in the first one of the fallback order."""
    return label_key(speaker if isinstance(speaker, OneLanguage) else OneLanguage(settings.fallback, ()))


def shown_tree(query: Mapping[str, Any], schema: type[ResponseSchema], spoken: type[ResponseSchema]) -> Tree:
    """What `fields` asks for; the version is always said."""
    asked = query.get("fields_", ())
    return tree_of([*asked, "version"], spoken if "lang" in query else schema) if asked else {}


def tree_answer(found: Readable, query: Mapping[str, Any]) -> Answer:
    """The hierarchy that a query of ``TreeQuerySchema`` asks for. Raises InvalidInput."""
    below = [query["below"]] if "below" in query else []
    require_codes(below, "below", found.taxonomy)
    kinds = [query["kind"]] if "kind" in query else KINDS
    _require_kinds(kinds, below, found.taxonomy)
    presenter = presenter_of(found, query)
    codes = below or [root for kind in kinds for root in found.taxonomy.roots(kind)]

    def show(code: str) -> dict[str, Any]:
        return {**presenter.reference(code), "kind": found.taxonomy[code].kind}

    body = {"version": found.number, "items": grown(found.taxonomy, codes, show, query["depth"])}
    return Answer(body, presenter.speaker.used)


def _require_kinds(kinds: Collection[str], below: Iterable[str], taxonomy: Taxonomy) -> None:
    """Refuse a kind that what is asked for cannot be of, rather than leave it out in silence."""
    for code in below:
        if (kind := taxonomy[code].kind) not in kinds:
            raise InvalidInput(FieldError(f"{code} is a {kind}; leave out `kind`.", parameter="kind"))


_SAID = frozenset({"text", "lang", "fallback", "review"})


@dataclass(frozen=True)
class Trimmer:
    """Trims documents by one tree; an empty one keeps everything. ``speaker`` said their texts."""

    tree: Tree
    speaker: Speaker
    _shown: set[str] = field(default_factory=set)

    def trimmed(self, document: Any) -> Any:
        if self.tree and self.speaker.asked:
            self._note(document, self.tree)
        return trim(document, self.tree)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the texts in the trimmed documents, the most wanted first."""
        return self.speaker.ranked(self._shown) if self.tree else self.speaker.used

    def _note(self, document: Any, tree: Tree) -> None:
        """Note the languages of the texts that stay in the document."""
        if isinstance(document, list | tuple):
            for entry in document:
                self._note(entry, tree)
        elif isinstance(document, Mapping):
            if document.keys() == _SAID:
                if not tree or "text" in tree:
                    self._shown.add(document["lang"])
                return
            for name, value in document.items():
                below = tree.get(name, tree.get("*")) if tree else tree
                if below is not None:
                    self._note(value, below)
