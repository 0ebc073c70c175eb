"""Suggestions while typing: labels that begin with the text, then labels with its words inside, then misspelt ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from competency_api.search.finding.entries import Entries, Wishes, languages_of
from competency_api.search.finding.highlights import Marker, Span
from competency_api.search.finding.querying import Asked, QueryBuilder, Wanted, read
from competency_api.search.finding.ranking import LABEL_TIERS, Tier
from competency_api.search.values import SuggestedBy, Suggestion, SuggestQuery
from competency_api.search.words.folding import folded_text, located_words, words
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.taxonomy import Taxonomy

_CODE_BEGUN = re.compile("[A-Z][0-9]{1,8}")


class _Scope(NamedTuple):
    languages: tuple[str, ...]
    wishes: Wishes
    allowed: frozenset[str] | None

    def admits(self, code: str) -> bool:
        return self.allowed is None or code in self.allowed


class Suggester:
    def __init__(self, taxonomy: Taxonomy, entries: Entries) -> None:
        self._taxonomy = taxonomy
        self._entries = entries
        self._builder = QueryBuilder(entries.schema, entries.vocabulary, len(entries))
        self._codes = sorted(taxonomy.concepts)

    def suggest(self, query: SuggestQuery) -> tuple[Suggestion, ...]:
        """At most ``limit`` concepts, each once. Any text may be given; one without a word suggests nothing."""
        languages = self._entries.spoken(query.language)
        scope = _Scope(languages, self._entries.wishes(languages, query.answer_languages), query.allowed)
        asked = read(query.text)
        typed = " ".join([*asked.words, *(word for phrase in asked.phrases for word in phrase)])
        found: dict[str, Suggestion] = {}
        if typed and scope.languages:
            for suggestion in self._all(query.text, typed, scope):
                if found.setdefault(suggestion.code, suggestion) and len(found) >= query.limit:
                    break
        return tuple(found.values())[: query.limit]

    def _all(self, text: str, typed: str, scope: _Scope) -> Iterator[Suggestion]:
        yield from self._by_code(text.strip().upper(), scope)
        yield from self._by_label(typed, scope)
        yield from self._by_words(Asked(tuple(typed.split())), scope)

    # -- the three ways --------------------------------------------------------------------------------------------

    def _by_code(self, begun: str, scope: _Scope) -> Iterator[Suggestion]:
        if not _CODE_BEGUN.fullmatch(begun):
            return
        for code in islice(self._codes, bisect_left(self._codes, begun), None):
            if not code.startswith(begun):
                return
            known = languages_of(self._taxonomy[code])
            languages = [tag for wished in scope.wishes for tag in known if tag in wished]
            if languages and scope.admits(code):
                yield self._suggestion(code, languages[0], None, (), "code")

    def _by_label(self, typed: str, scope: _Scope) -> Iterator[Suggestion]:
        labels = self._entries.labels
        for wished, label in ((tags, label) for tags in scope.wishes for label in labels.beginning(typed, tags)):
            code, language = self._entries.codes[label.entry], self._entries.languages[label.entry]
            if language in wished and scope.admits(code):
                shown = _original(self._taxonomy[code].labels[language], label.tier, label.folded)
                spans = _beginning(shown, typed) if shown is not None else ()
                yield self._suggestion(code, language, shown, spans, "label")

    def _by_words(self, asked: Asked, scope: _Scope) -> Iterator[Suggestion]:
        wanted = self._builder.wanted(asked, scope.languages)
        only = scope.languages if scope.languages != self._entries.all_languages else ()
        query = self._builder.query(wanted, (), only, tiers=LABEL_TIERS)
        if query is None:
            return
        how: SuggestedBy = "typos" if any(w.meaning.is_typo for w in wanted) else "words"
        spoken, ranks = self._entries.languages, self._entries.ranked(query)
        entries = list(map(self._entries.entry_of, ranks))
        for entry in (entry for wished in scope.wishes for entry in entries if spoken[entry] in wished):
            code, language = self._entries.codes[entry], spoken[entry]
            if not scope.admits(code):
                continue
            shown, spans = _best_label(self._taxonomy[code].labels[language], wanted)
            yield self._suggestion(code, language, shown, spans, how)

    def _suggestion(
        self, code: str, language: str, shown: str | None, spans: tuple[Span, ...], how: SuggestedBy
    ) -> Suggestion:
        concept = self._taxonomy[code]
        labels = concept.labels.get(language)
        preferred = labels.preferred if labels else concept.name
        return Suggestion(
            code=code,
            text=preferred if shown is None else shown,
            language=language,
            matched_by=how,
            spans=spans,
            successors=successors_of(self._taxonomy, code),
        )


def _original(labels: Labels, tier: Tier, folded: str) -> str | None:
    """The label that was folded; None for a hidden one, which is not shown."""
    if tier is Tier.PREFERRED:
        return labels.preferred
    return next((label for label in labels.alternative if folded_text(label) == folded), None)


def _beginning(label: str, typed: str) -> tuple[Span, ...]:
    """The span of a label that ``typed`` is the folded beginning of."""
    asked = typed.split()
    covered = located_words(label)[: len(asked)]
    word, start, end = covered[-1]
    # Inside a word letters can be counted only where folding kept their number.
    return ((covered[0][1], start + len(asked[-1]) if len(word) == end - start else end),)


def _best_label(labels: Labels, wanted: tuple[Wanted, ...]) -> tuple[str | None, tuple[Span, ...]]:
    """The first shown label with the most of the words, and where they are."""
    readings = [w.meaning.readings.keys() for w in wanted]

    def met(label: str) -> int:
        inside = words(label)
        return sum(1 for reading in readings if not reading.isdisjoint(inside))

    best = max((labels.preferred, *labels.alternative), key=met)
    return best, Marker(wanted).spans(best)
