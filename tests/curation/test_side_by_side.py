"""Eight editors at once, at two workers: one wins each round, the others are told, and nothing of theirs is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.campaigns import rounds
from tests.support.curators import Curator, P, keys_of_two
from tests.support.proposals import an_edit, draft_of
from tests.support.published import serving
from tests.support.states import published

EDITORS = 8
EDITS = rounds(50, 2_000)
REVIEWS = rounds(4, 200)

Record = Callable[[str, object], None]


@pytest.fixture
def editors(database: Database) -> Iterator[list[Curator]]:
    """Eight with keys of two partners, half of them at each of two workers, that share nothing but the database."""
    published(database)
    keys = keys_of_two(database)
    settings = Settings(database_url=database.settings.database_url)
    with ExitStack() as stack:
        workers = [stack.enter_context(serving(settings)).application for _ in range(2)]
        yield [Curator(workers[n // 2 % 2].test_client(), keys[n % 2]) for n in range(EDITORS)]


def at_once(tasks: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """The answers to all, sent at the same moment."""
    ready = Barrier(len(tasks))

    def start(task: Callable[[], TestResponse]) -> TestResponse:
        ready.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(start, tasks))


@pytest.mark.slow
@pytest.mark.campaign
def test_of_eight_edits_of_the_same_state_exactly_one_is_made(editors: list[Curator], record_property: Record) -> None:
    record_property("rounds", EDITS)
    own = [editor for editor in editors if editor.key == editors[0].key]
    proposal = own[0].made(an_edit(text="Begun"))
    for number in range(EDITS):
        seen = own[0].tag(proposal)
        texts = [f"Round {number}, editor {n}" for n in range(EDITORS)]

        def edit(text: str, editor: Curator, tag: str = seen) -> TestResponse:
            return editor.put(f"{P}/{proposal}/changes/1", {"change": an_edit(text=text)}, If_Match=tag)

        answers = at_once([lambda n=n, text=text: edit(text, own[n % 4]) for n, text in enumerate(texts)])
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: EDITORS - 1}
        (winner,) = (text for text, answer in zip(texts, answers, strict=True) if answer.status_code == 200)
        (change,) = own[0].get(f"{P}/{proposal}/changes").json["items"]
        assert change["change"]["fields"] == {"definition": {"en": winner}}


@pytest.mark.slow
@pytest.mark.campaign
def test_of_eight_proposals_for_one_place_one_is_accepted_and_the_others_wait_unharmed(
    editors: list[Curator], database: Database, record_property: Record
) -> None:
    record_property("rounds", REVIEWS)
    for number in range(REVIEWS):
        texts = {
            e.submitted(an_edit(text=f"Round {number}, {n}")): f"Round {number}, {n}" for n, e in enumerate(editors)
        }
        others = [editors[(n + 1) % EDITORS] for n in range(EDITORS)]
        tags = [editors[0].tag(proposal) for proposal in texts]
        tasks = [
            lambda e=e, p=p, tag=tag: e.post(f"{P}/{p}/acceptance", {}, If_Match=tag)
            for e, p, tag in zip(others, texts, tags, strict=True)
        ]
        answers = at_once(tasks)
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: EDITORS - 1}
        (winner,) = (answer.json["id"] for answer in answers if answer.status_code == 200)
        assert draft_of(database)["C001"].definition["en"] == texts[winner]
        for proposal in texts.keys() - {winner}:
            assert editors[0].get(f"{P}/{proposal}").json["state"] == "submitted"
            (field,) = editors[0].get(f"{P}/{proposal}/conflicts").json["conflicts"][0]["fields"]
            assert (field["theirs"], field["yours"]) == (texts[winner], texts[proposal])
