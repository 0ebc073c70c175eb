"""From what a person typed to a query of the library's own objects. No text is ever parsed as a query language.

The only thing that is read into the text are balanced quotation marks: what stands between them must be found side by
side and in order. Everything else, operators and wildcards included, is words or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tantivy import Occur, Query, Schema

from competency_api.search.finding.ranking import FIELD, PHRASE_BONUS, TIER_WEIGHT, WEIGHT, Quality, Tier, rarity
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import is_stop_word
from competency_api.search.words.vocabulary import Meaning, Vocabulary

#: Of a longer query only the beginning is read; the answer says how many words were left.
MOST_WORDS = 24
MOST_CHARACTERS = 2000
#: Looking for what a word is misspelt from costs a thousand times what looking it up does.
MOST_CORRECTED = 6
_QUOTED = re.compile('"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»')


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as read: loose words and quoted phrases, folded, each once."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    ignored_words: int = 0

    @property
    def label(self) -> str:
        """The whole as a folded label, for comparing with labels; empty when words and phrases are mixed."""
        parts = [self.words, *self.phrases] if self.words else list(self.phrases)
        return " ".join(parts[0]) if len(parts) == 1 else ""


def read(text: str) -> Asked:
    """The words and phrases of any text, bounded."""
    head, rest = text[:MOST_CHARACTERS], text[MOST_CHARACTERS:]
    quoted = [tuple(words("".join(groups))) for groups in _QUOTED.findall(head)]
    loose = words(_QUOTED.sub(" ", head))
    phrases: list[tuple[str, ...]] = []
    room = MOST_WORDS
    for phrase in quoted:
        if phrase and room:
            phrases.append(phrase[:room])
            room -= len(phrases[-1])
    ignored = sum(map(len, quoted)) - sum(map(len, phrases)) + len(loose[room:]) + len(rest.split())
    return Asked(tuple(loose[:room]), tuple(dict.fromkeys(phrases)), ignored)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of the query with its meaning; optional ones are not looked for, but may stand in a phrase."""

    meaning: Meaning
    is_optional: bool = False


class QueryBuilder:
    """Builds queries over the fields of one index."""

    def __init__(self, schema: Schema, vocabulary: Vocabulary, documents: int) -> None:
        self._schema = schema
        self._vocabulary = vocabulary
        self._documents = documents

    def wanted(self, asked: Asked, languages: tuple[str, ...]) -> tuple[Wanted, ...]:
        """The loose words with their meanings; when nothing but optional words is asked for, they are required."""
        meanings: list[Meaning] = []
        for word in dict.fromkeys(asked.words):
            strange = sum(1 for meaning in meanings if meaning.is_typo or not meaning.readings)
            meanings += self._vocabulary.meanings(
                word, languages, may_be_begun=word == asked.words[-1], may_be_misspelt=strange < MOST_CORRECTED
            )
        optional = [_says_little(meaning.word, languages) for meaning in meanings]
        if all(optional) and not asked.phrases:
            optional = [False] * len(meanings)
        return tuple(Wanted(*pair) for pair in zip(self._with_joined(meanings), optional, strict=True))

    def _with_joined(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        found = list(meanings)
        for place, (first, second) in enumerate(pairwise(meanings)):
            if together := self._vocabulary.joined(first.word, second.word):
                for at in (place, place + 1):
                    readings = {together: Quality.COMPOUND, **found[at].readings}
                    found[at] = replace(found[at], readings=readings)
        return found

    # -- queries ---------------------------------------------------------------------------------------------------

    def query(
        self,
        wanted: Sequence[Wanted],
        phrases: Sequence[Sequence[str]],
        languages: Sequence[str],
        tiers: Sequence[Tier] = tuple(Tier),
        least: int | None = None,
    ) -> Query | None:
        """Everything that has all required words and phrases; with ``least``, at least so many of the words.

        In one of the ``languages``, or in any when none is given. None when nothing can match.
        """
        looked_for = [word for word in wanted if not word.is_optional]
        queries = [query for word in looked_for if (query := self._of_word(word.meaning, tiers)) is not None]
        if (least is None and len(queries) < len(looked_for)) or not (queries or phrases):
            return None
        clauses = [(Occur.Must, self._of_phrase(phrase, tiers, 1.0)) for phrase in phrases]
        if least is None:
            clauses += [(Occur.Must, query) for query in queries]
        elif queries:
            some = [(Occur.Should, query) for query in queries]
            clauses.append((Occur.Must, Query.boolean_query(some, minimum_number_should_match=least)))
        clauses += self._bonus(wanted, tiers)
        if languages:
            spoken = [Query.term_query(self._schema, "language", tag, "basic") for tag in languages]
            clauses.append((Occur.Must, _constant(_best_of(spoken), 0.0)))
        return Query.boolean_query(clauses)

    def _of_word(self, meaning: Meaning, tiers: Sequence[Tier]) -> Query | None:
        """The best of everything that the word may be, anywhere; one small query each, for the library's queries of
        term sets walk its whole dictionary."""
        worth = rarity(meaning.found_in, self._documents)
        readings = meaning.readings.items()
        queries = [
            _constant(self._term(tier, word), worth * WEIGHT[tier, quality])
            for tier in tiers
            for known in (self._vocabulary.words_in(tier),)
            for word, quality in readings
            if word in known
        ]
        return _best_of(queries) if queries else None

    def _term(self, tier: Tier, word: str) -> Query:
        return Query.term_query(self._schema, FIELD[tier], word, "basic")

    def _of_phrase(self, phrase: Sequence[str], tiers: Iterable[Tier], worth: float) -> Query:
        """The words side by side and in order, exactly as folded."""
        return _best_of([_constant(self._side_by_side(tier, phrase), worth * TIER_WEIGHT[tier]) for tier in tiers])

    def _side_by_side(self, tier: Tier, phrase: Sequence[str]) -> Query:
        # The library panics (not an Exception) on a phrase of a single word.
        if len(phrase) == 1:
            return self._term(tier, phrase[0])
        return Query.phrase_query(self._schema, FIELD[tier], list(phrase))

    def _bonus(self, wanted: Sequence[Wanted], tiers: Sequence[Tier]) -> list[tuple[Occur, Query]]:
        words_asked = [w.meaning.word for w in wanted]
        if len(words_asked) < 2:
            return []
        possible = [tier for tier in tiers if all(self._vocabulary.is_in(word, tier) for word in words_asked)]
        if not possible:
            return []
        return [(Occur.Should, self._of_phrase(words_asked, possible, PHRASE_BONUS * rarity(1, self._documents)))]


def _constant(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _best_of(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _says_little(word: str, languages: Iterable[str]) -> bool:
    """Stop words, and single Latin letters such as an apostrophe leaves behind."""
    return (len(word) == 1 and word.isascii()) or any(is_stop_word(language, word) for language in languages)
