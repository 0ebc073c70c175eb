"""The same for programs that draw it themselves: options of a drop-down, rows of a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from competency_api.embeds.document import Document
from competency_api.formats.tabular.cells import guarded

_BETWEEN = " | "


def options(document: Document) -> list[dict[str, Any]]:
    """One entry each, as drop-downs of most libraries take them; the version is part of what is chosen."""
    return [
        {"value": item["code"], "label": item["label"]["text"], "version": document["version"]}
        for item in document["items"]
    ]


def table(document: Document) -> bytes:
    """CSV that spreadsheets open: UTF-8 with a byte order mark, formulas defused, one row an entry."""
    columns = [column["name"] for column in document["columns"] if column["name"] != "code"]
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(("version", "code", "label", "lang", *columns, *(["level"] if _has_levels(document) else [])))
    for item in document["items"]:
        texts = [_BETWEEN.join(text["text"] for text in item["cells"].get(name, ())) for name in columns]
        row = [document["version"], item["code"], item["label"]["text"], item["label"].get("lang", ""), *texts]
        row += [str(item["level"]["value"])] if "level" in item else []
        writer.writerow([guarded(cell) for cell in row])
    return lines.getvalue().encode("utf-8-sig")


def _has_levels(document: Document) -> bool:
    return any("level" in item for item in document["items"])
