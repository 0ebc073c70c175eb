from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from hypothesis import given

from competency_api.catalogue.presentation import COLUMNS, changes_table, chosen_entries
from competency_api.formats import TABLES
from competency_api.taxonomy.changes import Bump, Change, ChangeType, ConceptChange, Edit
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies
from tests.factories import a_taxonomy


def as_csv(rows: Iterable[Iterable[str]]) -> io.StringIO:
    return io.StringIO(TABLES["csv"].write(rows).decode("utf-8-sig"))


def test_a_table_of_changes_holds_no_formula() -> None:
    edits = (Edit("/labels/en/preferred", "=1+1", "@SUM(A1)"),)
    change = Change(ChangeType.RENAMED, Bump.PATCH, edits)
    table = changes_table("1.0.0", "1.0.1", [ConceptChange("C001", "competency", "+x", (change,))], {})
    [row] = csv.DictReader(as_csv(table))
    assert (row["label"], row["old"], row["new"]) == ("'+x", "'=1+1", "'@SUM(A1)")


@given(strategies.taxonomies())
def test_every_edit_is_one_row_of_the_table(taxonomy: Taxonomy) -> None:
    found = difference(a_taxonomy(), taxonomy)
    table = list(csv.reader(as_csv(changes_table("1.0.0", "2.0.0", found.entries, found.names))))
    assert tuple(table[0]) == COLUMNS
    assert len(table) - 1 == sum(len(change.edits) for entry in found.entries for change in entry.changes)


@given(strategies.taxonomies())
def test_filters_by_type_divide_nothing_away(taxonomy: Taxonomy) -> None:
    found = difference(a_taxonomy(), taxonomy)
    assert chosen_entries(found) == list(found.entries)
    by_type = {entry.code for kind in ChangeType for entry in chosen_entries(found, types=[kind])}
    assert by_type == {entry.code for entry in found.entries}
