"""What the form of the catalogue asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from competency_api.courses.entry import hundredths
from competency_api.courses.queries import Filters
from competency_api.courses.values import MOST_HOURS, MappingRelation, Modality, Visibility
from competency_api.taxonomy.kinds import LEVELS

A_PAGE = 20
#: Courses that can be turned to: whoever looks further narrows the list.
MOST_SHOWN = 1_000
_LONGEST = 200
_CODE = re.compile("[a-z][0-9]+")


@dataclass(frozen=True)
class Asked:
    """Fields of the form by their names, as they were sent; what is empty, or no word of the field, is not asked."""

    concept: str = ""
    relation: str = ""
    level: str = ""
    language: str = ""
    modality: str = ""
    provider: str = ""
    hours_from: str = ""
    hours_to: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """From the parameters of a request, whatever they hold."""
        said = {name: " ".join(given.get(name, "").split())[:_LONGEST] for name in PARAMETERS if name != "page"}
        for name, words in _WORDS.items():
            said[name] = said[name] if said[name] in words else ""
        said["concept"] = said["concept"].upper() if _CODE.fullmatch(said["concept"]) else said["concept"]
        for name in ("hours_from", "hours_to"):
            said[name] = said[name] if _hours(said[name]) is not None else ""
        number = given.get("page", "")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
        return cls(**said, page=min(max(page, 1), MOST_SHOWN // A_PAGE))

    def query(self, **instead: str) -> dict[str, str]:
        """Its parameters with others in place of some; the page is the first again unless it is given."""
        said = {name: str(getattr(self, name)) for name in PARAMETERS if name != "page"}
        return {name: value for name, value in (said | instead).items() if value}

    @property
    def address(self) -> dict[str, str]:
        """The parameters that the address of the page has, each once and none empty."""
        return self.query(**({"page": str(self.page)} if self.page > 1 else {}))

    def about(self, concept: str) -> Asked:
        """The same of this concept."""
        return replace(self, concept=concept)

    def filters(self, provider_id: int | None = None) -> Filters:
        return Filters(
            concept=self.concept or None,
            relations=(self.relation,) if self.relation else (),
            levels=(int(self.level),) if self.level else (),
            languages=(self.language,) if self.language else (),
            modalities=(self.modality,) if self.modality else (),
            provider_id=provider_id,
            least_hours=_hours(self.hours_from),
            most_hours=_hours(self.hours_to),
            visibility=Visibility.PUBLIC.value,
        )


#: Names of the form's fields, and of the page.
PARAMETERS = tuple(field.name for field in fields(Asked))
_WORDS = {
    "relation": frozenset(relation.value for relation in MappingRelation),
    "modality": frozenset(modality.value for modality in Modality),
    "level": frozenset(map(str, LEVELS)),
}


def _hours(text: str) -> int | None:
    """Hundredths of an hour; None for what is no number of hours."""
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        return None
    return hundredths(hours) if 0 <= hours <= MOST_HOURS else None
