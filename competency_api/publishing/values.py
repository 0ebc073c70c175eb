"""Values of publishing."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from competency_api.core.errors import ServiceError
from competency_api.core.signatures import Signer
from competency_api.curation.impact import Impact
from competency_api.taxonomy.changelog import Account
from competency_api.versions.values import PublicationPlan, PublicationRequest, Readers


@dataclass(frozen=True)
class Signing:
    """Who signs for this application: nobody where no key is configured."""

    signer: Signer | None

    @property
    def key_id(self) -> str | None:
        return self.signer.key_id if self.signer else None


class Contribution(msgspec.Struct, frozen=True):
    """A proposal that a version is going to contain; ``id`` is the proposal's."""

    id: str
    account: Account


class Rehearsal(msgspec.Struct, frozen=True):
    """What publishing with this request would do now. ``request`` is complete, as far as nothing forbids it.

    ``obstacles`` are all the reasons for which it would be refused.
    """

    plan: PublicationPlan
    request: PublicationRequest
    obstacles: tuple[ServiceError, ...]
    contributions: tuple[Contribution, ...]
    impact: Impact
    readers: tuple[Readers, ...]
