"""What a text may be guessed to say beside its subject: the language it is in, and how far it leads learners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from competency_api.matching.texts.lexicon import Lexicon, lexicon_of, primary
from competency_api.matching.texts.reading import Part, Word
from competency_api.search.words.folding import words
from competency_api.search.words.stemming import stems

#: Words that are looked at to guess a language.
_MOST_WORDS = 400
# How far before its object a verb may stand, in words.
_REACH = 4


def language_of(text: str, among: Collection[str], fallback: str) -> str:
    """The language of which most words are those that every text has.

    The fallback where no language has any, or where it is as likely as others; it must be among them.
    """
    found = words(text[: _MOST_WORDS * 12])[:_MOST_WORDS]
    counted = Counter(found)
    counts = {tag: _usual(counted, tag) for tag in sorted(among)}
    best = max(counts.values(), default=0)
    leading = [tag for tag, count in counts.items() if count == best]
    return fallback if not best or fallback in leading else leading[0]


def _usual(counted: Mapping[str, int], tag: str) -> int:
    lexicon = lexicon_for(tag)
    stemmed = zip(counted.items(), stems(tag, counted), strict=True)
    return sum([count for (word, count), stem in stemmed if lexicon.is_usual(word, stem)])


def level_of(part: Part, positions: Sequence[int], lexicon: Lexicon, own: Collection[str] = ()) -> int | None:
    """The level that learners reach in what stands at these positions: by the nearest verb before it, else beside it.

    ``own`` are stems of the name of the subject itself, which count after what stands before it: to "understand how to
    evaluate tenders" is to understand. Of what is required, words such as "basic" count more than verbs.
    """
    if part.is_required and (grade := grade_of(part.words, lexicon, own)):
        return grade
    first, last = min(positions), max(positions)
    before = [part.words[at] for at in range(first - 1, max(-1, first - 1 - _REACH), -1)]
    inside = [part.words[at] for at in positions]
    for word in (*(word for word in before if word.stem not in own), *inside):
        if level := lexicon.level_of_verb(word.folded, word.stem):
            return level
    return grade_of(part.words[max(0, first - _REACH) : last + _REACH], lexicon, own)


def grade_of(read: Iterable[Word], lexicon: Lexicon, own: Collection[str] = ()) -> int | None:
    """The level of the first word that says how advanced something is."""
    return next((lexicon.grades[w.stem] for w in read if w.stem in lexicon.grades and w.stem not in own), None)


def lexicon_for(language: str) -> Lexicon:
    return lexicon_of(primary(language))
