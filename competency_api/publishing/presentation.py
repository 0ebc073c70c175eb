"""What a dry run answers, and the public keys, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from competency_api.catalogue.presentation import completeness
from competency_api.core.signatures import jwk_of
from competency_api.publishing.service import Rehearsal
from competency_api.publishing.values import Signing
from competency_api.versions.values import PublicationPlan, VersionInfo

#: Concepts of the difference, and findings, that a dry run lists; the rest is counted.
MOST_LISTED = 500


def rehearsal_document(found: Rehearsal, signing: Signing) -> dict[str, Any]:
    """Everything that would happen."""
    plan, request = found.plan, found.request
    summary = plan.summary
    return {
        "is_publishable": not found.obstacles,
        "obstacles": [{"code": error.code, "detail": error.message} for error in found.obstacles],
        "parent": str(plan.parent) if plan.parent else None,
        "number": str(request.number) if request.number else None,
        **_numbering(plan),
        "title": request.title,
        "notes": request.notes,
        "publisher": request.publisher,
        "valid_from": request.valid_from.isoformat() if request.valid_from else None,
        "digest": plan.digest,
        "signed_with": signing.key_id,
        "concepts": {
            "total": summary.concepts,
            "active": summary.active,
            "retired": summary.concepts - summary.active,
        },
        "kinds": summary.kinds,
        "languages": {tag: completeness(covered, summary.active) for tag, covered in summary.languages.items()},
        **_difference(plan),
        **_findings(plan),
    }


def _numbering(plan: PublicationPlan) -> dict[str, Any]:
    numbering = plan.numbering
    return {
        "smallest": str(numbering.smallest) if numbering else None,
        "bump": numbering.bump if numbering else None,
        "reasons": [msgspec.to_builtins(reason) for reason in plan.summary.reasons],
        "reasons_total": plan.summary.reasons_total,
    }


def _difference(plan: PublicationPlan) -> dict[str, Any]:
    entries = plan.difference.entries
    return {
        "changes": plan.difference.counts(),
        "changed": [msgspec.to_builtins(entry) | {"bump": entry.bump} for entry in entries[:MOST_LISTED]],
        "changed_total": len(entries),
    }


def _findings(plan: PublicationPlan) -> dict[str, Any]:
    findings = (*plan.errors, *plan.warnings)
    return {
        "errors": len(plan.errors),
        "warnings": len(plan.warnings),
        "findings": [msgspec.to_builtins(finding) for finding in findings[:MOST_LISTED]],
    }


def key_set(signing: Signing, versions: Iterable[VersionInfo]) -> dict[str, Any]:
    """The public keys as a JWK set: the one that signs now, then those of earlier versions, newest first."""
    own = [signing.signer.public_key] if signing.signer else []
    earlier = [v.signature.public_key for v in sorted(versions, key=lambda v: -v.id) if v.signature]
    return {"keys": [jwk_of(key) for key in dict.fromkeys([*own, *earlier])]}
