"""``python -m benchmarks.evaluate``: how good suggestions are, against plain BM25, and what each part is good for.

Sets, labels and measure: :mod:`benchmarks.labelled`. Everything is computed for each half of the sentences too: what
helps one half only is luck. ``--curve`` fits the curve of the confidence on one half and tests it on the other;
``--cross`` chooses the weights on one half and scores the other.
"""

from __future__ import annotations

import itertools
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from benchmarks.bm25 import Bm25
from benchmarks.datasets import realdata
from benchmarks.labelled import SETS, Labelled, r_precision, sentences, skills
from benchmarks.machine import Missing
from competency_api.matching.matcher import Matcher
from competency_api.matching.scoring import labels, likeness, ranking
from competency_api.matching.values import MatchQuery
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import is_stop_word, stems
from competency_api.taxonomy.taxonomy import Taxonomy

Rank = Callable[[str], Sequence[str]]
Sets = Mapping[str, Sequence[Labelled]]
#: A part of the method, and how it is left out: constants of modules with the value that makes them do nothing.
ABLATIONS: Mapping[str, Sequence[tuple[ModuleType, str, float]]] = {
    "words of the genre weigh like others": [(labels, "GENRE_FACTOR", 1)],
    "other forms of a word count like the word": [(likeness, "INFLECTED", 1)],
    "words of a label may stand anywhere": [(likeness, "SPREAD", 0)],
    "common words weigh what the version makes of them": [(labels, "MOST_OF_COMMON", 1)],
    "definitions do not tell what is common": [(labels, "TOLD_SHARE", 0)],
    "alternative labels count like preferred ones": [(labels, "PREFERRED", 1)],
    "nothing of the preferred label needs to be there": [(likeness, "PREFERRED_SHARE", 0)],
    "acronyms may be in small letters": [(likeness, "SMALL_ACRONYM", 1)],
    "one word may explain many concepts": [(ranking, "EXPLAINED", 1)],
}


def stemmed(text: str) -> list[str]:
    return stems("en", words(text))


def stemmed_without_stop_words(text: str) -> list[str]:
    return stems("en", [word for word in words(text) if not is_stop_word("en", word)])


def baselines(taxonomy: Taxonomy) -> Iterator[tuple[str, Rank]]:
    """BM25 over whole entries and over each text by itself, with stop words and without."""
    texts = [(c.code, [c.labels["en"].preferred, *c.labels["en"].alternative, c.definition["en"]]) for c in taxonomy]
    for way, documents in {
        "one document a concept": [(code, "\n".join(of)) for code, of in texts],
        "one document a label or description": [(code, text) for code, of in texts for text in of],
        "preferred labels alone": [(code, of[0]) for code, of in texts],
    }.items():
        yield f"BM25, {way}", Bm25(documents, stemmed).rank
        yield f"BM25, {way}, without stop words", Bm25(documents, stemmed_without_stop_words).rank


def ours(taxonomy: Taxonomy) -> Rank:
    matcher = Matcher(taxonomy)

    def rank(text: str) -> list[str]:
        query = MatchQuery(description=text, language="en", limit=5)
        return [match.code for match in matcher.match(query).matches]

    return rank


@contextmanager
def without(part: str) -> Iterator[None]:
    """The method with one part left out."""
    with ExitStack() as stack:
        for module, name, value in ABLATIONS[part]:
            stack.enter_context(patch.object(module, name, value))
        yield


def line(name: str, rank: Rank, sets: Sets) -> str:
    """A row of the table: the mean over each set, and over its halves."""
    cells = []
    for found in sets.values():
        scored = [(r_precision(rank(one.text), one.labels), one.half) for one in found]
        halves = [statistics.fmean(score for score, half in scored if half == wanted) for wanted in (0, 1)]
        whole = statistics.fmean(score for score, _ in scored)
        cells.append(f"{whole:.3f} | {halves[0]:.3f}, {halves[1]:.3f}")
    return f"| {name} | " + " | ".join(cells) + " |"


def fit(scored: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and middle of the logistic curve that makes the outcomes likeliest (Newton's method)."""
    a, b = 1.0, 0.0
    for _ in range(50):
        rows = [(x, 1 / (1 + math.exp(-(a * x + b))), y) for x, y in scored]
        ga, gb = (sum((p - y) * x for x, p, y in rows), sum(p - y for _, p, y in rows))
        haa, hab, hbb = (sum(p * (1 - p) * x**n for x, p, _ in rows) for n in (2, 1, 0))
        det = haa * hbb - hab * hab + 1e-12
        a, b = a - (hbb * ga - hab * gb) / det, b - (haa * gb - hab * ga) / det
    return a, -b / a


def curve(taxonomy: Taxonomy, sets: Sets) -> None:
    """Fit on one half, test on the other: the share said and the share found, by fifths of the confidence."""
    matcher = Matcher(taxonomy)
    halves: tuple[list[tuple[float, bool]], ...] = ([], [])
    for one in (one for found in sets.values() for one in found):
        query = MatchQuery(description=one.text, language="en", limit=10)
        right = frozenset[str]().union(*one.labels)
        halves[one.half].extend((match.score, match.code in right) for match in matcher.match(query).matches)
    for tested, fitted in ((1, 0), (0, 1)):
        slope, middle = fit(halves[fitted])
        said = sorted((1 / (1 + math.exp(-slope * (x - middle))), y) for x, y in halves[tested])
        brier = statistics.fmean((p - y) ** 2 for p, y in said)
        print(f"\nfitted on half {fitted}: slope {slope:.2f}, middle {middle:.3f}; on the other: Brier {brier:.3f}")
        fifth = math.ceil(len(said) / 5)
        for at in range(0, len(said), fifth):
            group = said[at : at + fifth]
            print(
                f"  said {statistics.fmean(p for p, _ in group):.2f}, found {statistics.fmean(y for _, y in group):.2f}"
            )
    print("\nfitted on both: slope {:.2f}, middle {:.3f}".format(*fit([*halves[0], *halves[1]])))


#: Weights that cross-validation may choose among; those that need no new index.
GRID: Mapping[tuple[ModuleType, str], Sequence[float]] = {
    (likeness, "INFLECTED"): (0.7, 0.8, 0.9),
    (likeness, "SPREAD"): (0.0, 0.3, 0.5),
    (likeness, "PREFERRED_SHARE"): (0.3, 0.6, 0.8),
    (ranking, "EXPLAINED"): (0.8, 0.9, 1.0),
}


def cross(taxonomy: Taxonomy, sets: Sets) -> None:
    """Choose the weights on one half by the mean of the sets, and score the other half with them; both ways."""
    rank = ours(taxonomy)
    tried: list[tuple[tuple[float, ...], dict[tuple[str, int], float]]] = []
    for values in itertools.product(*GRID.values()):
        with ExitStack() as stack:
            for (module, name), value in zip(GRID, values, strict=True):
                stack.enter_context(patch.object(module, name, value))
            scored = {
                (name, half): [r_precision(rank(one.text), one.labels) for one in found if one.half == half]
                for name, found in sets.items()
                for half in (0, 1)
            }
        tried.append((values, {key: statistics.fmean(scores) for key, scores in scored.items()}))
    for chosen_on, tested_on in ((0, 1), (1, 0)):
        values, means = max(tried, key=lambda one: sum(one[1][name, chosen_on] for name in sets))
        said = ", ".join(f"{name} {means[name, tested_on]:.3f}" for name in sets)
        chosen = ", ".join(f"{name} {value}" for (_, name), value in zip(GRID, values, strict=True))
        print(f"chosen on half {chosen_on} ({chosen}): {said} on the other")


def main(arguments: Sequence[str]) -> int:
    try:
        data: Path = realdata()
    except Missing as missing:
        print(f"{missing}.", file=sys.stderr)
        return 1
    taxonomy, sets = skills(data), {name: sentences(data, name) for name in SETS}
    if "--curve" in arguments:
        curve(taxonomy, sets)
        return 0
    if "--cross" in arguments:
        cross(taxonomy, sets)
        return 0
    print(f"R-Precision@5, {len(taxonomy):,} skills of ESCO 1.1.1; in each second column the two halves\n")
    print("| | " + " | ".join(f"{name} ({len(found)}) | halves" for name, found in sets.items()) + " |")
    print("|---|" + "---|---|" * len(sets))
    for name, rank in baselines(taxonomy):
        print(line(name, rank, sets), flush=True)
    rank = ours(taxonomy)
    rank("the index is built")
    began = time.process_time()
    print(line("**suggestions**", rank, sets))
    each = (time.process_time() - began) / sum(map(len, sets.values())) * 1000
    print(line("– the groups above the skills are there too", ours(skills(data, with_groups=True)), sets), flush=True)
    for part in ABLATIONS:
        with without(part):
            print(line(f"– {part}", ours(taxonomy), sets), flush=True)
    print(f"\n{each:.1f} ms of processor time a sentence")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
