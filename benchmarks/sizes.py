"""What a taxonomy costs: ESCO against its targets, and the same figures at other sizes."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from benchmarks import datasets, memory, plot, questions
from benchmarks.datasets import Published
from benchmarks.load import alternately, rate, rate_of_paths
from benchmarks.machine import WORK
from benchmarks.probe import probe
from benchmarks.samples import Samples, at_least, at_most, number, told
from benchmarks.sections import Effort, Section
from benchmarks.servers import Server, bare, the_service
from competency_api.taxonomy.taxonomy import Taxonomy

_VERSION = "/api/v1/versions/1.0.0"
_MB = 1_000_000
_WARM_UP = 20
#: Sub-figures of search: how many words of a label are asked for; 0 is the whole label.
_KINDS = {"one word": 1, "two words": 2, "three words": 3, "whole labels": 0}
_FILTERS = ("&status=active", "&kind=competency", "&discipline=D001", "&type=skill", "&type=knowledge")


@dataclass(frozen=True)
class Cost:
    """All figures of one taxonomy. Seconds, bytes, answers a second."""

    name: str
    concepts: int
    importing: float
    publishing: float
    inside: Mapping[str, Samples]  # of benchmarks.probe
    first_answer: float
    resident: int  # after one of each kind of request
    resident_under_load: int  # after thousands of different searches
    reads: Samples
    searches: Samples
    searches_again: Samples
    searches_of: Mapping[str, Samples]  # by what is asked, none before
    bare_view: Samples
    bytes_per_byte: float


#: The columns of the table and the panels of the plot: name, unit, digits, value.
COLUMNS: tuple[tuple[str, str, int, Callable[[Cost], float]], ...] = (
    ("import and publish", "s", 1, lambda c: c.importing + c.publishing),
    ("database to served version", "s", 2, lambda c: c.inside["load"].median),
    ("process start to first answer", "s", 2, lambda c: c.first_answer),
    ("worker, loaded and indexed", "MB", 0, lambda c: c.resident / _MB),
    ("search, in process", "ms", 2, lambda c: c.inside["search"].median * 1000),
    ("suggest, in process", "ms", 2, lambda c: c.inside["suggest"].median * 1000),
    ("difference to the release before", "s", 2, lambda c: c.inside["difference"].median),
    ("one concept by HTTP, warm", "/s", 0, lambda c: c.reads.median),
)


def measure_esco(effort: Effort) -> Section:
    """ESCO 1.1.1 against its targets. Raises Missing."""
    cost = _cost(datasets.of_esco(), effort)
    milliseconds = {name: Samples.of(v * 1000 for v in cost.inside[name].values) for name in ("search", "suggest")}
    tails = {name: f"95 of 100 within {_percentile(s, 95):.2f} ms" for name, s in milliseconds.items()}
    medians = {name: Samples.of([s.median]) for name, s in milliseconds.items()}
    return Section(
        "esco",
        [
            at_most("import and publish on SQLite", Samples.of([cost.importing + cost.publishing]), 20, "s", 1),
            at_most("from database to served version", cost.inside["load"], 1.5, "s"),
            at_most("memory of a worker, loaded and indexed", Samples.of([cost.resident / _MB]), 350, "MB", 0),
            at_most("search in process, median", medians["search"], 1, "ms"),
            at_most("suggest in process, median", medians["suggest"], 0.5, "ms"),
            at_least("search by HTTP / bare Flask view", cost.searches / cost.bare_view, 0.3),
            *(
                told(f"search by HTTP, {name} / bare Flask view", found / cost.bare_view)
                for name, found in cost.searches_of.items()
            ),
            told("the same search asked again / bare Flask view", cost.searches_again / cost.bare_view),
            at_most("difference 1.1.0 → 1.1.1", cost.inside["difference"], 1, "s"),
            told("process start to first answer", Samples.of([cost.first_answer]), "s"),
            told("index, built at the first search", cost.inside["index"], "s"),
            told(
                "memory of the worker after the searches by HTTP", Samples.of([cost.resident_under_load / _MB]), "MB", 0
            ),
            told("memory of one more loaded version, per byte of its content", Samples.of([cost.bytes_per_byte])),
        ],
        remarks=[
            f"{cost.concepts:,} concepts in English, Spanish and French. "
            f"Import {cost.importing:.1f} s and publish {cost.publishing:.1f} s are whole commands, each a process.",
            f"Search: {len(cost.inside['search'].values)} different questions made from labels, "
            f"one of ten misspelt, {tails['search']}. Suggest: after each key of {len(cost.inside['suggest'].values)} "
            f"beginnings, {tails['suggest']}.",
            f"Search by HTTP: {number(cost.searches.median)} answers a second to questions not asked before; "
            f"a bare Flask view that returns one of these answers: {number(cost.bare_view.median)}.",
        ],
    )


def measure_sizes(effort: Effort) -> Section:
    """The same at all sizes: a table, and a plot beside the results. Raises Missing."""
    published = [datasets.of_esco(), *map(datasets.of_size, effort.sizes)]
    costs = sorted((_cost(one, effort) for one in published), key=lambda cost: cost.concepts)
    head = ("", *(f"{cost.concepts:,} concepts ({cost.name})" for cost in costs))
    rows = [
        (f"{name} ({unit})", *(number(value(cost), digits) for cost in costs)) for name, unit, digits, value in COLUMNS
    ]
    panels = [
        plot.Panel(f"{name} ({unit})", [(cost.concepts, value(cost)) for cost in costs])
        for name, unit, _digits, value in COLUMNS
    ]
    WORK.joinpath("sizes.svg").write_text(plot.drawn(panels), "utf-8")
    return Section("sizes", tables=[[head, *rows]], remarks=["![Cost against size](sizes.svg)"])


@cache
def _cost(published: Published, effort: Effort) -> Cost:
    inside = probe(published.database_url, published.previous, published.file)
    taxonomy = datasets.read(published.file)
    code = taxonomy.kinds["competency"][len(taxonomy) // 2]
    asked = questions.searches(taxonomy, effort.searches + _WARM_UP)
    paths = WORK / "searches.txt"
    paths.write_text("\n".join(map(_search_path, asked[_WARM_UP:])), "utf-8")
    of_kinds = _paths_of_kinds(taxonomy, asked, effort.searches // 2)
    del taxonomy
    with the_service(published.database_url, ask=f"{_VERSION}/concepts/{code}") as service:
        one = f"{_VERSION}/concepts/{code}"
        resident = _resident_after_one_of_each(service, asked[:_WARM_UP])
        reads = alternately(effort.rounds, {"": lambda _: rate(service.url + one, effort.seconds)})
        rates = _searches(service, {"new": paths, **of_kinds}, _search_path(asked[0]), effort)
        return Cost(
            name=published.name,
            concepts=published.concepts,
            importing=published.import_seconds,
            publishing=published.publish_seconds,
            inside={name: Samples.of(v if isinstance(v, list) else [v]) for name, v in inside.items()},
            first_answer=service.seconds_to_first_answer,
            resident=resident,
            resident_under_load=service.resident_bytes(),
            reads=reads[""],
            searches=rates["new"],
            searches_again=rates["again"],
            searches_of={name: rates[name] for name in of_kinds},
            bare_view=rates["bare"],
            bytes_per_byte=memory.factor(published.database_url),
        )


def _resident_after_one_of_each(service: Server, asked: list[str]) -> int:
    for text in asked:
        _checked(service, _search_path(text))
        _checked(service, f"{_VERSION}/suggest?q={quote(text[:5])}")
    return service.resident_bytes()


def _checked(service: Server, path: str) -> None:
    answer = service.get(path)
    if answer.status != 200:
        raise RuntimeError(f"{path} is answered {answer.status}: {answer.body[:500].decode()}")


def _paths_of_kinds(taxonomy: Taxonomy, asked: list[str], count: int) -> dict[str, Path]:
    """Files with the paths of searches, by what they ask; none is among those ``asked`` or in two files."""
    chance, seen = random.Random(6), set(asked)
    lists: dict[str, list[str]] = {}
    for name, words in _KINDS.items():
        fresh = [text for text in questions.of_words(taxonomy, words, count) if text not in seen]
        seen.update(fresh)
        lists[name] = [_search_path(text) for text in fresh]
    # the same texts, but not the same questions
    lists["with a filter"] = [_search_path(text) + chance.choice(_FILTERS) for text in asked[-count:]]
    return {name: _written(name, paths) for name, paths in lists.items()}


def _written(name: str, paths: list[str]) -> Path:
    file = WORK / f"searches-{name.replace(' ', '-')}.txt"
    file.write_text("\n".join(paths), "utf-8")
    return file


def _searches(service: Server, paths: Mapping[str, Path], example: str, effort: Effort) -> dict[str, Samples]:
    """Answers a second to the searches of each file, to one asked again, and of a bare Flask view with its answer."""
    with bare(service.get(example), "flask_view") as view:
        return alternately(
            effort.rounds,
            {
                **{name: partial(_rate, service.url, file, effort) for name, file in paths.items()},
                "again": lambda _: rate(service.url + example, effort.seconds),
                "bare": partial(_rate, view.url, paths["new"], effort),
            },
        )


def _rate(url: str, paths: Path, effort: Effort, turn: int) -> float:
    lines = paths.read_bytes().count(b"\n") + 1
    return rate_of_paths(url, paths, turn * (lines // effort.rounds), effort.seconds)


def _search_path(text: str) -> str:
    return f"{_VERSION}/search?q={quote(text)}"


def _percentile(samples: Samples, percent: int) -> float:
    return statistics.quantiles(samples.values, n=100)[percent - 1] if len(samples.values) > 1 else samples.median
