"""What is sealed of conclusions: none can be changed, exchanged or taken away unnoticed."""

from __future__ import annotations

import json

import msgspec
import pytest

from competency_api.core.signatures import new_private_key, read_signer, verified
from competency_api.workshops.outcome.conclusions.sealing import ABOUT, Statement, is_intact, statement_in


def a_chain(*texts: str) -> list[tuple[Statement, str]]:
    chain: list[tuple[Statement, str]] = []
    for number, text in enumerate(texts, 1):
        statement = Statement(
            workshop="w",
            subject="contents/1",
            number=number,
            text={"es": text},
            signed_by="key",
            signer="Eva",
            signed_at="2018-12-12T10:00:00Z",
            before=chain[-1][1] if chain else "",
        )
        chain.append((statement, statement.digest))
    return chain


def test_versions_that_follow_each_other_are_intact() -> None:
    assert is_intact([])
    assert is_intact(a_chain("primero", "segundo", "tercero"))


@pytest.mark.parametrize(
    "member", [{"text": {"es": "otro"}}, {"signed_by": "another"}, {"signed_at": "2018-12-12T11:00:00Z"}]
)
def test_a_change_of_an_old_version_is_seen(member: dict[str, object]) -> None:
    (first, digest), *rest = a_chain("primero", "segundo")
    forged = msgspec.structs.replace(first, **member)
    assert not is_intact([(forged, digest), *rest])
    assert not is_intact([(forged, forged.digest), *rest])


def test_a_version_that_was_taken_away_is_missed() -> None:
    chain = a_chain("primero", "segundo", "tercero")
    assert not is_intact(chain[1:])
    assert not is_intact([chain[0], chain[2]])


def test_whoever_knows_the_public_key_reads_what_was_signed() -> None:
    [(statement, _)] = a_chain("Más datos")
    signer = read_signer(new_private_key())
    payload = verified(signer.sign(statement.canonical), {signer.key_id: signer.public_key})
    said = statement_in(payload)
    assert said == json.loads(statement.canonical)
    assert said is not None
    assert (said["about"], said["text"], said["signer"]) == (ABOUT, {"es": "Más datos"}, "Eva")


def test_what_else_the_key_signs_is_no_conclusion() -> None:
    for payload in (b'{"about": "competency-taxonomy-version/1"}', b"[]", b"no JSON"):
        assert statement_in(payload) is None
