"""Pages for people: their links lead somewhere, and what they list is what there is."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from tests.support.sources import ROOT, documents

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TABLE_ROW = re.compile(r"^\| ([a-z0-9-]+) \|", re.MULTILINE)
REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9-]+)(\[[a-z]+\])?\s*[<>=~!]", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Anchors as Git hosts make them: lower case, without punctuation, hyphens for blanks."""
    headings = HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    return file.exists() and (not anchor or file.suffix != ".md" or anchor in anchors(file))


def test_every_link_between_documents_leads_somewhere() -> None:
    found = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in documents()
        for link in LINK.findall(page.read_text("utf-8"))
        if not re.match("[a-z]+:", link) and not leads_somewhere(page, link)
    ]
    assert found == []


def test_every_page_of_the_documentation_or_its_folder_is_in_the_index() -> None:
    docs = ROOT / "docs"
    links = LINK.findall((docs / "README.md").read_text("utf-8"))
    listed = {(docs / link.partition("#")[0]).resolve() for link in links} | {docs / "README.md"}
    found = [
        page.relative_to(ROOT).as_posix()
        for page in documents()
        if page.is_relative_to(docs) and page not in listed and page.parent not in listed
    ]
    assert found == []


def test_no_heading_stands_over_nothing() -> None:
    found = [
        f"{page.relative_to(ROOT)}: {match[1]}"
        for page in documents()
        for match in re.finditer(r"^(#+ .+)\n+(?=(#+) |\Z)", page.read_text("utf-8"), re.MULTILINE)
        # A heading may be followed at once by one of a lower rank.
        if match[2] is None or len(match[2]) <= len(match[1].split(" ")[0])
    ]
    assert found == []


def test_every_dependency_is_justified_and_none_that_is_not_there() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    declared = "\n".join([setup["options"]["install_requires"], *setup["options.extras_require"].values()])
    names = {match[1].lower() for match in REQUIREMENT.finditer(declared)} - {"competency-api"}
    explained = set(TABLE_ROW.findall((ROOT / "docs" / "dependencies.md").read_text("utf-8")))
    assert names ^ explained == {"package"}  # the word at the head of each table
