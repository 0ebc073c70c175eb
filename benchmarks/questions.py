"""What people would ask about a taxonomy, made from its own labels; the same for the same taxonomy."""

from __future__ import annotations

import random
from collections.abc import Iterator

from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.taxonomy import Taxonomy

#: Of ten questions: five with two or three words of a label, two with one word, one whole label, one code, one typo.
_WAYS = ("words", "words", "words", "words", "words", "word", "word", "label", "code", "typo")


def searches(taxonomy: Taxonomy, count: int) -> list[str]:
    """So many different searches in every language of the taxonomy, misspelt ones and codes among them."""
    found: dict[str, None] = {}
    for question in _endless(taxonomy, random.Random(3)):
        found[question] = None
        if len(found) == count:
            return list(found)
    return list(found)


def of_words(taxonomy: Taxonomy, words: int, count: int) -> list[str]:
    """So many different searches of so many words that stand in one label, rightly spelt; 0 words is a whole label."""
    chance = random.Random(5 + words)
    concepts, found = list(taxonomy), dict[str, None]()
    # small taxonomies have no more than so many different questions
    for _ in range(20 * count):
        label = _label(chance.choice(concepts), chance)
        telling = _telling(label)
        if words <= len(telling) and len(found) < count:
            chosen = sorted(chance.sample(range(len(telling)), words))
            found[" ".join(telling[at] for at in chosen) or label] = None
    return list(found)


def typed(taxonomy: Taxonomy, labels: int) -> list[str]:
    """What is in the field after each key, from the second to the tenth, while so many labels are being typed."""
    chance = random.Random(4)
    concepts = chance.sample(list(taxonomy), min(labels, len(taxonomy)))
    texts = [_label(concept, chance) for concept in concepts]
    return list(dict.fromkeys(text[:length] for text in texts for length in range(2, min(len(text), 10) + 1)))


def _label(concept: Concept, chance: random.Random) -> str:
    return concept.labels[chance.choice(sorted(concept.labels))].preferred


def _telling(label: str) -> list[str]:
    # nobody looks for "the" alone
    return [word for word in label.split() if len(word) > 3] or [label]


def _endless(taxonomy: Taxonomy, chance: random.Random) -> Iterator[str]:
    concepts = list(taxonomy)
    # small taxonomies have no more than so many different questions
    for _ in range(1_000_000):
        concept = chance.choice(concepts)
        label = _label(concept, chance)
        telling = _telling(label)
        match chance.choice(_WAYS):
            case "words":
                chosen = sorted(chance.sample(range(len(telling)), min(len(telling), chance.choice((2, 2, 3)))))
                yield " ".join(telling[at] for at in chosen)
            case "word":
                yield chance.choice(telling)
            case "label":
                yield label
            case "code":
                yield concept.code
            case _:
                yield _misspelt(telling, chance)


def _misspelt(words: list[str], chance: random.Random) -> str:
    """Two neighbouring letters of the longest word exchanged."""
    longest = max(words, key=len)
    at = chance.randrange(1, len(longest) - 1) if len(longest) > 3 else 0
    wrong = longest[:at] + longest[at : at + 2][::-1] + longest[at + 2 :]
    return " ".join(wrong if word == longest else word for word in words[:3])
