"""Search as a page: hits with what was found marked, and facets that can be chosen one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from competency_api.catalogue.serving import Publication, Publications
from competency_api.concepts.presentation import Presenter
from competency_api.pages.prose.speech import plain
from competency_api.pages.texts import Texts
from competency_api.search.finding.querying import MOST_CHARACTERS
from competency_api.search.index import SearchIndex
from competency_api.search.scopes import Scopes
from competency_api.search.values import Highlight, Hit, SearchQuery, SearchResult
from competency_api.taxonomy.kinds import KINDS

A_PAGE = 20
#: Pages of hits that can be turned: whoever looks further needs other words.
MOST_PAGES = 50
_LONGEST_EXTRACT = 220


def page_number(given: str, digits: int = 5) -> int:
    """The page that a parameter asks for; what is no number of so many digits is the first one."""
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) <= digits else 1


@dataclass(frozen=True)
class Asked:
    """A question as the form gives it; what is empty is not asked."""

    text: str
    kind: str = ""
    discipline: str = ""
    status: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """From the parameters of a request, whatever they hold: what is no page number is the first page."""
        page = page_number(given.get("page", ""), 3)
        text = " ".join(given.get("q", "").split())[:MOST_CHARACTERS]
        chosen = {name: given.get(name, "") for name in ("kind", "discipline", "status")}
        return cls(text, page=min(max(page, 1), MOST_PAGES), **chosen)

    def query(self, **instead: str) -> dict[str, str]:
        """Its parameters with others in place of some; the page is the first again unless it is given."""
        asked = {"q": self.text, "kind": self.kind, "discipline": self.discipline, "status": self.status}
        return {name: value for name, value in (asked | instead).items() if value}

    def scope(self, without: str = "") -> dict[str, tuple[str, ...]]:
        chosen = {"kind": self.kind, "discipline": self.discipline, "status": self.status}
        return {name: (value,) for name, value in chosen.items() if value and name != without}


class Searcher:
    """Asks the index of one version for readers of one language. Raises InvalidInput for what cannot be chosen."""

    def __init__(self, publications: Publications, found: Publication, presenter: Presenter) -> None:
        self._scopes = publications.beside(found, Scopes)
        self._index = publications.beside(found, SearchIndex)
        self._presenter = presenter

    def answer(self, asked: Asked, texts: Texts) -> dict[str, Any]:
        """Hits of the page asked for, and the facets."""
        result = self._search(asked, asked.scope(), limit=A_PAGE, offset=(asked.page - 1) * A_PAGE)
        pages = min(MOST_PAGES, max(1, -(-result.total // A_PAGE)))
        return {
            "total": result.total,
            "hits": [self._hit(hit) for hit in result.hits],
            "pages": pages,
            "corrections": result.corrections,
            "completeness": result.completeness,
            "facets": self._facets(asked, result, texts),
        }

    def _search(self, asked: Asked, scope: dict[str, tuple[str, ...]], limit: int = 1, offset: int = 0) -> SearchResult:
        allowed = self._scopes.allowed(scope) if scope else None
        languages = self._presenter.speaker.asked
        return self._index.search(
            SearchQuery(text=asked.text, answer_languages=languages, allowed=allowed, limit=limit, offset=offset)
        )

    def _facets(self, asked: Asked, result: SearchResult, texts: Texts) -> list[dict[str, Any]]:
        """Each facet counts what would be found if it alone were not chosen, so that another value can be."""

        def counts(name: str, chosen: str) -> Mapping[str, int]:
            whole = self._search(asked, asked.scope(without=name)) if chosen else result
            return whole.facets[name]

        kinds = {name: texts.word("kinds", name) for name in KINDS}
        rows = [
            _facet("kind", asked.kind, counts("kind", asked.kind), lambda name: kinds.get(name, name)),
            _facet("discipline", asked.discipline, counts("discipline", asked.discipline), self._label),
        ]
        return [row for row in rows if row["values"]]

    def _label(self, code: str) -> str:
        return plain(self._presenter.reference(code).get("label"), code)

    def _hit(self, hit: Hit) -> dict[str, Any]:
        concept = self._presenter.taxonomy[hit.code]
        preferred = self._presenter.reference(hit.code)
        extract = next((h for h in hit.highlights if "/labels/" not in h.path), None)
        also = next(
            (h for h in hit.highlights if "/labels/" in h.path and h.text != plain(preferred.get("label"))), None
        )
        return {
            **preferred,
            "kind": concept.kind,
            "status": concept.status,
            "definition": self._presenter.speaker.text(concept.definition, concept.translations),
            "extract": marked(extract) if extract else None,
            "also": marked(also) if also else None,
            "language": hit.language,
            "use": list(self._presenter.successors(hit.successors)),
        }


def _facet(name: str, chosen: str, counts: Mapping[str, int], label: Callable[[str], str]) -> dict[str, Any]:
    values = [{"value": value, "label": label(value), "count": count} for value, count in counts.items()]
    return {"name": name, "chosen": chosen, "values": values}


def marked(found: Highlight) -> Markup:
    """The text with what was found in it marked; of a long one, the part around the first mark."""
    start = (
        max(0, found.spans[0][0] - _LONGEST_EXTRACT // 3) if found.spans and len(found.text) > _LONGEST_EXTRACT else 0
    )
    end = min(len(found.text), start + _LONGEST_EXTRACT)
    parts, place = [Markup("…") if start else Markup("")], start
    for first, last in found.spans:
        if first >= place and last <= end:
            parts += [
                escape(found.text[place:first]),
                Markup("<mark>"),
                escape(found.text[first:last]),
                Markup("</mark>"),
            ]
            place = last
    return Markup("").join([*parts, escape(found.text[place:end]), "…" if end < len(found.text) else ""])
