"""What of a version goes into its index: one entry per concept and language, with all that is looked up by entry.

A concept to use instead of a retired one has that one's entries too: what it is found by under its old name.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import cast

import tantivy

from competency_api.search.finding.highlights import texts_of
from competency_api.search.finding.ranking import FIELD, SUCCESSOR_WEIGHT, Tier, prior
from competency_api.search.words.folding import folded_lines, hyphenated
from competency_api.search.words.labels import LabelList
from competency_api.search.words.vocabulary import Vocabulary
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.taxonomy import Taxonomy

# The writer wants at least 15 MB a thread; one thread and room enough make one segment.
_WRITER_BYTES = 64_000_000
# Of the orders of entries that are remembered, which are those of the languages of answers.
_ORDERS_KEPT = 8
_BYTES_OF_ENTRY = 72 + 4 * _ORDERS_KEPT
# One hit packed into an integer: score | 8 how wanted its language is | 24 entry, the first one highest
_ENTRY_BITS, _WISH_BITS = 24, 8
_LAST_ENTRY = (1 << _ENTRY_BITS) - 1
_MOST_WANTED = (1 << _WISH_BITS) - 1
#: Scores are told apart to a ten-thousandth: the library has them as 32-bit floats below a few hundred.
_SCORE_UNITS = 10_000
#: Languages that are searched, those that are wanted alike together, most wanted first.
Wishes = tuple[frozenset[str], ...]


def schema() -> tantivy.Schema:
    """A field of folded words per tier, the language, and the entry's number for reading back."""
    builder = tantivy.SchemaBuilder()
    for tier in Tier:
        builder.add_text_field(FIELD[tier], tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("entry", fast=True)
    return builder.build()


def languages_of(concept: Concept) -> list[str]:
    """The languages of a concept's entries, the reference language first."""
    tags = concept.labels.keys() | concept.definition.keys()
    return sorted(tags, key=lambda tag: (tag != REFERENCE_LANGUAGE, tag))


def predecessors_of(taxonomy: Taxonomy) -> dict[str, list[Concept]]:
    """By the code of an active concept, the retired ones that it is to be used instead of."""
    found: dict[str, list[Concept]] = defaultdict(list)
    for concept in taxonomy:
        for successor in successors_of(taxonomy, concept.code):
            found[successor.code].append(concept)
    return found


def disciplines_of(taxonomy: Taxonomy, concept: Concept) -> tuple[str, ...]:
    """The disciplines that a concept is part of, and those above them, sorted; ends on cycles."""
    found = dict.fromkeys(concept.targets("part_of"))
    waiting = list(found)
    while waiting:
        discipline = taxonomy.get(waiting.pop())
        above = [code for code in discipline.targets("broader") if code not in found] if discipline else []
        found.update(dict.fromkeys(above))
        waiting += above
    return tuple(sorted(found))


class Entries:
    """The entries of a version, numbered in the order of codes and, for one concept, of languages."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.codes: list[str] = []
        self.languages: list[str] = []
        self._priors = array("d")
        self._kinds = {concept.code: concept.kind for concept in taxonomy}
        self._disciplines = {concept.code: disciplines_of(taxonomy, concept) for concept in taxonomy}
        self.labels = LabelList()
        self._inherited: set[int] = set()
        self._characters = 0
        self.schema = schema()
        index = tantivy.Index(self.schema)
        index.config_reader("manual")
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        predecessors = predecessors_of(taxonomy)
        for concept in taxonomy:
            for language in languages_of(concept):
                writer.add_document(self._document(concept, concept, language))
            for retired in predecessors.get(concept.code, ()):
                for language in filter(concept.labels.__contains__, languages_of(retired)):
                    writer.add_document(self._document(concept, retired, language))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._is_one_segment = self._searcher.num_segments == 1
        self.all_languages = tuple(sorted(set(self.languages)))
        self.vocabulary = Vocabulary(self._searcher, self.schema, self.all_languages)
        self.labels.close()
        self._orders = lru_cache(maxsize=_ORDERS_KEPT)(self._order)

    def spoken(self, language: str | None) -> tuple[str, ...]:
        """The version's languages that are meant: all when none is asked for, none when it has no such language.

        ``es`` means ``es-MX`` too; ``es-MX`` means ``es`` when the version does not tell them apart.
        """
        if language is None:
            return self.all_languages
        wanted = language.lower()
        while wanted:
            found = tuple(tag for tag in self.all_languages if f"{tag.lower()}-".startswith(f"{wanted}-"))
            if found:
                return found
            wanted = wanted.rpartition("-")[0]
        return ()

    def wishes(self, searched: Sequence[str], wanted: Iterable[str]) -> Wishes:
        """The languages ``searched`` by how much they are wanted, then the reference language, then the others.

        All alike when none is wanted.
        """
        rest, found = set(searched), []
        for tag in (*wanted, REFERENCE_LANGUAGE) if wanted else ():
            if own := rest.intersection(self.spoken(tag)):
                found.append(frozenset(own))
                rest -= own
        return (*found, frozenset(rest)) if rest else tuple(found)

    def _order(self, wishes: Wishes) -> array[int]:
        """What every entry's rank ends with, so that of equal scores the more wanted language is higher."""
        places = {tag: _MOST_WANTED - min(place, _MOST_WANTED) for place, tags in enumerate(wishes) for tag in tags}
        return array(
            "I", (places.get(tag, 0) << _ENTRY_BITS | _LAST_ENTRY - entry for entry, tag in enumerate(self.languages))
        )

    def ranked(self, query: tantivy.Query, wishes: Wishes = (), allowed: frozenset[str] | None = None) -> list[int]:
        """Every allowed entry that the query finds, best first, as packed ranks.

        Of equal ones, those in more wanted languages come first, then the first entry.

        A rank holds :meth:`score_of` and :meth:`entry_of`; tens of thousands of integers sort where as many tuples
        would take ten times as long.
        """
        hits = self._searcher.search(query, limit=max(len(self), 1), count=False).hits
        entries = self._entries_at([address for _score, address in hits])
        priors, order = self._priors, self._orders(wishes)
        ranks = [
            int(score * priors[entry]) << _ENTRY_BITS + _WISH_BITS | order[entry]
            for (score, _address), entry in zip(hits, entries, strict=True)
        ]
        ranks.sort(reverse=True)
        if allowed is None:
            return ranks
        return [rank for rank, code in zip(ranks, self.codes_of(ranks), strict=True) if code in allowed]

    def _entries_at(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        if self._is_one_segment:
            # in which documents are numbered as they were added
            return [address.doc for address in addresses]
        return cast(list[int], self._searcher.fast_field_values("entry", addresses))

    def codes_of(self, ranks: Sequence[int]) -> Iterator[str]:
        return map(self.codes.__getitem__, [_LAST_ENTRY - (rank & _LAST_ENTRY) for rank in ranks])

    @staticmethod
    def entry_of(rank: int) -> int:
        return _LAST_ENTRY - (rank & _LAST_ENTRY)

    @staticmethod
    def score_of(rank: int) -> float:
        return (rank >> _ENTRY_BITS + _WISH_BITS) / _SCORE_UNITS

    def is_inherited(self, entry: int) -> bool:
        """Whether the entry has the texts of a retired concept that its own is to be used instead of."""
        return entry in self._inherited

    def counts(self, codes: Iterable[str]) -> dict[str, dict[str, int]]:
        """How many of the concepts are of each kind and of each discipline, most first."""
        return {
            "kind": _counted(map(self._kinds.__getitem__, codes)),
            "discipline": _counted(chain.from_iterable(filter(None, map(self._disciplines.get, codes)))),
        }

    @property
    def memory_bytes(self) -> int:
        """Estimated memory of everything here, by factors measured on ESCO (14,536 concepts in three languages)."""
        return (
            self.labels.memory_bytes
            + self.vocabulary.memory_bytes
            + _BYTES_OF_ENTRY * len(self)
            + self._characters // 2
        )

    def __len__(self) -> int:
        return len(self.codes)

    def _document(self, concept: Concept, source: Concept, language: str) -> tantivy.Document:
        """The next entry of a concept, with the texts of ``source``: its own, or those of one that it stands in for."""
        entry, retired, is_own = len(self.codes), concept.retirement is not None, source is concept
        document = tantivy.Document()
        document.add_unsigned("entry", entry)
        document.add_text("language", language)
        label_words = 0
        for tier, texts in texts_of(source, language).items():
            if not texts:
                continue
            field, lines = FIELD[tier], folded_lines(texts)
            # Each value of a field is apart from the next, so phrases do not reach from one label into another.
            for line in (*lines, *hyphenated("\n".join(texts))):
                document.add_text(field, line)
                self._characters += len(line)
            if tier is Tier.PREFERRED:
                label_words = lines[0].count(" ") + 1
            if is_own and tier is not Tier.TEXT:
                self.labels.add(lines, entry, tier, language, retired)
        if not is_own:
            self._inherited.add(entry)
        self.codes.append(concept.code)
        self.languages.append(language)
        self._priors.append(prior(label_words, retired) * (1.0 if is_own else SUCCESSOR_WEIGHT) * _SCORE_UNITS)
        return document


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
