"""Retirement: why, when, and what to use instead."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator

from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept, Retirement
from competency_api.taxonomy.graph import Ancestry
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, listed, named
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Retirement")

MALFORMED_DATE = CHAPTER.error(
    "malformed-date",
    "A date is not well formed",
    "Days are ISO 8601 dates that exist: `2026-11-23`.",
    "Write the date as year-month-day.",
)
EARLY_END = CHAPTER.error(
    "transition-before-retirement",
    "The transition ends before the retirement begins",
    "Mappings to a retired concept count until `transition_until`, which lies on or after the day of retirement.",
    "Correct one of the two days.",
)
UNKNOWN_SUCCESSOR = CHAPTER.error(
    "unknown-successor",
    "A successor does not exist",
    "A successor is a concept of the same version.",
    "Correct the code, add the concept, or remove the successor.",
)
OWN_SUCCESSOR = CHAPTER.error(
    "own-successor",
    "A concept is its own successor",
    "What is retired cannot stand in for itself.",
    "Name another concept, or none.",
)
REPEATED_SUCCESSOR = CHAPTER.error(
    "repeated-successor",
    "A successor is named twice",
    "Each successor is named once, with one match.",
    "Keep one of them.",
)
ALL_OF_ONE = CHAPTER.error(
    "combination-of-one",
    "All successors together, but there are fewer than two",
    "`combine: all` says that the successors replace the concept only together; that takes at least two.",
    "Name the other successors, or set `combine` to `any`.",
)
CYCLIC = CHAPTER.error(
    "cyclic-successors",
    "Successors go in a circle",
    "Chains of successors are followed to their end; this one leads back to its start. Once for each group, with its "
    "shortest circle.",
    "Let one of them end at an active concept.",
)
DEAD_END = CHAPTER.warning(
    "dead-end-successor",
    "No successor is in use",
    "The concept names successors, but each of them is retired without leading to an active one. What is mapped to it "
    "is treated as retired without a successor.",
    "Name an active successor here or further along the chain, or remove the successors.",
)
OTHER_KIND = CHAPTER.warning(
    "successor-of-another-kind",
    "A successor is of another kind",
    "Mappings, levels and coverage depend on the kind: hardly anything moves from one to another by itself.",
    "Name a successor of the same kind, or say `not-equivalent`.",
)

_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def find_day(text: str) -> dt.date | None:
    """The day, or None; stricter than ``fromisoformat``, which also takes weeks and dates without hyphens."""
    try:
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _dates(concept: Concept, retirement: Retirement) -> Iterator[Finding]:
    begin, end = find_day(retirement.on), find_day(retirement.transition_until)
    for name, text, day in (("on", retirement.on, begin), ("transition_until", retirement.transition_until, end)):
        if day is None and (text or name == "on"):
            yield found(MALFORMED_DATE, concept, f'"{printable(text)}" is not a date.', ("retirement", name))
    if begin and end and end < begin:
        place = ("retirement", "transition_until")
        yield found(EARLY_END, concept, f"the transition ends on {end}, before {begin}.", place)


def _successors(taxonomy: Taxonomy, concept: Concept, retirement: Retirement) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, successor in enumerate(retirement.successors):
        code, place = successor.code, ("retirement", "successors", number, "code")
        shown, others = printable(code), (code,)
        target = taxonomy.get(code)
        if code in seen:
            yield found(REPEATED_SUCCESSOR, concept, f"{shown} is named twice.", place, others=others)
        elif code == concept.code:
            yield found(OWN_SUCCESSOR, concept, "it names itself.", place, others=others)
        elif target is None:
            yield found(UNKNOWN_SUCCESSOR, concept, f"there is no concept {shown}.", place, others=others)
        elif target.kind != concept.kind and successor.match != "not-equivalent":
            sentence = f"{named(target)} is a {printable(target.kind)}, named as {successor.match}."
            yield found(OTHER_KIND, concept, sentence, place, others=others)
        seen.add(code)
    if retirement.combine == "all" and len(seen) < 2:
        yield found(ALL_OF_ONE, concept, f"there are {len(seen)} successors.", ("retirement", "combine"))


def _chains(taxonomy: Taxonomy) -> Iterator[Finding]:
    edges: dict[str, list[str]] = {}
    sources: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy:
        if concept.retirement is not None:
            codes = dict.fromkeys(s.code for s in concept.retirement.successors)
            edges[concept.code] = [code for code in codes if code != concept.code and code in taxonomy]
            for code in edges[concept.code]:
                sources[code].append(concept.code)
    ending = [code for code in sources if taxonomy[code].retirement is None]
    alive = set(ending)
    for code in ending:  # grows while it is read
        fresh = [source for source in sources.get(code, ()) if source not in alive]
        alive.update(fresh)
        ending.extend(fresh)
    ancestry = Ancestry(edges)
    for cycle in ancestry.cycles():
        way = listed([*cycle, cycle[0]], between=" → ")
        yield found(CYCLIC, taxonomy[cycle[0]], f"a circle: {way}.", ("retirement", "successors"), others=cycle[1:])
    for code, targets in edges.items():
        if targets and code not in alive and not ancestry.is_above(code, code):
            sentence = f"{listed(targets)} leads to no active concept."
            yield found(DEAD_END, taxonomy[code], sentence, ("retirement", "successors"), others=targets)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        if concept.retirement is not None:
            yield from _dates(concept, concept.retirement)
            yield from _successors(taxonomy, concept, concept.retirement)
    yield from _chains(taxonomy)
