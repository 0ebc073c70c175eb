"""Published reads and embeds: the service against a bare function that returns the same bytes, and against nginx."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from benchmarks import datasets
from benchmarks.load import alternately, rate
from benchmarks.machine import Missing
from benchmarks.samples import Samples, at_least, number
from benchmarks.sections import Effort, Section
from benchmarks.servers import Answer, Server, bare, nginx, the_service
from competency_api.embeds.assets import script

TARGET, TARGET_OF_PAGES = 0.8, 0.5
_VERSION = "/api/v1/versions/2.0.0"
_SHORT = ("content-type", "content-length")


class Case(NamedTuple):
    name: str
    path: str
    fields: dict[str, str]
    target: float = TARGET


def measure_reads(effort: Effort) -> Section:
    return _measured("reads", _cases_of_reads, effort)


def measure_embeds(effort: Effort) -> Section:
    return _measured("embeds", _cases_of_embeds, effort)


def _measured(name: str, cases: Callable[[Server], list[Case]], effort: Effort) -> Section:
    section = Section(name)
    head = ("request", "body", "service", "bare, same headers", "bare, two headers", "nginx, a file")
    rates: list[tuple[str, ...]] = [head]
    noise: list[float] = []
    with the_service(datasets.starter()) as service:
        for case in cases(service):
            answer = service.get(case.path, case.fields)  # the first request; those that follow are measured
            measured = _compared(service, case, answer, effort)
            noise.append(measured["bare"].spread)
            section.figures.append(
                at_least(f"{case.name}: service / bare function", measured["service"] / measured["bare"], case.target)
            )
            ratios = [f"{(measured['service'] / measured[name]).median:.2f}" for name in measured if name != "service"]
            shown = [number(samples.median) for samples in measured.values()]
            columns = [f"{rate_} ({ratio})" for rate_, ratio in zip(shown[1:], ratios, strict=True)]
            missing = ["–"] * (len(head) - 3 - len(columns))
            rates.append((case.name, f"{len(answer.body):,} B", shown[0], *columns, *missing))
    section.tables.append(rates)
    section.remarks.append(
        "Requests a second, medians; in parentheses what the service reaches of it. "
        f"The bare function itself varied by {max(noise):.0%} between rounds (largest minus smallest, of the median)."
    )
    return section


def _cases_of_embeds(service: Server) -> list[Case]:
    asked = "kind=competency&columns=code,definition,disciplines&limit=60&lang=es"
    data = f"/embed/v1/2.0.0/table/data?{asked}"
    tag = service.get(data).header("etag")
    return [
        Case("data of sixty competencies", data, {}, TARGET_OF_PAGES),
        Case("the same, compressed", data, {"Accept-Encoding": "br"}, TARGET_OF_PAGES),
        Case("304 for them", data, {"If-None-Match": tag}, TARGET_OF_PAGES),
        Case("a frame of them", f"/embed/v1/2.0.0/table/frame?{asked}", {}, TARGET_OF_PAGES),
        Case("the element", script().path, {}, TARGET_OF_PAGES),
        Case("the page of a concept with its courses", "/en/concepts/C017", {}, TARGET_OF_PAGES),
        Case("the page of the catalogue", "/en/courses", {}, TARGET_OF_PAGES),
    ]


def _cases_of_reads(service: Server) -> list[Case]:
    concept = _near(service, [f"{_VERSION}/concepts/{code}" for code in _codes(service)], 4_000)
    pages = [f"{_VERSION}/concepts?limit={limit}" for limit in (5, 10, 15, 20, 25, 30, 40, 50)]
    tag = service.get(concept).header("etag")
    return [
        Case("one concept", concept, {}),
        Case("one concept of `latest`", concept.replace("2.0.0", "latest"), {}),
        Case("a list", _near(service, pages, 60_000), {}),
        Case("304 for one concept", concept, {"If-None-Match": tag}),
        Case("the page of a concept", "/en/versions/2.0.0/concepts/C017", {}, TARGET_OF_PAGES),
        Case("the page of a difference", "/en/versions/1.0.0/changes/2.0.0", {}, TARGET_OF_PAGES),
    ]


def _codes(service: Server) -> list[str]:
    items = json.loads(service.get(f"{_VERSION}/concepts?limit=50").body)["items"]
    return [item["code"] for item in items]


def _near(service: Server, paths: list[str], size: int) -> str:
    """The path whose answer is nearest to so many bytes."""
    return min(paths, key=lambda path: abs(len(service.get(path).body) - size))


def _compared(service: Server, case: Case, answer: Answer, effort: Effort) -> dict[str, Samples]:
    short = answer._replace(headers=[pair for pair in answer.headers if pair[0].lower() in _SHORT])
    with ExitStack() as stack:
        targets = {
            "service": (f"{service.url}{case.path}", case.fields),
            "bare": (stack.enter_context(bare(answer)).url, case.fields),
            "short": (stack.enter_context(bare(short)).url, case.fields),
        }
        try:
            targets["nginx"] = _file(stack.enter_context(nginx(*_content(service, case))), case)
        except Missing as missing:
            print(missing)
        return alternately(
            effort.rounds,
            {name: partial(_rate, url, fields, effort.seconds) for name, (url, fields) in targets.items()},
        )


def _rate(url: str, fields: dict[str, str], seconds: int, _round: int) -> float:
    return rate(url, seconds, fields)


def _content(service: Server, case: Case) -> tuple[bytes, str]:
    whole = service.get(case.path)
    return whole.body, whole.header("content-type")


def _file(server: Server, case: Case) -> tuple[str, dict[str, str]]:
    """The request to nginx that is like the case: for a 304, with the tag that nginx gave."""
    tag = server.get("/body").header("etag")
    return f"{server.url}/body", {"If-None-Match": tag} if case.fields else {}
