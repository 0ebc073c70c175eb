"""Which concepts a question is asked among: the filters of ``/concepts``, over one version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from competency_api.concepts.filters import STATUSES, Values, select
from competency_api.taxonomy.taxonomy import Taxonomy

#: Scopes that are remembered: a person types many letters in one, and clients cannot fill memory with them.
_KEPT = 8
# of a set, per member; the codes themselves belong to the version
_BYTES_OF_CODE = 40


class Scopes:
    """The codes that filters leave, by the filters. ``memory_bytes`` is the most that it will take, by estimate."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._remembered = lru_cache(maxsize=_KEPT)(self._chosen)
        self.memory_bytes = _KEPT * _BYTES_OF_CODE * len(taxonomy)

    def allowed(self, asked: Mapping[str, Values]) -> frozenset[str]:
        """The codes of the concepts for which every filter holds, active and retired ones.

        Raises InvalidInput for values that cannot be meant.
        """
        return self._remembered(tuple((name, tuple(values)) for name, values in asked.items()))

    def _chosen(self, asked: tuple[tuple[str, tuple[str, ...]], ...]) -> frozenset[str]:
        return frozenset(concept.code for concept in select(self._taxonomy, {"status": STATUSES, **dict(asked)}))
