"""What weighs how much in the order of hits: the numbers behind docs/reference/search-ranking.md.

A hit's score is, summed over the words of the query, rarity x tier x quality, where the best tier and quality count in
which the word was found; then a little less for long labels, and half for retired concepts. A concept to use instead
of a retired one has three quarters of what that one would score if it were active. The gaps between tiers are wider
than what a long label costs, so the order of tiers holds for any two active concepts found by the same word.
What is named exactly (a code, a whole label) stands before everything that was found by words.
"""

from __future__ import annotations

import math
from enum import IntEnum

from competency_api.search.values import MatchedBy


class Tier(IntEnum):
    """Where in a concept a word was found, best first."""

    PREFERRED = 0
    ALTERNATIVE = 1
    HIDDEN = 2
    TEXT = 3


#: The index's field of each tier, which is also its name for readers.
FIELD: dict[Tier, MatchedBy] = {
    Tier.PREFERRED: "preferred",
    Tier.ALTERNATIVE: "alternative",
    Tier.HIDDEN: "hidden",
    Tier.TEXT: "text",
}
#: What was named exactly stands in this order before all that was found by words, which never comes near to these.
EXACT_WORTH: dict[MatchedBy, float] = {
    "code": 9000.0,
    "former-code": 8000.0,
    "alignment": 7000.0,
    "preferred": 6000.0,
    "alternative": 5000.0,
    "hidden": 4000.0,
}

LABEL_TIERS = (Tier.PREFERRED, Tier.ALTERNATIVE, Tier.HIDDEN)
TIER_WEIGHT = {Tier.PREFERRED: 1.0, Tier.ALTERNATIVE: 0.75, Tier.HIDDEN: 0.55, Tier.TEXT: 0.3}


class Quality(IntEnum):
    """How a word of a concept answers a word of the query; the value is what it is worth in hundredths."""

    SAME = 100
    INFLECTED = 90
    RELATED = 85
    COMPOUND = 80
    BEGINS = 60
    TYPO = 50
    TYPOS = 40
    #: A known word that could also be the beginning of another: less than the word itself anywhere.
    CONTINUES = 25

    @property
    def weight(self) -> float:
        return self.value / 100


#: Of a word found in a tier as a reading of some quality.
WEIGHT = {(tier, quality): TIER_WEIGHT[tier] * quality.weight for tier in Tier for quality in Quality}
#: Added when the words of the query stand side by side and in order, as a part of one rare word's worth.
PHRASE_BONUS = 0.5
RETIRED_WEIGHT = 0.5
#: Of what a retired concept would score if it were active, for those to use instead: an old name is an alternative one.
SUCCESSOR_WEIGHT = TIER_WEIGHT[Tier.ALTERNATIVE]
_WORD_OF_LABEL_COSTS = 0.015
_MOST_WORDS_COUNTED = 12


def rarity(found_in: int, total: int) -> float:
    """What a word is worth that is found in so many of all texts: from 1 (everywhere) to about 1 + ln(total)."""
    return 1.0 + math.log(max(total, 1) / max(found_in, 1)) if found_in < total else 1.0


def prior(words_in_label: int, is_retired: bool) -> float:
    """What a concept's own shape leaves of a hit's score."""
    brevity = 1.0 - _WORD_OF_LABEL_COSTS * min(words_in_label, _MOST_WORDS_COUNTED)
    return brevity * (RETIRED_WEIGHT if is_retired else 1.0)
