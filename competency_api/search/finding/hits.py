"""Search over the entries of a version.

The library finds entries and scores them; what is named exactly, the best language per concept, facets and order are
made here, over all hits. Scores are constants per word and tier (:mod:`competency_api.search.finding.ranking`), so the
order never depends on how the library lays out its segments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from competency_api.search.finding.entries import Entries, Wishes
from competency_api.search.finding.highlights import Marker, marked_texts
from competency_api.search.finding.querying import MOST_CHARACTERS, MOST_WORDS, Asked, QueryBuilder, Wanted, read
from competency_api.search.finding.ranking import EXACT_WORTH, FIELD, RETIRED_WEIGHT, Tier
from competency_api.search.values import Completeness, Highlight, Hit, MatchedBy, SearchQuery, SearchResult
from competency_api.search.words.folding import words
from competency_api.search.words.labels import Label
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
    wishes: Wishes
    allowed: frozenset[str] | None


class Finder:
    def __init__(self, taxonomy: Taxonomy, entries: Entries) -> None:
        self._taxonomy = taxonomy
        self._entries = entries
        self._builder = QueryBuilder(entries.schema, entries.vocabulary, len(entries))

    def search(self, query: SearchQuery) -> SearchResult:
        question = self._understood(query)
        completeness, ranks = self._by_words(question)
        exactly = self._exactly(question)
        codes = self._in_order(exactly, ranks)
        page = codes[query.offset : query.offset + query.limit]
        meanings = [wanted.meaning for wanted in question.wanted if not wanted.is_optional]
        return SearchResult(
            total=len(codes),
            hits=self._hits(page, exactly, ranks, Marker(question.wanted, question.asked.phrases)),
            facets=self._entries.counts(codes) if query.with_facets else {},
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
        wishes = self._entries.wishes(languages, query.answer_languages)
        return _Question(asked, wanted, named, languages, wishes, query.allowed)

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

    def _by_words(self, question: _Question) -> tuple[Completeness, list[int]]:
        """Entries that have every required word, else most of them, else any; quoted phrases are always required.

        As packed ranks, best first.
        """
        known = sum(1 for wanted in question.wanted if wanted.meaning.readings and not wanted.is_optional)
        attempts: list[tuple[Completeness, int | None]] = [("all", None)]
        attempts += [("some", least) for least in dict.fromkeys(((known + 1) // 2, 1)) if known]
        only = question.languages if question.languages != self._entries.all_languages else ()
        for completeness, least in attempts if question.languages else ():
            query = self._builder.query(question.wanted, question.asked.phrases, only, least=least)
            if query is not None and (ranks := self._entries.ranked(query, question.wishes, question.allowed)):
                return completeness, ranks
        return "none", []

    def _exactly(self, question: _Question) -> dict[str, _Found]:
        """Concepts of which the code or a whole label was asked for, each as the best that it was named, best first.

        Of equal ones, those that are called so in a more wanted language, then in more languages, come first.
        """
        found = {code: _Found(EXACT_WORTH[name], None, name) for code, name in question.named.items()}
        languages: Counter[str] = Counter()
        wished: Counter[str] = Counter()
        for place, same in self._called(question):
            code = self._entries.codes[same.entry]
            languages[code] += 1
            if code not in found:
                wished[code] = place
                weight = RETIRED_WEIGHT if self._taxonomy[code].retirement is not None else 1.0
                found[code] = _Found(EXACT_WORTH[FIELD[same.tier]] * weight, same.entry, FIELD[same.tier])
        admitted = [item for item in found.items() if question.allowed is None or item[0] in question.allowed]
        return dict(sorted(admitted, key=lambda item: (-item[1].score, wished[item[0]], -languages[item[0]], item[0])))

    def _called(self, question: _Question) -> list[tuple[int, Label]]:
        """The labels that the whole question is, each with the place of its language among the wishes, best first."""
        label, spoken = question.asked.label, self._entries.languages
        same = list(self._entries.labels.equal(label)) if label else []
        found = [(n, one) for n, tags in enumerate(question.wishes) for one in same if spoken[one.entry] in tags]
        return sorted(found, key=lambda item: item[1].tier)

    def _in_order(self, exactly: Iterable[str], ranks: Sequence[int]) -> list[str]:
        """Every concept found, once, where its best entry stands; what was named exactly before all."""
        return list(dict.fromkeys(chain(exactly, self._entries.codes_of(ranks))))

    # -- what is answered ------------------------------------------------------------------------------------------

    def _hits(
        self, page: Sequence[str], exactly: Mapping[str, _Found], ranks: Iterable[int], marker: Marker
    ) -> tuple[Hit, ...]:
        found = dict(exactly)
        missing = set(page).difference(exactly)
        for rank in ranks:
            if not missing:
                break
            entry = self._entries.entry_of(rank)
            code = self._entries.codes[entry]
            if code in missing:
                missing.remove(code)
                # The first of a concept's entries is its best, of equal ones that in the language wanted most.
                found[code] = _Found(self._entries.score_of(rank), entry)
        return tuple(self._hit(code, found[code], marker) for code in page)

    def _hit(self, code: str, found: _Found, marker: Marker) -> Hit:
        concept = self._taxonomy[code]
        language: str | None = None
        tier: Tier | None = None
        highlights: tuple[Highlight, ...] = ()
        if found.entry is not None:
            language = self._entries.languages[found.entry]
            tier, highlights = marked_texts(concept, language, marker)
            if self._entries.is_inherited(found.entry):
                # an old name finds as a hidden label does, and like one it is not shown here
                tier = Tier.HIDDEN if tier is None else min(tier, Tier.HIDDEN)
        return Hit(
            code=code,
            score=round(found.score, 3),
            matched_by=found.named or FIELD[Tier.TEXT if tier is None else tier],
            exact=found.named is not None,
            language=language,
            highlights=highlights,
            successors=successors_of(self._taxonomy, code),
        )
