"""Finished answers in bounded memory.

A :class:`Slot` holds the answers to one normalised request (path and sorted query), one for each value of the request
fields it varies on. Differently written queries of the same meaning share a slot. When the bound is exceeded, slots
that nobody asked for since the last look leave first (second chance), so that a client that varies its parameters
pushes out what it brought in, and not what others use.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from competency_api.serving.encodings import IDENTITY, encoded, is_worth_it, tag_in
from competency_api.serving.readers import Reader

Headers = list[tuple[str, str]]
Key = tuple[str, str]
#: A mark of :mod:`competency_api.core.marks`, and the number that it had when an answer was made.
State = tuple[str, int]

#: Estimated memory of a slot or an answer beside its bytes: objects, header lists, dictionary entries.
_OVERHEAD = 2_000
#: Written forms of one request that are remembered; further ones are found by normalising, which takes longer.
_MOST_SPELLINGS = 16
#: Values of the varying request fields (say, language preferences) that one slot remembers.
_MOST_VARIANTS = 32
_LONGEST_KEY = 2_048


class Finished:
    """One answer, complete, in one coding. ``headers`` lack only what is of the moment (the request's id).

    ``reader`` is how its request named a version, for the counts.
    """

    __slots__ = ("body", "headers", "not_modified", "reader", "route", "tag")

    def __init__(self, body: bytes, headers: Headers, tag: str, route: str, reader: Reader | None = None) -> None:
        self.body = body
        self.headers = headers
        self.tag = tag
        self.route = route
        self.reader = reader
        # RFC 9110, section 15.4.5: what a cache must learn from a 304
        self.not_modified = [pair for pair in headers if pair[0].lower() not in ("content-length", "content-type")]

    @property
    def size(self) -> int:
        return len(self.body) + _OVERHEAD


class Answer:
    """The answer to one request in every coding asked for so far; the others are made from the plain one."""

    __slots__ = ("_by_coding",)

    def __init__(self, plain: Finished) -> None:
        self._by_coding = {IDENTITY: plain}

    @property
    def plain(self) -> Finished:
        return self._by_coding[IDENTITY]

    @property
    def size(self) -> int:
        return sum(finished.size for finished in self._by_coding.values())

    def find(self, coding: str) -> Finished | None:
        return self._by_coding.get(coding)

    def make(self, coding: str) -> Finished:
        """The answer in a coding; the plain one stands in where compressing it is not worth while."""
        plain = self.plain
        names = {name.lower(): value for name, value in plain.headers}
        if not is_worth_it(names.get("content-type", ""), len(plain.body)):
            self._by_coding[coding] = plain
            return plain
        body = encoded(plain.body, coding)
        tag = tag_in(plain.tag, coding)
        replaced = {"content-length": str(len(body)), "etag": tag}
        headers = [(name, replaced.get(name.lower(), value)) for name, value in plain.headers]
        self._by_coding[coding] = Finished(
            body, [*headers, ("Content-Encoding", coding)], tag, plain.route, plain.reader
        )
        return self._by_coding[coding]


class Slot:
    """The answers to one normalised request.

    ``state`` says until when they hold: as long as the number of that mark is the same. Answers are kept by
    the request fields that each varies on, since a page varies on more of them than data at the same address does.
    """

    __slots__ = ("_answers", "key", "spellings", "state", "was_used")

    def __init__(self, key: Key, state: State) -> None:
        self.key = key
        self.state = state
        # Replaced and never changed in length, so that a reader needs no lock. Names are as in a WSGI environment.
        self._answers: tuple[tuple[tuple[str, ...], dict[tuple[str, ...], Answer]], ...] = ()
        self.spellings: list[Key] = []
        self.was_used = False

    def find(self, environ: Mapping[str, Any]) -> Answer | None:
        """The answer that fits the request's fields."""
        for vary, answers in self._answers:
            answer = answers.get(tuple([environ.get(name, "") for name in vary]))
            if answer is not None:
                return answer
        return None

    def put(self, vary: tuple[str, ...], variant: tuple[str, ...], answer: Answer) -> None:
        """Keep an answer that varies on these fields, for these values of them."""
        for known, answers in self._answers:
            if known == vary:
                answers[variant] = answer
                return
        self._answers = (*self._answers, (vary, {variant: answer}))

    def answers(self) -> list[Answer]:
        return [answer for _, answers in self._answers for answer in list(answers.values())]

    @property
    def size(self) -> int:
        keys = sum(len(path) + len(query) for path, query in (self.key, *self.spellings))
        return _OVERHEAD + keys + sum(answer.size for answer in self.answers())

    def holds(self, answer: Answer) -> bool:
        return any(kept is answer for kept in self.answers())


@lru_cache(maxsize=64)  # a first request is looked for, and then kept
def normalised(path: str, query: str) -> Key:
    """The same for queries that differ only in order and escaping."""
    return path, urlencode(sorted(parse_qsl(query, keep_blank_values=True))) if query else ""


class Bodies:
    """All slots of a process, at most ``max_bytes`` of them by estimate. Safe to use from many threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.evicted = 0
        self._slots: OrderedDict[Key, Slot] = OrderedDict()
        self._by_spelling: dict[Key, Slot] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def slots(self) -> list[Slot]:
        with self._lock:
            return list(self._slots.values())

    def find(self, path: str, query: str) -> Slot | None:
        """The slot of a request as it was written, or as it is meant."""
        slot = self._by_spelling.get((path, query))
        if slot is not None or len(query) > _LONGEST_KEY:
            return slot
        slot = self._slots.get(normalised(path, query))
        if slot is not None:
            self._remember(slot, (path, query))
        return slot

    def _remember(self, slot: Slot, spelling: Key) -> None:
        with self._lock:
            if slot.key in self._slots and len(slot.spellings) < _MOST_SPELLINGS and spelling not in slot.spellings:
                before = slot.size
                slot.spellings.append(spelling)
                self._by_spelling[spelling] = slot
                self.bytes += slot.size - before

    def keep(
        self, request: Key, state: State, vary: tuple[str, ...], variant: tuple[str, ...], answer: Answer
    ) -> Slot | None:
        """Keep an answer to a request as it was written (path, query); the slot that holds it, if it is kept.

        One larger than a quarter of the bound is not: it would push out everything else.
        """
        if max(map(len, (*request, *variant))) > _LONGEST_KEY or answer.size > self.max_bytes // 4:
            return None
        key = normalised(*request)
        with self._lock:
            slot = self._slots.get(key)
            if slot is None or slot.state != state or len(slot.answers()) >= _MOST_VARIANTS:
                self._drop(key)
                slot = self._slots[key] = Slot(key, state)
                slot.spellings.append(request)
                self._by_spelling[request] = slot
                self.bytes += slot.size
            before = slot.size
            slot.put(vary, variant, answer)
            self.bytes += slot.size - before
            self._make_room()
            return slot

    def make(self, slot: Slot | None, answer: Answer, coding: str) -> Finished:
        """The answer in another coding, which counts like every other byte when the answer is kept."""
        with self._lock:
            before = answer.size
            finished = answer.find(coding) or answer.make(coding)
            if slot is not None and self._slots.get(slot.key) is slot and slot.holds(answer):
                self.bytes += answer.size - before
                self._make_room()
            return finished

    def _drop(self, key: Key) -> None:
        slot = self._slots.pop(key, None)
        if slot is not None:
            for spelling in slot.spellings:
                self._by_spelling.pop(spelling, None)
            self.bytes -= slot.size

    def _make_room(self) -> None:
        while self.bytes > self.max_bytes and self._slots:
            key, slot = next(iter(self._slots.items()))
            if slot.was_used:
                slot.was_used = False
                self._slots.move_to_end(key)
            else:
                self._drop(key)
                self.evicted += 1
