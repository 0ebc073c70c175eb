"""The life of a proposal: which verb leads where, and that nothing leads out of an end."""

from __future__ import annotations

import pytest

from competency_api.curation.lifecycle import TRANSITIONS, State, Verb, verbs_in

ENDS = (State.ACCEPTED, State.REJECTED, State.WITHDRAWN, State.PUBLISHED)


@pytest.mark.parametrize("state", ENDS)
def test_nothing_leads_out_of_an_end(state: State) -> None:
    assert verbs_in(state) == ()


def test_every_state_but_the_published_one_is_reached_by_verbs() -> None:
    reached, waiting = {State.DRAFT}, [State.DRAFT]
    for state in waiting:
        found = {TRANSITIONS[verb].target for verb in verbs_in(state)} - reached
        reached |= found
        waiting += sorted(found)
    assert reached == set(State) - {State.PUBLISHED}


def test_changes_can_be_asked_for_again_and_again() -> None:
    assert TRANSITIONS[Verb.CHANGES_REQUESTED].target in TRANSITIONS[Verb.SUBMISSION].sources


def test_reviewing_takes_the_scope_and_authors_act_on_their_own() -> None:
    scopes = {verb.value: transition.scope.value for verb, transition in TRANSITIONS.items()}
    assert [verb for verb, scope in scopes.items() if scope == "review"] == [
        "changes-requested", "rejection", "acceptance",
    ]  # fmt: skip
    assert all(t.by_author == (t.scope == "propose") for t in TRANSITIONS.values())
    assert [t.verb for t in TRANSITIONS.values() if t.not_own] == [Verb.ACCEPTANCE]
