"""A catalogue of real courses, for tests that tell a provider's story from end to end."""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path

#: What courses of this field are about, by words of their titles.
_FIELD = re.compile(
    r"\b(cities|gis|geographic|procurement|public policy|governance|financing|sustainab(?:le|ility)|cloud computing"
    r"|(?:internet|security) of things|cyber ?security|privacy|change management|innovation|project management"
    r"|big data|energy transition|blockchain)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\((?:DE|PT)\)|Python|Fashion|Food|Google|Microsoft|Palo Alto|Insurance|Healthy", re.IGNORECASE
)
COURSES = 50


def real_catalogue(data: Path) -> str:
    """Fifty courses of this field from the Coursera catalogue in the real data, as a table for an import."""
    with gzip.open(data / "courses/coursera_courses.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["course_title"])
    titled = [row for row in rows if _FIELD.search(row["course_title"]) and not _ELSEWHERE.search(row["course_title"])]
    found = [row for row in titled if row["course_description"].strip()]
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(("external_id", "title@en", "description@en", "url", "languages", "modality"))
    for row in found[:COURSES]:
        own_id = "/".join(row["course_url"].split("/")[-2:])
        texts = (" ".join(row["course_title"].split()), row["course_description"].replace("\t", " "))
        table.writerow((own_id, *texts, row["course_url"], "en", "online"))
    return written.getvalue()
