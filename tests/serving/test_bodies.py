"""Finished answers in bounded memory."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from competency_api.core.marks import CURRENT, EXACT
from competency_api.serving.bodies import Answer, Bodies, Finished, State, normalised

#: The state of answers about exact versions while nothing is withdrawn.
FOR_EVER = (EXACT, 0)
STATES = [FOR_EVER, (CURRENT, 1), (CURRENT, 2)]
TEXT = b"A competency is what a person does. " * 40


def an_answer(body: bytes = TEXT, content_type: str = "application/json") -> Answer:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("ETag", '"tag"')]
    return Answer(Finished(body, headers, '"tag"', "/concepts"))


def kept(bodies: Bodies, path: str, query: str = "", answer: Answer | None = None) -> None:
    bodies.keep((path, query), FOR_EVER, (), (), answer or an_answer())


def test_what_is_kept_is_found_however_its_query_is_written() -> None:
    bodies = Bodies(10**6)
    kept(bodies, "/concepts", "lang=es&kind=discipline")
    slot = bodies.find("/concepts", "lang=es&kind=discipline")
    assert slot is not None
    assert bodies.find("/concepts", "kind=discipline&lang=%65s") is slot
    assert bodies.find("/concepts", "kind=discipline&lang=fr") is None
    assert bodies.find("/Concepts", "lang=es&kind=discipline") is None
    assert len(bodies) == 1


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=4))
def test_normalising_does_not_depend_on_the_order(pairs: list[tuple[str, str]]) -> None:
    turned = list(reversed(pairs))
    assert normalised("/", urlencode(pairs)) == normalised("/", urlencode(turned))


def test_a_compressed_answer_has_its_own_tag_and_length() -> None:
    answer = an_answer()
    packed = answer.make("gzip")
    assert len(packed.body) < len(TEXT)
    assert dict(packed.headers) == {
        "Content-Type": "application/json",
        "Content-Length": str(len(packed.body)),
        "ETag": '"tag--gzip"',
        "Content-Encoding": "gzip",
    }
    assert answer.find("gzip") is packed


def test_what_is_not_worth_compressing_stays_as_it_is() -> None:
    answer = an_answer(b"{}")
    assert answer.make("gzip") is answer.plain


def test_an_answer_that_would_push_out_everything_else_is_not_kept() -> None:
    bodies = Bodies(20_000)
    kept(bodies, "/large", answer=an_answer(b"x" * 10_000))
    assert bodies.find("/large", "") is None


def test_a_client_that_varies_its_parameters_pushes_out_its_own_and_not_what_others_use() -> None:
    bodies = Bodies(200_000)
    kept(bodies, "/concepts/C001")
    for number in range(1_000):
        used = bodies.find("/concepts/C001", "")
        assert used is not None
        used.was_used = True
        kept(bodies, "/concepts", f"limit={number}")
        assert bodies.bytes <= 200_000
    assert bodies.evicted > 900


def test_a_thousand_spellings_of_one_request_are_one_answer() -> None:
    bodies = Bodies(10**6)
    kept(bodies, "/concepts", "codes=C001")
    before = bodies.bytes
    for number in range(1_000):
        spelling = "codes=" + "".join(f"%{ord(c):02x}" if number >> i & 1 else c for i, c in enumerate("C001"))
        assert bodies.find("/concepts", spelling) is not None
    assert len(bodies) == 1
    assert bodies.bytes < before + 2_000


def test_a_thousand_languages_of_one_request_stay_within_bounds() -> None:
    bodies = Bodies(10**6)
    for number in range(1_000):
        bodies.keep(("/page", ""), FOR_EVER, ("HTTP_ACCEPT_LANGUAGE",), (f"x-{number}",), an_answer())
        assert bodies.bytes <= 10**6
    slot = bodies.find("/page", "")
    assert slot is not None
    assert len(slot.answers()) <= 32


class Accounting(RuleBasedStateMachine):
    """Whatever happens, the bytes counted are those of what is kept, and never above the bound."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies = Bodies(60_000)

    @rule(n=st.integers(0, 8), query=st.sampled_from(["", "a=1&b=2", "b=2&a=1"]), size=st.integers(0, 9_000),
          state=st.sampled_from(STATES), language=st.sampled_from(["en", "es"]))  # fmt: skip
    def keep(self, n: int, query: str, size: int, state: State, language: str) -> None:
        answer = an_answer(TEXT[:1] * size)
        self.bodies.keep((f"/{n}", query), state, ("HTTP_ACCEPT_LANGUAGE",), (language,), answer)

    @rule(
        n=st.integers(0, 8), query=st.sampled_from(["", "a=1&b=2", "b=2&a=%31"]), coding=st.sampled_from(["gzip", "br"])
    )
    def read(self, n: int, query: str, coding: str) -> None:
        slot = self.bodies.find(f"/{n}", query)
        if slot is not None:
            slot.was_used = True
            for answer in slot.answers():
                self.bodies.make(slot, answer, coding)

    @invariant()
    def counted(self) -> None:
        assert self.bodies.bytes == sum(slot.size for slot in self.bodies.slots())
        assert self.bodies.bytes <= 60_000


TestAccounting = Accounting.TestCase
