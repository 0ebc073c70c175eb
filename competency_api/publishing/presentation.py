"""What a dry run answers, and the public keys, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from competency_api.catalogue.presentation import completeness
from competency_api.core.signatures import jwk_of
from competency_api.curation.presentation import BASE as PROPOSALS
from competency_api.curation.presentation import impact_document
from competency_api.publishing.values import Contribution, Rehearsal, Signing
from competency_api.taxonomy.canonical import digest_of
from competency_api.versions.obstacles import findings_document
from competency_api.versions.sealing import ABOUT
from competency_api.versions.values import PublicationPlan, VersionInfo

#: Concepts of the difference that a dry run lists; the rest is counted.
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
        "statement": _statement(found) if signing.signer else None,
        "proposals": [_contribution(contribution) for contribution in found.contributions],
        "concepts": {
            "total": summary.concepts,
            "active": summary.active,
            "retired": summary.concepts - summary.active,
        },
        "kinds": summary.kinds,
        "languages": {tag: completeness(covered, summary.active) for tag, covered in summary.languages.items()},
        **_difference(plan),
        **_findings(plan),
        "impact": impact_document(found.impact, found.readers, request.number),
    }


def _statement(found: Rehearsal) -> dict[str, Any]:
    """What is going to be signed, as far as it is known before: the moment and the seal are not."""
    asked = found.request
    return {
        "about": ABOUT,
        "number": str(asked.number) if asked.number else None,
        "title": asked.title,
        "notes_digest": digest_of((asked.notes or "").encode()),
        "publisher": asked.publisher,
        "valid_from": asked.valid_from.isoformat() if asked.valid_from else None,
        "digest": found.plan.digest,
    }


def _contribution(contribution: Contribution) -> dict[str, Any]:
    account = contribution.account
    link = f"{PROPOSALS}/{contribution.id}"
    return {"id": contribution.id, "title": account.title, "by": account.by or None, "links": {"self": link}}


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
    return {
        "errors": len(plan.errors),
        "warnings": len(plan.warnings),
        "findings": findings_document((*plan.errors, *plan.warnings)),
    }


def key_set(signing: Signing, versions: Iterable[VersionInfo], others: Iterable[str]) -> dict[str, Any]:
    """The public keys as a JWK set: the one that signs now, then those of earlier versions, newest first, then
    ``others`` that have signed."""
    own = [signing.signer.public_key] if signing.signer else []
    earlier = [v.signature.public_key for v in sorted(versions, key=lambda v: -v.id) if v.signature]
    return {"keys": [jwk_of(key) for key in dict.fromkeys([*own, *earlier, *others])]}
