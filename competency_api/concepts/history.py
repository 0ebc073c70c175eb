"""What happened to one concept over the versions. Seen from an exact version it ends there, and so never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from competency_api.core import clock
from competency_api.taxonomy.changes import Change, ChangeType
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.speaking import Spoken
from competency_api.versions.values import VersionInfo

_ENDS = frozenset({ChangeType.RETIRED, ChangeType.MERGED, ChangeType.SPLIT, ChangeType.REPLACED})


@dataclass(frozen=True)
class Step:
    """What one version changed about the concept."""

    version: VersionInfo
    changes: tuple[Change, ...]

    @property
    def types(self) -> frozenset[ChangeType]:
        return frozenset(change.type for change in self.changes)


@dataclass(frozen=True)
class History:
    """``containing`` are the versions that contain the concept and ``steps`` those that changed it, oldest first."""

    containing: tuple[VersionInfo, ...]
    steps: tuple[Step, ...]

    @classmethod
    def of(
        cls, versions: Iterable[VersionInfo], containing: Sequence[int], changes: Iterable[tuple[int, Change]]
    ) -> History:
        """From the known versions, ids of those that contain the concept, and (version id, change) pairs."""
        by_id = {version.id: version for version in versions}
        grouped: dict[int, list[Change]] = {}
        for version_id, change in changes:
            grouped.setdefault(version_id, []).append(change)
        steps = tuple(Step(by_id[key], tuple(found)) for key, found in sorted(grouped.items()) if key in by_id)
        return cls(tuple(by_id[key] for key in sorted(containing) if key in by_id), steps)

    def until(self, version: VersionInfo) -> History:
        """The history as it stood when ``version`` was published."""
        return History(
            tuple(other for other in self.containing if other.id <= version.id),
            tuple(step for step in self.steps if step.version.id <= version.id),
        )

    @property
    def first_version(self) -> VersionInfo:
        """Raises IndexError for a concept that no version contains."""
        return self.containing[0]

    def retired_in(self, is_retired: bool) -> VersionInfo | None:
        """The version that retired it, given whether it is retired at the end of this history.

        A concept may come into the first version already retired, from the time before versions.
        """
        if not is_retired:
            return None
        ends = [step.version for step in self.steps if step.types & _ENDS]
        return ends[-1] if ends else self.first_version

    def members(self, is_retired: bool) -> dict[str, Any]:
        """What an answer about the concept in a version says of it, as numbers of versions."""
        retired_in = self.retired_in(is_retired)
        return {
            "first_version": str(self.first_version.number),
            "changed_in": [str(step.version.number) for step in self.steps if ChangeType.ADDED not in step.types],
            "retired_in": str(retired_in.number) if retired_in else None,
        }


def history_document(concept: Concept, history: History, label: Spoken, base_url: str) -> dict[str, Any]:
    """A concept over all versions; ``concept`` is as the newest version that contains it has it."""
    newest = str(history.containing[-1].number)
    return {
        "code": concept.code,
        "uri": f"{base_url}/id/{concept.code}",
        "uuid": concept.uuid,
        "kind": concept.kind,
        "status": concept.status,
        "label": label,
        "former_codes": concept.former_codes,
        "newest_version": newest,
        **history.members(concept.retirement is not None),
        "versions": [str(version.number) for version in history.containing],
        "history": [_step(step) for step in history.steps],
        "links": {"newest": f"/api/v1/versions/{newest}/concepts/{concept.code}"},
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "version": str(step.version.number),
        "published_at": clock.iso(step.version.published_at),
        "valid_from": step.version.valid_from.isoformat(),
        "changes": [msgspec.to_builtins(change) for change in step.changes],
    }
