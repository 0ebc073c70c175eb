"""What providers accepted before, used: a concept that was accepted for similar texts comes further up.

Pure over what it is given: who keeps the acceptances, and whose they may be, is for the callers to say.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from competency_api.matching.texts.guesses import lexicon_for
from competency_api.matching.values import Match
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import stems

#: What full likeness to accepted texts adds to a score, as a share of it; to a confidence, of what is missing to 1.
MOST_RAISED = 0.5
#: Texts that are less alike than this share only what all courses share.
LEAST_LIKENESS = 0.2


class Accepted(msgspec.Struct, frozen=True):
    """A suggestion that a provider took, with the text it was made for; ``is_rejected`` when it was refused."""

    text: str
    code: str
    is_rejected: bool = False


def raised(matches: Sequence[Match], text: str, language: str, accepted: Iterable[Accepted]) -> tuple[Match, ...]:
    """The matches in a new order, by what was accepted and refused for texts like this one.

    Likeness is the cosine of the words' counts, rare words among all these texts weighing more. The nearest text of a
    concept counts; a refusal lowers as much as an acceptance raises. No concept comes in that did not match, and
    nothing else of a match is changed.
    """
    known = list(accepted)
    bags = [_bag(one.text, language) for one in known]
    given = _bag(text, language)
    rarity = _rarity([given, *bags])
    nearest: dict[str, float] = defaultdict(float)
    for one, bag in zip(known, bags, strict=True):
        likeness = _cosine(given, bag, rarity)
        if likeness >= LEAST_LIKENESS and likeness > abs(nearest[one.code]):
            nearest[one.code] = -likeness if one.is_rejected else likeness
    moved = [_moved(match, nearest.get(match.code, 0.0)) for match in matches]
    return tuple(sorted(moved, key=lambda match: (-match.score, match.code)))


def _moved(match: Match, likeness: float) -> Match:
    by = MOST_RAISED * likeness
    sure = match.confidence
    return msgspec.structs.replace(
        match,
        score=round(match.score * (1 + by), 4),
        confidence=round(sure + by * (1 - sure) if by > 0 else sure * (1 + by), 3),
    )


def _bag(text: str, language: str) -> Counter[str]:
    lexicon = lexicon_for(language)
    found = [word for word in words(text) if not lexicon.is_stop_word(word)]
    return Counter(stem for stem in stems(language, found) if stem not in lexicon.genre)


def _rarity(bags: Sequence[Counter[str]]) -> Mapping[str, float]:
    counts = Counter(stem for bag in bags for stem in bag)
    return {stem: math.log(1 + len(bags) / count) for stem, count in counts.items()}


def _cosine(one: Counter[str], other: Counter[str], rarity: Mapping[str, float]) -> float:
    shared = sum(count * other[stem] * rarity[stem] ** 2 for stem, count in one.items() if stem in other)
    lengths = math.sqrt(_square(one, rarity) * _square(other, rarity))
    return min(1.0, shared / lengths) if lengths else 0.0


def _square(bag: Counter[str], rarity: Mapping[str, float]) -> float:
    return sum((count * rarity[stem]) ** 2 for stem, count in bag.items())
