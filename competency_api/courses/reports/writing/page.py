"""What the pages about coverage say beside the coverage itself: whose it is, against what, and the heat map."""

from __future__ import annotations

from typing import Any

from competency_api.courses.reports import queries
from competency_api.courses.reports.measuring import Measurer, Question
from competency_api.courses.reports.writing.heat import MOST_COURSES, HeatMap, columns_of, heat_map
from competency_api.courses.reports.writing.words import Words
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.speaking import Speaker


def about(
    said: dict[str, Any], measurer: Measurer, question: Question, speaker: Speaker, words: Words
) -> dict[str, Any]:
    """The values of the page."""
    name = question.provider.name if question.provider else words["everybody"]
    about = {"report": said, "against": _against(measurer, question, speaker)}
    if "older" in said:
        title = words["compared_of"].format(name=name, older=said["older"], version=said["version"])
        return {**about, "title": title, "rows": _by_development(said)}
    title = words["coverage_of"].format(name=name)
    return {**about, "title": title, "heat": _heat(measurer, question, speaker)}


def _by_development(said: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row for row in said["concepts"] if row["development"] == name] for name in said["developments"]}


def _against(measurer: Measurer, question: Question, speaker: Speaker) -> list[dict[str, Any]]:
    taxonomy = measurer.pins.taxonomy(question.version.id)
    if question.against.by == "kind":
        labels = KINDS[question.against.values[0]].labels
        return [{"name": next((labels[tag] for tag in speaker.asked if tag in labels), labels["en"])}]
    concepts = [taxonomy[code] for code in question.against.values]
    return [{"code": c.code, "label": speaker.label(c.labels, c.translations), "name": c.name} for c in concepts]


def _heat(measurer: Measurer, question: Question, speaker: Speaker) -> HeatMap | None:
    """Of one provider's courses; there is no telling the courses of everybody apart by a column."""
    if question.provider is None:
        return None
    provider_id = question.provider.id
    total = queries.count_shown_courses(measurer.session, provider_id, question.course_ids)
    courses = queries.list_shown_courses(measurer.session, provider_id, question.course_ids, MOST_COURSES)
    cells = queries.list_cells(measurer.session, provider_id, [key for key, _, _ in courses])
    return heat_map(columns_of(courses, speaker.asked), total, cells, measurer.conversions(question))
