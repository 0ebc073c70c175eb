from __future__ import annotations

import datetime as dt

from competency_api.concepts.history import History
from competency_api.taxonomy.changes import Bump, Change, ChangeType
from competency_api.taxonomy.numbering import Number
from competency_api.versions.values import Summary, VersionInfo


def a_version(id_: int) -> VersionInfo:
    return VersionInfo(
        id=id_,
        number=Number(id_, 0, 0),
        title="",
        notes="",
        publisher="",
        published_at=dt.datetime(2026, 1, id_, tzinfo=dt.UTC),
        published_by="",
        valid_from=dt.date(2026, 1, id_),
        digest="",
        seal="",
        bump=None,
        parent=None,
        summary=Summary(0, 0, {}, {}),
    )


VERSIONS = [a_version(id_) for id_ in (1, 2, 3, 4)]


def a_history(**steps: ChangeType) -> History:
    """What happened in ``v1`` to ``v4``; the concept is in every version from the first step on."""
    changes = [(int(name[1:]), Change(kind, Bump.MINOR, ())) for name, kind in steps.items()]
    return History.of(VERSIONS, range(changes[0][0], 5), changes)


LIFE = a_history(v1=ChangeType.ADDED, v2=ChangeType.RENAMED, v3=ChangeType.SPLIT, v4=ChangeType.RESTORED)


def test_changes_are_told_up_to_the_version() -> None:
    assert LIFE.until(VERSIONS[1]).members(False) == {
        "first_version": "1.0.0",
        "changed_in": ["2.0.0"],
        "retired_in": None,
    }


def test_every_way_to_end_counts_as_retired() -> None:
    for end in (ChangeType.RETIRED, ChangeType.MERGED, ChangeType.SPLIT, ChangeType.REPLACED):
        history = a_history(v1=ChangeType.ADDED, v3=end)
        assert history.members(True)["retired_in"] == "3.0.0"


def test_a_restored_concept_is_not_retired_any_more() -> None:
    assert LIFE.until(VERSIONS[2]).members(True)["retired_in"] == "3.0.0"
    assert LIFE.members(False)["retired_in"] is None


def test_a_concept_may_have_ended_before_the_first_version() -> None:
    assert a_history(v2=ChangeType.ADDED).members(True)["retired_in"] == "2.0.0"


def test_a_version_that_is_not_known_yet_is_left_out() -> None:
    history = History.of(VERSIONS[:1], [1, 2], [(1, Change(ChangeType.ADDED, Bump.MINOR, ()))])
    assert [str(version.number) for version in history.containing] == ["1.0.0"]
