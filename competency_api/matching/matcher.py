"""Suggestions for texts of courses, over one version (docs/reference/suggestions.md).

Nothing leaves the process and nothing is learned from anywhere but the version itself and a few lists of words.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from competency_api.matching.scoring.labels import LabelIndex, memory_of
from competency_api.matching.scoring.likeness import CANDIDATES, Found, Likeness
from competency_api.matching.scoring.ranking import Ranked, confidence, ranked
from competency_api.matching.texts.guesses import grade_of, language_of, level_of, lexicon_for
from competency_api.matching.texts.lexicon import Lexicon
from competency_api.matching.texts.reading import Part, read
from competency_api.matching.values import Field, Match, MatchQuery, MatchResult, Relation, Span, Why
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.kinds import LEVELS
from competency_api.taxonomy.taxonomy import Taxonomy

#: Spans that are shown of one suggestion.
MOST_SPANS = 10
# In texts of many parts each is looked at less closely: what a long text is about, several of its parts say.
_LOOKED_AT_CLOSELY = 4
_FEWER_CANDIDATES = 8


class Matcher:
    """Matches texts against one version. The index of a language is built when a text in it first comes, or before.

    No text whatever raises, no concept is suggested that is not in the version, and the same question always has the
    same answer. Any number of threads may ask. ``memory_bytes`` is what all languages will take, by estimate.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self.memory_bytes = memory_of(taxonomy)
        self._building: dict[str, threading.Lock] = {}
        self._scorers: dict[str, Likeness] = {}

    def match(self, query: MatchQuery) -> MatchResult:
        """The concepts that the text is about, best first."""
        language = self.language_of(query)
        lexicon, likeness = lexicon_for(language), self._likeness(language)
        texts: dict[Field, str] = {"title": query.title, "description": query.description}
        parts = [part for field, text in texts.items() for part in read(field, text, lexicon)]
        most = max(CANDIDATES, query.limit) if len(parts) <= _LOOKED_AT_CLOSELY else _FEWER_CANDIDATES
        found = [one for part in parts for one in likeness.found_in(part, texts[part.field], query.kinds, most)]
        title = [word for part in parts if part.field == "title" for word in part.words]
        grade = grade_of(title, lexicon)
        shown = [one for one in ranked(found, query.limit) if confidence(one) >= query.min_confidence]
        matches = tuple(self._match(one, texts, lexicon, grade) for one in shown)
        return MatchResult(language=language, is_guessed=query.language is None, matches=matches)

    def language_of(self, query: MatchQuery) -> str:
        """The language that the text is read in: the one that is named, or else guessed."""
        if query.language is not None:
            return query.language
        languages = self._taxonomy.languages
        fallback = REFERENCE_LANGUAGE if REFERENCE_LANGUAGE in languages else next(iter(languages), REFERENCE_LANGUAGE)
        return language_of(f"{query.title}\n{query.description}", languages, fallback)

    def prepare(self, language: str) -> None:
        """Build the index of a language now."""
        self._likeness(language)

    def _likeness(self, language: str) -> Likeness:
        """Made once: who asks for the same language meanwhile waits, texts in others do not."""
        found = self._scorers.get(language)
        if found is None:
            with self._building.setdefault(language, threading.Lock()):
                found = self._scorers.get(language)
                if found is None:
                    lexicon = lexicon_for(language)
                    found = self._scorers[language] = Likeness(LabelIndex(self._taxonomy, lexicon), lexicon)
        return found

    def _match(self, found: Ranked, texts: dict[Field, str], lexicon: Lexicon, grade: int | None) -> Match:
        best = found.support[0]
        return Match(
            code=found.concept,
            score=round(found.score, 4),
            confidence=confidence(found),
            spans=_spans(found.support),
            relation=_relation(found.support),
            level=self._level(found, lexicon, grade),
            why=_why(best, texts[best.part.field]),
        )

    def _level(self, found: Ranked, lexicon: Lexicon, grade: int | None) -> int | None:
        """What most parts say, the higher where two are said as often; else what the title says of the course."""
        if self._taxonomy[found.concept].kind != "competency":
            return None
        said = [level_of(one.part, one.positions, lexicon, one.label.stems) for one in found.support]
        counted = [said.count(level) for level in LEVELS]
        if not any(counted):
            return grade
        return max(LEVELS, key=lambda level: (counted[level - 1], level))


def _relation(support: Iterable[Found]) -> Relation:
    """Required, when no part names it otherwise."""
    return "requires" if all(one.part.is_required for one in support) else "teaches"


def _spans(support: Iterable[Found]) -> tuple[Span, ...]:
    found = {span for one in support for span in _runs(one.part, one.positions)}
    return tuple(sorted(found, key=lambda span: (span.field != "title", span.start))[:MOST_SPANS])


def _runs(part: Part, positions: tuple[int, ...]) -> list[Span]:
    """Words side by side as one span."""
    runs: list[list[int]] = []
    for at in positions:
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [Span(part.field, part.words[run[0]].start, part.words[run[-1]].end) for run in runs]


def _why(found: Found, text: str) -> Why:
    label, part = found.label, found.part
    shown = "" if label.label_type == "hidden" else label.text
    words = tuple(text[part.words[at].start : part.words[at].end] for at in found.positions)
    return Why(label.label_type, shown, label.language, part.field, words)
