"""Ways to break the rules of links, structure, references, retirement and succession; see ``cases.py``."""

from __future__ import annotations

from competency_api.taxonomy.concept import Source
from tests.factories import SOURCE, a_uuid, edited, links
from tests.taxonomy.rules.cases import (
    BASE,
    ESCO,
    STARTER,
    Case,
    Place,
    a_technology,
    after,
    aligned,
    changed,
    linked,
    retired,
    successors,
    with_added,
)

WITH_RETIRED = with_added(a_technology("T002", retirement=retired(), relations={}))

RELATIONS = (
    changed("unknown-relation", "B001", "/relations/narrower", relations={"narrower": links("T001")}),
    changed("relation-not-permitted", "B001", "/relations/part_of/0/code", relations={"part_of": links("D001")}),
    changed("dangling-relation", "B001", "/relations/related/0/code", relations={"related": links("T999")}),
    Case(
        "relation-to-retired",
        edited(WITH_RETIRED, "B001", relations={"related": links("T002")}),
        "B001",
        "/relations/related/0/code",
    ),
    changed("reflexive-relation", "B001", "/relations/related/0/code", relations={"related": links("B001")}),
    changed("repeated-relation", "B001", "/relations/related/1", relations={"related": links("T001", "T001")}),
    Case(
        "symmetric-relation-stored-twice",
        edited(STARTER, "P001", relations={"related": links("T001")}),
        "T001",
        "/relations/related/0/code",
    ),
    changed("missing-level", "R001", "/relations/expects/0", relations={"expects": links("C002")}),
    changed("unexpected-level", "B001", "/relations/related/0/level", relations={"related": links("T001", level=1)}),
    changed("level-out-of-range", "R001", "/relations/expects/0/level", relations={"expects": links("C002", level=5)}),
    changed("missing-discipline", "C002", "/relations", relations={"broader": links("C001")}),
)

STRUCTURE = (
    changed("cyclic-hierarchy", "C001", "/relations/broader", relations=linked("C001", broader=links("C002"))),
    changed("cyclic-dependency", "C001", "/relations/requires", relations=linked("C001", requires=links("C003"))),
    changed(
        "redundant-broader", "C003", "/relations/broader/0", relations=linked("C003", broader=links("C001", "C002"))
    ),
    changed("relation-clash", "C002", "/relations/related/0", relations=linked("C002", related=links("C001"))),
    changed(
        "related-siblings",
        "C003",
        "/relations/related/0",
        relations=linked("C003", broader=links("C001"), related=links("C002")),
    ),
    Case("orphan-concept", with_added(a_technology("T002", relations={})), "T002", "/relations"),
    Case(
        "disconnected-clusters",
        with_added(a_technology("T002", relations={}), a_technology("T003", relations={"related": links("T002")})),
    ),
)

REFERENCES = (
    changed("malformed-uri", "B001", "/alignments/0/uri", alignments=aligned(("exact", "esco:skill/1"))),
    changed("mapping-clash", "B001", "/alignments", alignments=aligned(("broad", ESCO), ("exact", ESCO))),
    changed("repeated-alignment", "B001", "/alignments/1", alignments=aligned(("exact", ESCO), ("exact", ESCO))),
    Case(
        "shared-exact-alignment",
        edited(
            edited(STARTER, "B001", alignments=aligned(("exact", ESCO))), "T001", alignments=aligned(("exact", ESCO))
        ),
        "B001",
        "/alignments",
    ),
    changed(
        "alignment-with-own-concept", "B001", "/alignments/0/uri", alignments=aligned(("close", f"{BASE}/id/T001"))
    ),
    changed("missing-source", "B001", "/sources", sources=()),
    changed("implausible-year", "B001", "/sources/1/year", sources=(SOURCE, Source(title="Report", year=20226))),
)


def _retired(rule: str, path: str, *also: Place, **fields: object) -> Case:
    """The starter with one retired technology more."""
    state = with_added(a_technology("T002", relations={}, retirement=retired(**fields)))
    return Case(rule, state, "T002", f"/retirement/{path}", also)


def _chain(*steps: tuple[str, str]) -> tuple[object, ...]:
    return tuple(
        a_technology(code, relations={}, retirement=retired(successors=successors(*following.split())))
        for code, following in steps
    )


RETIREMENT = (
    _retired("malformed-date", "on", on="2026-11-31"),
    _retired("transition-before-retirement", "transition_until", transition_until="2026-11-22"),
    _retired("unknown-successor", "successors/0/code", successors=successors("T999")),
    _retired("own-successor", "successors/0/code", successors=successors("T002")),
    _retired("repeated-successor", "successors/1/code", successors=successors("T001", "T001")),
    _retired("combination-of-one", "combine", successors=successors("T001"), combine="all"),
    _retired("successor-of-another-kind", "successors/0/code", successors=successors("B001")),
    Case(
        "cyclic-successors", with_added(*_chain(("T002", "T003"), ("T003", "T002"))), "T002", "/retirement/successors"
    ),
    Case("dead-end-successor", with_added(*_chain(("T002", "T003"), ("T003", ""))), "T002", "/retirement/successors"),
)

SUCCESSION = (
    after("concept-vanished", "T002", "", with_added(a_technology("T002"))),
    after("kind-changed", "B001", "/kind", edited(STARTER, "B001", kind="technology")),
    after("uuid-changed", "B001", "/uuid", edited(STARTER, "B001", uuid=a_uuid("another"))),
    Case(
        "uuid-reused",
        with_added(a_technology("T002", uuid=a_uuid("another"))),
        "T002",
        "/uuid",
        also=(("uuid-changed", "B001", "/uuid"),),
        parent=edited(STARTER, "B001", uuid=a_uuid("another")),
    ),
    after("meaning-counter-went-back", "B001", "/meaning", edited(STARTER, "B001", meaning=2)),
    after("former-code-given-up", "B001", "/former_codes", edited(STARTER, "B001", former_codes=("B900",))),
    after(
        "retirement-moved",
        "T002",
        "/retirement/on",
        with_added(a_technology("T002", relations={}, retirement=retired(on="2026-06-30"))),
        WITH_RETIRED,
    ),
)

LINKS = RELATIONS + STRUCTURE + REFERENCES + RETIREMENT + SUCCESSION
