"""Texts as an asker gets them: in all languages, or in the one that suits best.

A text is never taken from a random language: the asked one, its parents, the deployment's declared order, English. What
was chosen is said with each text, and whether a person has reviewed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from competency_api.core.languages import Choice, choose
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Labels

#: A map by language, or one text with what is said about it; None when no language of the fallback order has it.
Spoken = Any


class Speaker(Protocol):
    """Turns maps by language into what is answered. ``reviews`` is the concept's ``translations``."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The languages that were asked for, most wanted first; none for all."""

    @property
    def used(self) -> tuple[str, ...]:
        """The languages that were chosen, most wanted first; none where nothing had to be chosen."""

    def ranked(self, tags: Iterable[str]) -> tuple[str, ...]:
        """These languages, most wanted first; none where nothing had to be chosen."""

    def text(self, texts: Mapping[str, str], reviews: Mapping[str, str]) -> Spoken: ...

    def labels(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> dict[str, Any]: ...

    def label(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> Spoken:
        """The preferred label alone."""


class AllLanguages:
    """Every text by language tag, as it is stored: the same answer for everybody, whatever they speak."""

    asked: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    def ranked(self, tags: Iterable[str]) -> tuple[str, ...]:
        return ()

    def text(self, texts: Mapping[str, str], reviews: Mapping[str, str]) -> Spoken:
        return texts

    def labels(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> dict[str, Any]:
        return {
            tag: {"preferred": x.preferred, "alternative": x.alternative, "hidden": x.hidden}
            for tag, x in labels.items()
        }

    def label(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> Spoken:
        return {tag: x.preferred for tag, x in labels.items()}


class OneLanguage:
    """Each text in the best available language for ``asked`` (most wanted first), else by the ``fallback`` order."""

    def __init__(self, asked: Iterable[str], fallback: Iterable[str]) -> None:
        self.asked = tuple(asked)
        self._fallback = tuple(dict.fromkeys((*fallback, REFERENCE_LANGUAGE)))
        self._choices: dict[frozenset[str], Choice | None] = {}
        self._used: dict[str, None] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """The languages of the texts given so far, those that were asked for first; the first asked one at least."""
        return self.ranked(self._used) or self.asked[:1]

    def ranked(self, tags: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(tags, key=self._rank))

    def _rank(self, tag: str) -> tuple[int, str]:
        order = (*self.asked, *self._fallback)
        return (order.index(tag) if tag in order else len(order), tag)

    def choice(self, available: Iterable[str]) -> Choice | None:
        """Which of the available languages it is; the same few sets come again and again."""
        tags = frozenset(available)
        if tags not in self._choices:
            self._choices[tags] = choose(self.asked, tags, self._fallback)
        return self._choices[tags]

    def text(self, texts: Mapping[str, str], reviews: Mapping[str, str]) -> Spoken:
        choice = self.choice(texts)
        return None if choice is None else self._said(texts[choice.tag], choice, reviews)

    def labels(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> dict[str, Any]:
        choice = self.choice(labels)
        if choice is None:
            return {"preferred": None, "alternative": [], "hidden": []}
        chosen = labels[choice.tag]
        return {
            "preferred": self._said(chosen.preferred, choice, reviews),
            "alternative": [self._said(text, choice, reviews) for text in chosen.alternative],
            "hidden": [self._said(text, choice, reviews) for text in chosen.hidden],
        }

    def label(self, labels: Mapping[str, Labels], reviews: Mapping[str, str]) -> Spoken:
        choice = self.choice(labels)
        return None if choice is None else self._said(labels[choice.tag].preferred, choice, reviews)

    def _said(self, text: str, choice: Choice, reviews: Mapping[str, str]) -> dict[str, Any]:
        self._used[choice.tag] = None
        review = "original" if choice.tag == REFERENCE_LANGUAGE else reviews.get(choice.tag, "draft")
        return {"text": text, "lang": choice.tag, "fallback": choice.fallback, "review": review}
