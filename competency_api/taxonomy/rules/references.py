"""References to the world outside: alignments with other schemes, and sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from competency_api.core.text import fault_of, printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, listed
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Alignments and sources")

FIRST_YEAR, LAST_YEAR = 1800, 2100

MALFORMED_URI = CHAPTER.error(
    "malformed-uri",
    "An address is not an absolute web address",
    "Alignments, sources and legal references point at `http://` or `https://` addresses without spaces.",
    "Copy the whole address.",
    "qSKOS husv",
)
MAPPING_CLASH = CHAPTER.error(
    "mapping-clash",
    "Alignments with one concept contradict each other",
    "A concept of another scheme is the same, broader, narrower or related: no two of these. Only `close` may stand "
    "beside another.",
    "Keep the alignment that is true.",
    "qSKOS mc, SKOS S46 and S27",
)
REPEATED_ALIGNMENT = CHAPTER.error(
    "repeated-alignment",
    "The same alignment is given twice",
    "A concept is aligned with one address by one match once.",
    "Keep one of them.",
)
SHARED_EXACT = CHAPTER.warning(
    "shared-exact-alignment",
    "Two concepts match exactly the same foreign concept",
    "If both were right, the two would be one concept. The finding stands at the first code and names the others.",
    "Use `close`, `broad` or `narrow` where it is not exact, or merge the concepts.",
    "SKOS S45",
)
OWN_URI = CHAPTER.error(
    "alignment-with-own-concept",
    "An alignment points at this taxonomy",
    "Alignments lead to other schemes; inside this one there are relations.",
    "Use a relation instead.",
    "qSKOS mri",
)
MISSING_SOURCE = CHAPTER.warning(
    "missing-source",
    "A concept has no source",
    "Nobody can check where the content of this active concept comes from.",
    "Add the title of the source, and its publisher, year and address where they are known.",
)
IMPLAUSIBLE_YEAR = CHAPTER.warning(
    "implausible-year",
    "The year of a source is not plausible",
    f"Years lie between {FIRST_YEAR} and {LAST_YEAR}.",
    "Correct the year.",
)

_URI = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+[^\s<>\"{}|\\^`]*")


def is_web_address(uri: str) -> bool:
    return bool(_URI.fullmatch(uri)) and fault_of(uri) is None


def malformed_uri(concept: Concept, uri: str, place: tuple[str | int, ...]) -> Finding:
    return found(MALFORMED_URI, concept, f'"{printable(uri)}" is not an absolute http(s) address.', place)


def _alignments(concept: Concept, own_base: str) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    matches: dict[str, set[str]] = defaultdict(set)
    for number, alignment in enumerate(concept.alignments):
        place = ("alignments", number)
        if not is_web_address(alignment.uri):
            yield malformed_uri(concept, alignment.uri, (*place, "uri"))
        if own_base and alignment.uri.startswith(own_base):
            yield found(OWN_URI, concept, f"{printable(alignment.uri)} is a concept of this taxonomy.", (*place, "uri"))
        if (alignment.match, alignment.uri) in seen:
            sentence = f"{alignment.match} {printable(alignment.uri)} is given twice."
            yield found(REPEATED_ALIGNMENT, concept, sentence, place)
        seen.add((alignment.match, alignment.uri))
        if alignment.match != "close":
            matches[alignment.uri].add(alignment.match)
    for uri, several in matches.items():
        if len(several) > 1:
            sentence = f"{printable(uri)} is said to be {' and '.join(sorted(several))}."
            yield found(MAPPING_CLASH, concept, sentence, ("alignments",))


def _sources(concept: Concept) -> Iterator[Finding]:
    if not concept.sources and concept.retirement is None:
        yield found(MISSING_SOURCE, concept, "it names no source.", ("sources",))
    for number, source in enumerate(concept.sources):
        if source.url and not is_web_address(source.url):
            yield malformed_uri(concept, source.url, ("sources", number, "url"))
        if source.year is not None and not FIRST_YEAR <= source.year <= LAST_YEAR:
            yield found(IMPLAUSIBLE_YEAR, concept, f"the year is {source.year}.", ("sources", number, "year"))


def _shared(taxonomy: Taxonomy) -> Iterator[Finding]:
    exact: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy:
        if concept.retirement is None:
            for uri in dict.fromkeys(a.uri for a in concept.alignments if a.match == "exact"):
                exact[uri].append(concept.code)
    for uri, codes in exact.items():
        if len(codes) > 1:
            sentence = f"{listed(codes[1:])} also matches {printable(uri)} exactly."
            yield found(SHARED_EXACT, taxonomy[codes[0]], sentence, ("alignments",), others=codes[1:])


def check(taxonomy: Taxonomy, public_base_url: str = "") -> Iterator[Finding]:
    own_base = f"{public_base_url.rstrip('/')}/id/" if public_base_url else ""
    for concept in taxonomy:
        if concept.alignments:
            yield from _alignments(concept, own_base)
        yield from _sources(concept)
    yield from _shared(taxonomy)
