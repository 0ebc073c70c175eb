"""Values of publishing."""

from __future__ import annotations

from dataclasses import dataclass

from competency_api.core.signatures import Signer


@dataclass(frozen=True)
class Signing:
    """Who signs for this application: nobody where no key is configured."""

    signer: Signer | None

    @property
    def key_id(self) -> str | None:
        return self.signer.key_id if self.signer else None
