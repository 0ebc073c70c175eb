"""Search over the entries of a version.

The library finds entries and scores them; what is named exactly, the best language per concept, facets and order are
made here, over all hits. Scores are constants per word and tier (:mod:`competency_api.search.ranking`), so the order
never depends on how the library lays out its segments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tantivy import Query

from competency_api.search.entries import Entries
from competency_api.search.highlights import Marker, marked_texts
from competency_api.search.querying import MOST_CHARACTERS, MOST_WORDS, Asked, QueryBuilder, Wanted, read
from competency_api.search.ranking import EXACT_WORTH, FIELD, RETIRED_WEIGHT, Tier
from competency_api.search.values import Completeness, Highlight, Hit, MatchedBy, SearchQuery, SearchResult
from competency_api.search.words.folding import words
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.taxonomy import Taxonomy

_AROUND_CODES = " ,;:.()[]\"'“”«»"


class _Found(NamedTuple):
    """How well a concept was found, in which entry (None: by its code), and as what it was named exactly."""

    score: float
    entry: int | None
    named: MatchedBy | None = None


class _Question(NamedTuple):
    """A query as read against this version."""

    asked: Asked
    wanted: tuple[Wanted, ...]
    named: Mapping[str, MatchedBy]
    languages: tuple[str, ...]
    allowed: frozenset[str] | None


class Finder:
    def __init__(self, taxonomy: Taxonomy, entries: Entries) -> None:
        self._taxonomy = taxonomy
        self._entries = entries
        self._builder = QueryBuilder(entries.schema, entries.vocabulary, len(entries))

    def search(self, query: SearchQuery) -> SearchResult:
        question = self._understood(query)
        completeness, ranks = self._by_words(question)
        exactly = self._exactly(question, ranks)
        codes = [*exactly, *(code for code in ranks if code not in exactly)]
        marker = Marker(question.wanted, question.asked.phrases)
        page = codes[query.offset : query.offset + query.limit]
        meanings = [wanted.meaning for wanted in question.wanted if not wanted.is_optional]
        return SearchResult(
            total=len(codes),
            hits=tuple(self._hit(code, exactly.get(code) or self._found(ranks[code]), marker) for code in page),
            facets=self._entries.counts(codes),
            languages=question.languages,
            completeness=(completeness if ranks else "all") if codes else "none",
            corrections={m.word: tuple(sorted(m.readings)) for m in meanings if m.is_typo},
            unknown=tuple(m.word for m in meanings if not m.readings),
            ignored_words=question.asked.ignored_words,
        )

    # -- what was asked --------------------------------------------------------------------------------------------

    def _understood(self, query: SearchQuery) -> _Question:
        named, said = self._named(query.text[:MOST_CHARACTERS])
        asked = read(query.text)
        asked = Asked(tuple(w for w in asked.words if w not in said), asked.phrases, asked.ignored_words)
        languages = self._entries.spoken(query.language)
        wanted = self._builder.wanted(asked, languages)
        return _Question(asked, wanted, named, languages, query.allowed)

    def _named(self, text: str) -> tuple[dict[str, MatchedBy], frozenset[str]]:
        """Concepts named by code, former code or the URI of an alignment, and the folded words that name them."""
        whole = text.strip()
        if aligned := self._taxonomy.by_alignment.get(whole):
            return dict.fromkeys(aligned, "alignment"), frozenset(words(whole))
        named: dict[str, MatchedBy] = {}
        said: set[str] = set()
        for word in (whole, *whole.split()[:MOST_WORDS]):
            code = word.strip(_AROUND_CODES).upper()
            former = self._taxonomy.by_former_code.get(code, ())
            named.update((today, "former-code") for today in former if today not in named)
            if code in self._taxonomy:
                named[code] = "code"
            if former or code in self._taxonomy:
                said.update(words(word))
        return named, frozenset(said)

    # -- what is found ---------------------------------------------------------------------------------------------

    def _by_words(self, question: _Question) -> tuple[Completeness, dict[str, int]]:
        """Concepts that have every required word, else most of them, else any; quoted phrases are always required.

        Best first, each with the rank of its best entry.
        """
        known = sum(1 for wanted in question.wanted if wanted.meaning.readings and not wanted.is_optional)
        attempts: list[tuple[Completeness, int | None]] = [("all", None)]
        attempts += [("some", least) for least in dict.fromkeys(((known + 1) // 2, 1)) if known]
        only = question.languages if question.languages != self._entries.all_languages else ()
        for completeness, least in attempts if question.languages else ():
            query = self._builder.query(question.wanted, question.asked.phrases, only, least=least)
            if query is not None and (ranks := self._per_concept(query, question.allowed)):
                return completeness, ranks
        return "none", {}

    def _per_concept(self, query: Query, allowed: frozenset[str] | None) -> dict[str, int]:
        """The best entry of every concept; of equal ones the first, which is in the reference language."""
        codes, entry_of = self._entries.codes, self._entries.entry_of
        best: dict[str, int] = {}
        for rank in self._entries.ranked(query):
            best.setdefault(codes[entry_of(rank)], rank)
        return best if allowed is None else {code: rank for code, rank in best.items() if code in allowed}

    def _exactly(self, question: _Question, ranks: Mapping[str, int]) -> dict[str, _Found]:
        """Concepts of which the code or a whole label was asked for, each as the best that it was named, best first."""
        found = {code: _Found(EXACT_WORTH[name], None, name) for code, name in question.named.items()}
        label = question.asked.label
        for same in self._entries.labels.equal(label) if label else ():
            code = self._entries.codes[same.entry]
            if code not in found and self._entries.languages[same.entry] in question.languages:
                weight = RETIRED_WEIGHT if self._taxonomy[code].retirement is not None else 1.0
                worth = EXACT_WORTH[FIELD[same.tier]] * weight + self._entries.score_of(ranks.get(code, 0))
                found[code] = _Found(worth, same.entry, FIELD[same.tier])
        admitted = ((code, one) for code, one in found.items() if question.allowed is None or code in question.allowed)
        return dict(sorted(admitted, key=lambda item: (-item[1].score, item[0])))

    # -- what is answered ------------------------------------------------------------------------------------------

    def _found(self, rank: int) -> _Found:
        return _Found(self._entries.score_of(rank), self._entries.entry_of(rank))

    def _hit(self, code: str, found: _Found, marker: Marker) -> Hit:
        concept = self._taxonomy[code]
        language: str | None = None
        tier: Tier | None = None
        highlights: tuple[Highlight, ...] = ()
        if found.entry is not None:
            language = self._entries.languages[found.entry]
            tier, highlights = marked_texts(concept, language, marker)
        return Hit(
            code=code,
            score=round(found.score, 3),
            matched_by=found.named or FIELD[Tier.TEXT if tier is None else tier],
            exact=found.named is not None,
            language=language,
            highlights=highlights,
            successors=successors_of(self._taxonomy, code),
        )
