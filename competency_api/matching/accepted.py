"""What providers accepted before, used: a concept that was accepted for similar texts comes further up.

Pure over what it is given: who keeps the acceptances, and whose they may be, is for the callers to say
(docs/decisions/acceptances-of-public-courses-count-for-all.md).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from competency_api.matching.matcher import Matcher
from competency_api.matching.texts.guesses import lexicon_for
from competency_api.matching.values import Match, MatchQuery, MatchResult, Taken
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import stems

#: What full likeness to accepted texts adds to a score, as a share of it; to a confidence, of what is missing to 1.
MOST_RAISED = 0.5
#: Texts that are less alike than this share only what all courses share.
LEAST_LIKENESS = 0.2
#: Matches among which what was accepted may come up, however few are asked for.
AMONG = 20

#: The words that count of a text, by their stems.
Bag = Mapping[str, int]


class Accepted(msgspec.Struct, frozen=True):
    """A suggestion that a provider took, with the words of the text that it was made for.

    ``is_own`` when it is of the provider that asks; only then it may be a refusal, ``is_rejected``.
    """

    words: Bag
    code: str
    organisation: int
    is_own: bool = False
    is_rejected: bool = False


class _Known(msgspec.Struct, frozen=True, gc=False):
    weights: Mapping[str, float]
    given: Accepted


def bag_of(text: str, language: str) -> Bag:
    """The stems of a text with their counts, without words that any course may have."""
    lexicon = lexicon_for(language)
    found = [word for word in words(text) if not lexicon.is_stop_word(word)]
    return Counter(stem for stem in stems(language, found) if stem not in lexicon.genre)


class AcceptedTexts:
    """Acceptances in one language, ready to be asked by any number of threads. Rare words among them weigh more."""

    def __init__(self, accepted: Iterable[Accepted] = ()) -> None:
        known = list(accepted)
        texts = {frozenset(one.words.items()) for one in known}
        having = Counter(stem for text in texts for stem, _ in text)
        self._rarity = {stem: math.log(1 + (len(texts) + 1) / (count + 1)) for stem, count in having.items()}
        self._unknown = math.log(2 + len(texts))
        self._by_code: dict[str, list[_Known]] = defaultdict(list)
        for one in known:
            self._by_code[one.code].append(_Known(self._weighed(one.words), one))

    def __bool__(self) -> bool:
        return bool(self._by_code)

    def raised(self, matches: Sequence[Match], bag: Bag) -> tuple[Match, ...]:
        """The matches in a new order, by what was accepted and refused for texts like this one.

        Likeness is the cosine of the words' counts. Each organisation counts once, by its nearest text: a single one
        raises by half of what all could. What the asking provider decided goes before what others did, and counts
        whole; a refusal lowers as much as an acceptance raises. No concept comes in that did not match.
        """
        given = self._weighed(bag)
        moved = [self._moved(match, given) if match.code in self._by_code else match for match in matches]
        return tuple(sorted(moved, key=lambda match: (-match.score, match.code)))

    def _moved(self, match: Match, given: Mapping[str, float]) -> Match:
        own, others = 0.0, dict[int, float]()
        for known in self._by_code[match.code]:
            likeness, one = _dot(given, known.weights), known.given
            if likeness < LEAST_LIKENESS:
                continue
            if one.is_own and likeness > abs(own):
                own = -likeness if one.is_rejected else likeness
            if not one.is_rejected:
                others[one.organisation] = max(likeness, others.get(one.organisation, 0.0))
        share = own or max(others.values(), default=0.0) * len(others) / (len(others) + 1)
        return _by(match, MOST_RAISED * share, Taken(len(others), round(share, 2))) if share else match

    def _weighed(self, bag: Bag) -> Mapping[str, float]:
        weights = {stem: count * self._rarity.get(stem, self._unknown) for stem, count in bag.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {stem: weight / length for stem, weight in weights.items()}


#: What was accepted in a language.
Remembering = Callable[[str], AcceptedTexts]


def suggested(matcher: Matcher, query: MatchQuery, remembering: Remembering) -> MatchResult:
    """What the matcher answers, in the order that follows from what was accepted before."""
    language = matcher.language_of(query)
    accepted = remembering(language)
    if not accepted:
        return matcher.match(query)
    wide = msgspec.structs.replace(query, limit=max(query.limit, AMONG), min_confidence=0.0)
    found = matcher.match(wide)
    moved = accepted.raised(found.matches, bag_of(f"{query.title}\n{query.description}", language))
    sure = tuple(match for match in moved[: query.limit] if match.confidence >= query.min_confidence)
    return msgspec.structs.replace(found, matches=sure)


def _by(match: Match, by: float, taken: Taken) -> Match:
    sure = match.confidence
    return msgspec.structs.replace(
        match,
        score=round(match.score * (1 + by), 4),
        confidence=round(sure + by * (1 - sure) if by > 0 else sure * (1 + by), 3),
        taken=taken,
    )


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    # the order of a set differs between processes; this sum does not depend on it
    return min(1.0, math.fsum([one[stem] * other[stem] for stem in one.keys() & other.keys()]))
