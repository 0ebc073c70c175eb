"""Succession: what must hold between a version and the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.rules.finding import Chapter, Finding, found
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Succession of versions")

VANISHED = CHAPTER.error(
    "concept-vanished",
    "A concept of the version before is missing",
    "What was published once stays for ever: it is retired, never removed.",
    "Put it back, and retire it if it is no longer used.",
)
KIND_CHANGED = CHAPTER.error(
    "kind-changed",
    "A concept has changed its kind",
    "Code and kind belong together for ever.",
    "Retire the concept, and add one of the other kind as its successor.",
)
UUID_CHANGED = CHAPTER.error(
    "uuid-changed",
    "A concept has changed its UUID",
    "Other systems know the concept by its UUID, which never changes.",
    "Restore the UUID of the version before.",
)
UUID_REUSED = CHAPTER.error(
    "uuid-reused",
    "The UUID of another concept is used again",
    "In the version before, this UUID named another concept.",
    "Leave the UUID out: the service then makes another.",
)
MEANING_WENT_BACK = CHAPTER.error(
    "meaning-counter-went-back",
    "The counter of meanings went back",
    "`meaning` only rises; even a return to the old meaning is a new change of meaning.",
    "Set it to the value of the version before, or one more if the meaning changed.",
)
FORMER_GIVEN_UP = CHAPTER.error(
    "former-code-given-up",
    "A former code is given up",
    "Whoever still uses the former code is led to this concept; that must go on.",
    "Put the former code back.",
)
RETIREMENT_MOVED = CHAPTER.warning(
    "retirement-moved",
    "The day of a published retirement has changed",
    "Providers have planned with the day that was published.",
    "Restore the day; to give more time, change `transition_until`.",
)


def _changes(old: Concept, new: Concept) -> Iterator[Finding]:
    if new.kind != old.kind:
        sentence = f"it was a {printable(old.kind)} and is now a {printable(new.kind)}."
        yield found(KIND_CHANGED, new, sentence, ("kind",))
    if new.uuid != old.uuid:
        yield found(UUID_CHANGED, new, f"it was {printable(old.uuid)} before.", ("uuid",))
    if new.meaning < old.meaning:
        sentence = f"it was {old.meaning} before and is {new.meaning} now."
        yield found(MEANING_WENT_BACK, new, sentence, ("meaning",))
    for code in old.former_codes:
        if code not in new.former_codes:
            sentence = f"{printable(code)} was a former code of it before."
            yield found(FORMER_GIVEN_UP, new, sentence, ("former_codes",), others=(code,))
    if old.retirement and new.retirement and old.retirement.on != new.retirement.on:
        sentence = f"it was {printable(old.retirement.on)} before and is {printable(new.retirement.on)} now."
        yield found(RETIREMENT_MOVED, new, sentence, ("retirement", "on"))


def check(parent: Taxonomy, taxonomy: Taxonomy) -> Iterator[Finding]:
    for old in parent:
        new = taxonomy.get(old.code)
        if new is None:
            yield found(VANISHED, old, "it was in the version before and is missing now.")
        else:
            yield from _changes(old, new)
    for new in taxonomy:
        other = parent.by_uuid.get(new.uuid)
        if other is not None and other != new.code:
            yield found(
                UUID_REUSED, new, f"it named {printable(other)} in the version before.", ("uuid",), others=(other,)
            )
