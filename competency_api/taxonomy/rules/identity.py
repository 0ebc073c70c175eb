"""Identity: codes, UUIDs, kinds, the counter of meanings, former codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import CODE_PATTERN, KINDS, kind_of
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, listed
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Identity")

MALFORMED_CODE = CHAPTER.error(
    "malformed-code",
    "A code is not well formed",
    "A code is the letter of its kind and three to eight digits: `C017`.",
    "Give the concept a free code of its kind.",
)
UNKNOWN_KIND = CHAPTER.error(
    "unknown-kind",
    "There is no such kind",
    "Every concept is of one of the kinds in the table of kinds.",
    "Use one of the known kinds.",
)
WRONG_LETTER = CHAPTER.error(
    "code-of-another-kind",
    "The letter of the code belongs to another kind",
    "The first letter of a code names the kind, and neither ever changes.",
    "Correct the kind, or give the concept a code with the letter of its kind.",
)
MALFORMED_UUID = CHAPTER.error(
    "malformed-uuid",
    "A UUID is not well formed",
    "A UUID is random (version 4) and written in lower case with hyphens.",
    "Leave it out on import: the service then makes one.",
)
DUPLICATE_UUID = CHAPTER.error(
    "duplicate-uuid",
    "Two concepts have the same UUID",
    "A UUID names one concept for ever. The finding stands at every concept but the first.",
    "Leave out the UUID of the newer concept: the service then makes another.",
    "qSKOS anr",
)
WRONG_MEANING = CHAPTER.error(
    "meaning-counter-below-one",
    "The counter of meanings is below one",
    "`meaning` is 1 for a new concept and is raised by one when its meaning is changed on purpose.",
    "Set it to 1, or to the value of the version before.",
)
FORMER_IN_USE = CHAPTER.error(
    "former-code-in-use",
    "A former code is the code of a concept",
    "A former code leads to the concept that had it; a code in use leads to its own concept.",
    "Remove the former code; where one concept took the place of another, retire that one with a successor.",
    "qSKOS anr",
)
FORMER_TWICE = CHAPTER.error(
    "former-code-claimed-twice",
    "Two concepts claim the same former code",
    "A former code can lead to one concept only. The finding stands at every concept but the first.",
    "Leave it to the concept that had it.",
    "qSKOS anr",
)

_UUID4 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _code_and_kind(concept: Concept) -> Iterator[Finding]:
    if concept.kind not in KINDS:
        sentence = f'there is no kind "{printable(concept.kind)}".{did_you_mean(concept.kind, KINDS)}'
        yield found(UNKNOWN_KIND, concept, sentence, ("kind",))
    if not CODE_PATTERN.fullmatch(concept.code):
        yield found(MALFORMED_CODE, concept, f'"{printable(concept.code)}" is not a code.', ("code",))
        return
    named = kind_of(concept.code)
    if named and concept.kind in KINDS and named.name != concept.kind:
        sentence = f'its letter says "{named.name}", its kind "{concept.kind}" has the letter '
        yield found(WRONG_LETTER, concept, f"{sentence}{KINDS[concept.kind].letter}.", ("kind",))


def _uuids(taxonomy: Taxonomy) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for concept in taxonomy:
        if not _UUID4.fullmatch(concept.uuid):
            sentence = f'"{printable(concept.uuid)}" is not a UUID of version 4.'
            yield found(MALFORMED_UUID, concept, sentence, ("uuid",))
        elif (other := first.setdefault(concept.uuid, concept.code)) != concept.code:
            yield found(DUPLICATE_UUID, concept, f"{other} has the same UUID.", ("uuid",), others=(other,))


def _former_codes(taxonomy: Taxonomy) -> Iterator[Finding]:
    claimed: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy:
        for number, former in enumerate(concept.former_codes):
            place = ("former_codes", number)
            if former in taxonomy:
                sentence = f"{printable(former)} is the code of a concept of today."
                yield found(FORMER_IN_USE, concept, sentence, place, others=(former,))
            others = claimed[former]
            if concept.code in others:
                continue
            if others:
                sentence = f"{printable(former)} is claimed by {listed(others)} too."
                yield found(FORMER_TWICE, concept, sentence, place, others=others)
            others.append(concept.code)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        yield from _code_and_kind(concept)
        if concept.meaning < 1:
            yield found(WRONG_MEANING, concept, f"it is {concept.meaning}.", ("meaning",))
    yield from _uuids(taxonomy)
    yield from _former_codes(taxonomy)
