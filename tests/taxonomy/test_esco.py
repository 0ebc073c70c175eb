"""Two successive real releases, whose publisher minted new identifiers for most of its groups."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from benchmarks import esco
from competency_api.taxonomy.diff import apply, difference
from competency_api.taxonomy.taxonomy import Taxonomy


@cache
def releases(data: Path) -> tuple[Taxonomy, Taxonomy]:
    old, new = (esco.taxonomy(data, release, languages=()) for release in esco.RELEASES)
    return old, new


def reminted(data: Path) -> set[tuple[str, str]]:
    """Groups that kept ESCO's own group code and label but not their URI, as pairs of our codes: what a person sees."""
    code_by_uri = esco.codes(data)
    old, new = (
        {(row["code"], row["preferredLabel"]): uri for uri, row in esco.rows(data, release).items() if row.get("code")}
        for release in esco.RELEASES
    )
    return {(code_by_uri[old[k]], code_by_uri[new[k]]) for k in old.keys() & new.keys() if old[k] != new[k]}


def test_every_group_that_was_given_a_new_identifier_is_called_probably_the_same(realdata: Path) -> None:
    pairs = difference(*releases(realdata)).probably_same
    assert {(pair.old, pair.new) for pair in pairs} == reminted(realdata)
    assert len(pairs) == 396
    assert all(pair.same_place for pair in pairs)


def test_the_difference_of_two_real_releases_leads_from_one_to_the_other(realdata: Path) -> None:
    old, new = releases(realdata)
    changes = difference(old, new)
    assert apply(old, changes) == new
    assert changes.counts()["added"] == len(new) - len(set(old.concepts) & set(new.concepts))
