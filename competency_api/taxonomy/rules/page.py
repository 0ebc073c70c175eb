"""The reference page of the rules: ``python -m competency_api.taxonomy.rules.page`` in a checkout writes it."""

from __future__ import annotations

from pathlib import Path

from competency_api.taxonomy.rules import CHAPTERS, RULES
from competency_api.taxonomy.rules.finding import Chapter

PLACE = "docs/reference/quality-rules.md"

_INTRODUCTION = """\
# Rules of quality

A draft may break every rule; publication may not: an **error** refuses it, a **warning** is listed in the quality
report that is published with the version. Each finding names the rule, the concept by code and label, the place in it,
other concepts involved, and the remedy. The slugs are stable.

There are {errors} errors and {warnings} warnings. Names in the last column are the checks of
[qSKOS](https://github.com/cmader/qSKOS/wiki) and the conditions of the
[SKOS reference](https://www.w3.org/TR/skos-reference/). (This page is made from `competency_api/taxonomy/rules/` by
`python -m competency_api.taxonomy.rules.page`.)
"""

_NOT_HERE = """\
## Checks of qSKOS that are not rules here

| check | why not |
|---|---|
| ipl: several preferred labels in a language | cannot be written: there is one place for it |
| strc: only transitively related, urc: related in one direction | what is inverse or transitive is derived |
| otc: no top concept, tchbc: top concept with a broader one | top concepts are derived: those without a broader one |
| mol: no link to another vocabulary | a measure of completeness, not a defect |
| mil: nobody links here, bl: broken links | need the network; publication must not depend on it |
"""


def _chapter(chapter: Chapter) -> str:
    rows = [
        f"| `{rule.slug}` | {rule.severity} | **{rule.title}.** {rule.explanation} | {rule.remedy} | {rule.standard} |"
        for rule in chapter.rules
    ]
    head = ["| rule | severity | what it says | remedy | corresponds to |", "|---|---|---|---|---|"]
    return "\n".join([f"## {chapter.title}", "", *head, *rows, ""])


def reference_page() -> str:
    """The text of ``docs/reference/quality-rules.md``."""
    errors = sum(rule.severity == "error" for rule in RULES.values())
    introduction = _INTRODUCTION.format(errors=errors, warnings=len(RULES) - errors)
    return "\n".join([introduction, *map(_chapter, CHAPTERS), _NOT_HERE])


if __name__ == "__main__":
    Path(PLACE).write_text(reference_page(), encoding="utf-8")
