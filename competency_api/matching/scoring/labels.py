"""The labels of a version in one language, looked up by the stems of their words.

A concept that has no label in the language is found by those in the reference language. A label without what stands in
brackets ("Java (computer programming)") is one more. Stop words do not count, unless a label has no others. The weight
of a word follows from how few concepts have it; words of the genre ("course", "skill") weigh less. Retired concepts are
left out.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

import msgspec
from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, Searcher

from competency_api.matching.texts.lexicon import Lexicon, primary
from competency_api.matching.values import LabelType
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import stems
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept, Labels
from competency_api.taxonomy.taxonomy import Taxonomy

GENRE_FACTOR = 0.4
#: What a definition that has a word counts beside a label that has it: a word that many need is a common one.
TOLD_SHARE = 0.5
#: What a word that any text may have weighs at most, however seldom the version has it.
MOST_OF_COMMON = 0.6
# Words of a label that are looked at.
_MOST_WORDS = 12
#: How much more a preferred label counts than another one.
PREFERRED = 1.2
# The library multiplies with 1 at least: no label weighs more than its words, each 1 at most.
_SCALE = float(_MOST_WORDS)
# The writer wants at least 15 MB a thread; one thread and room enough make one segment.
_WRITER_BYTES = 64_000_000
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_ACRONYM = re.compile(r"(?=(?:.*[A-Z]){2})[\w&/.-]{2,6}")
_LONGEST_ACRONYM = 6
# Of a label with its words and its place in the index; measured with ESCO in three languages
_BYTES_OF_LABEL = 600


class Label(msgspec.Struct, frozen=True, gc=False):
    """``words`` are folded, each once, ``stems`` theirs; ``weight`` is that of all together."""

    concept: str
    label_type: LabelType
    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weight: float
    is_acronym: bool


def bound(label: Label, matched: float) -> float:
    """The most that a label can score when words of this weight match: by their weight and their share of the label."""
    return float(matched**1.5 / label.weight * (PREFERRED if label.label_type == "preferred" else 1))


class _Found(msgspec.Struct, frozen=True, gc=False):
    concept: str
    label_type: LabelType
    text: str
    language: str
    words: tuple[str, ...]


class LabelIndex:
    """Read only once it is made, so any number of threads may ask it."""

    def __init__(self, taxonomy: Taxonomy, lexicon: Lexicon) -> None:
        active = [concept for concept in taxonomy if concept.retirement is None]
        is_stop = _StopWords(lexicon)
        found = [label for concept in active for label in _labels(concept, lexicon.language, is_stop)]
        self.stem_of = _stem_of((word for label in found for word in label.words), lexicon.language)
        named = _named(found, self.stem_of)
        self.weights = _weights(named, _told(active, lexicon.language, named), lexicon)
        self.labels = [self._label(label) for label in found]
        self.preferred_of: dict[str, list[Label]] = defaultdict(list)
        for label in self.labels:
            if label.label_type == "preferred":
                self.preferred_of[label.concept].append(label)
        self._schema = _schema()
        self._searcher = self._indexed(taxonomy)

    def nearest(self, stems_: Iterable[str], kinds: Collection[str] | None, most: int) -> list[tuple[float, Label]]:
        """The labels that may score most for a text with these stems, best first, each with its :func:`bound`.

        ``kinds`` are those of the concepts that may be found, None for all.
        """
        weights = self.weights
        words_ = [(Occur.Should, _worth(self._schema, "stems", stem, weights[stem])) for stem in stems_]
        if not words_:
            return []
        query = Query.boolean_query(words_)
        if kinds is not None:
            of_kind = Query.boolean_query([(Occur.Should, _worth(self._schema, "kind", kind, 0.0)) for kind in kinds])
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, of_kind)])
        hits = self._searcher.search(query, limit=most, count=False, weight_by_field="scale").hits
        addresses = [address for _, address in hits]
        numbers = cast(list[int], self._searcher.fast_field_values("label", addresses))
        return [(score**1.5 / _SCALE, self.labels[number]) for (score, _), number in zip(hits, numbers, strict=True)]

    def _indexed(self, taxonomy: Taxonomy) -> Searcher:
        """The labels by their stems, with what makes the library order them by their bound."""
        index = Index(self._schema)
        index.config_reader("manual")
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        for number, label in enumerate(self.labels):
            document = Document()
            document.add_text("stems", " ".join(label.stems))
            document.add_text("kind", taxonomy[label.concept].kind)
            document.add_unsigned("label", number)
            document.add_float("scale", _scale(label))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index.searcher()

    def __len__(self) -> int:
        return len(self.labels)

    def _label(self, found: _Found) -> Label:
        by_stem = dict(zip(map(self.stem_of.__getitem__, found.words), found.words, strict=True))
        weight = sum(map(self.weights.__getitem__, by_stem))
        is_acronym = len(found.text) <= _LONGEST_ACRONYM and bool(_ACRONYM.fullmatch(found.text))
        own = tuple(by_stem.values()), tuple(by_stem)
        return Label(found.concept, found.label_type, found.text, found.language, *own, weight, is_acronym)


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("label", fast=True)
    builder.add_float_field("scale", fast=True)
    return builder.build()


def _worth(schema: Schema, field: str, term: str, score: float) -> Query:
    return Query.const_score_query(Query.term_query(schema, field, term, "basic"), score)


def _scale(label: Label) -> float:
    """What the library multiplies the weight of the matched words with, as it wants it: by log2(2 + value).

    Their product, to the power of 1.5, is the bound.
    """
    factor = (_SCALE * bound(label, 1.0)) ** (1 / 1.5)
    return float(2**factor - 2)


def memory_of(taxonomy: Taxonomy) -> int:
    """Bytes of the indexes of all languages of a version, by estimate."""
    count = sum(
        1 + len(labels.alternative) + len(labels.hidden) for concept in taxonomy for labels in concept.labels.values()
    )
    return _BYTES_OF_LABEL * count


class _StopWords(dict[str, bool]):
    """Whether a word is one, for each word that was met: labels have few words, and many times."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __missing__(self, word: str) -> bool:
        is_one = self[word] = self._lexicon.is_stop_word(word)
        return is_one


def _labels(concept: Concept, language: str, is_stop: Mapping[str, bool]) -> Iterator[_Found]:
    spoken = [tag for tag in sorted(concept.labels) if primary(tag) == language]
    seen: set[tuple[str, ...]] = set()
    for tag in spoken or [tag for tag in (REFERENCE_LANGUAGE,) if tag in concept.labels]:
        for label_type, text in _texts(concept.labels[tag]):
            for variant in _variants(text):
                kept = _content(variant, is_stop)
                if kept and kept not in seen:
                    seen.add(kept)
                    yield _Found(concept.code, label_type, text, tag, kept)


def _texts(labels: Labels) -> Iterator[tuple[LabelType, str]]:
    yield "preferred", labels.preferred
    yield from (("alternative", text) for text in labels.alternative)
    yield from (("hidden", text) for text in labels.hidden)


def _variants(text: str) -> tuple[str, ...]:
    return (text, _BRACKETED.sub("", text)) if "(" in text else (text,)


def _content(text: str, is_stop: Mapping[str, bool]) -> tuple[str, ...]:
    """The words that count, each once."""
    found = list(dict.fromkeys(words(text)))[:_MOST_WORDS]
    return tuple([word for word in found if not is_stop[word]] or found)


def _stem_of(vocabulary: Iterable[str], language: str) -> dict[str, str]:
    ordered = sorted(set(vocabulary))
    return dict(zip(ordered, stems(language, ordered), strict=True))


def _named(found: Iterable[_Found], stem_of: Mapping[str, str]) -> dict[str, set[str]]:
    """By concept, the stems of its labels."""
    named: dict[str, set[str]] = defaultdict(set)
    for label in found:
        named[label.concept].update(label.words)
    return {code: set(map(stem_of.__getitem__, of)) for code, of in named.items()}


def _told(active: Iterable[Concept], wanted: str, named: Mapping[str, set[str]]) -> Counter[str]:
    """By stem, how many concepts have it in their definition or scope note and in no label."""
    told = {
        concept.code: set(words("\n".join(_spoken(text, wanted) for text in (concept.definition, concept.scope_note))))
        for concept in active
    }
    stem_of = _stem_of(set().union(*told.values()), wanted)
    counts: Counter[str] = Counter()
    for code, of in told.items():
        counts.update(set(map(stem_of.__getitem__, of)) - named.get(code, set()))
    return counts


def _spoken(texts: Mapping[str, str], wanted: str) -> str:
    tag = next((tag for tag in sorted(texts) if primary(tag) == wanted), REFERENCE_LANGUAGE)
    return texts.get(tag, "")


def _weights(named: Mapping[str, set[str]], told: Mapping[str, int], lexicon: Lexicon) -> dict[str, float]:
    """By stem, 0 to 1: how much it says that a text has this word."""
    having = Counter(stem for of in named.values() for stem in of)
    most = math.log(1 + max(len(named), 1))
    weights = {}
    for stem, of in having.items():
        count = of + TOLD_SHARE * told.get(stem, 0)
        weight = math.log(1 + len(named) / count) / most * (GENRE_FACTOR if stem in lexicon.genre else 1)
        weights[stem] = min(weight, MOST_OF_COMMON) if stem in lexicon.common else weight
    return weights
