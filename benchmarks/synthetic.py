"""Taxonomies of any size that look like a real one: where ESCO ends.

``python -m benchmarks.synthetic COUNT > synthetic.ndjson`` writes a file that ``competency-api import`` takes. The same
count always gives the same bytes. Words are made of syllables and used as unevenly as those of a language; texts are as
long as those of ESCO (about 1,150 bytes of canonical JSON a concept), in three languages; ten concepts lie below each.
"""

from __future__ import annotations

import random
import sys
import uuid
from collections.abc import Iterator
from itertools import accumulate

from msgspec.structs import replace

from competency_api.formats import FORMATS
from competency_api.taxonomy.concept import Alignment, Concept, Labels, Relation, Source, normalised
from competency_api.taxonomy.taxonomy import Taxonomy

LANGUAGES = ("en", "es", "fr")
_CHILDREN = 10
_SYLLABLES = [
    first + vowel + last for first in "bcdfglmnprstv" for vowel in "aeiou" for last in ("", "n", "r", "s", "l")
]
_SOURCE = Source(title="Made for measuring", publisher="Competency API", url="https://example.org/synthetic")
_ROOT = Concept(
    code="D001",
    uuid="5f0b7f3e-3f0e-4f5a-8a55-1d6a1b1f2c02",
    kind="discipline",
    labels={"en": Labels(preferred="Everything that is made up")},
    definition={"en": "All concepts of this taxonomy, which says nothing and is only as large as it was asked to be."},
    attributes={"domain": "management"},
    sources=(_SOURCE,),
)


class _Language:
    """Words of which few are used often and many seldom (Zipf's law), more of them the more concepts there are."""

    def __init__(self, chance: random.Random, count: int) -> None:
        size = 1_000 + int(60 * count**0.5)
        words: dict[str, None] = {}
        while len(words) < size:
            words["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 4))))] = None
        self._words = list(words)
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(size)))
        self._chance = chance
        self._labels: set[str] = set()

    def text(self, least: int, most: int) -> str:
        count = self._chance.randint(least, most)
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))

    def label(self) -> str:
        """Unlike every one before; a word longer where it must be."""
        label = self.text(2, 6)
        while label in self._labels:
            label += f" {self.text(1, 1)}"
        self._labels.add(label)
        return label


def taxonomy(count: int) -> Taxonomy:
    """``count`` competencies below one discipline."""
    return Taxonomy([_ROOT, *_concepts(count)])


def following(previous: Taxonomy) -> Taxonomy:
    """A release after it: of each hundred concepts two are renamed, two moved and one is new."""
    concepts = {concept.code: concept for concept in previous}
    codes = list(previous.kinds["competency"])
    for number, code in enumerate(codes):
        concept = concepts[code]
        if number % 100 in (7, 57):
            english = concept.labels["en"]
            labels = {**concept.labels, "en": replace(english, preferred=f"{english.preferred} newly named")}
            concepts[code] = replace(concept, labels=labels)
        elif number % 100 in (33, 83) and "broader" in concept.relations:
            concepts[code] = replace(concept, relations={**concept.relations, "broader": (Relation(code=codes[1]),)})
    concepts |= {concept.code: concept for concept in _concepts(len(codes) // 100, first=len(codes) + 1)}
    return Taxonomy(concepts.values())


def _concepts(count: int, first: int = 1) -> Iterator[Concept]:
    chance = random.Random(first)
    languages = {tag: _Language(chance, count) for tag in LANGUAGES}
    for number in range(first, first + count):
        yield _concept(number, languages, chance)


def _concept(number: int, languages: dict[str, _Language], chance: random.Random) -> Concept:
    labels = {
        tag: Labels(
            preferred=language.label(), alternative=tuple(language.label() for _ in range(chance.choice((0, 0, 1, 4))))
        )
        for tag, language in languages.items()
    }
    relations = {"part_of": (Relation(code="D001"),)}
    if parent := number // _CHILDREN:
        relations["broader"] = (Relation(code=f"C{parent:06}"),)
    return normalised(
        Concept(
            code=f"C{number:06}",
            uuid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            kind="competency",
            labels=labels,
            definition={"en": f"{languages['en'].text(20, 55)}."},
            translations={tag: "reviewed" for tag in labels if tag != "en"},
            relations=relations,
            alignments=(Alignment(match="exact", uri=f"https://example.org/synthetic/{number}", scheme="Synthetic"),),
            attributes={"type": "skill"},
            sources=(_SOURCE,),
        )
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: python -m benchmarks.synthetic COUNT > FILE.ndjson")
    for chunk in FORMATS["ndjson"].dump(taxonomy(int(sys.argv[1])), None):
        sys.stdout.buffer.write(chunk)
