"""How to cite a concept: always the exact version, so that whoever follows finds what was cited."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

NAME = "Smart City Competency Framework"
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


@dataclass(frozen=True)
class Citation:
    """``title`` of the concept in the language of the page, ``address`` of its page in the exact version."""

    code: str
    title: str
    version: str
    publisher: str
    published_at: dt.datetime
    address: str

    def plain(self) -> str:
        return f"{self.title} ({self.code}). {NAME}, version {self.version}, {self.published_at:%Y}. {self.address}"

    def apa(self) -> str:
        """After the seventh edition, as an entry of a reference work with an organisation as its author."""
        whole = f"In {NAME} (Version {self.version})"
        return f"{self._author}. ({self.published_at:%Y}). {self.title} ({self.code}). {whole}. {self.address}"

    def bibtex(self) -> str:
        fields = {
            "author": f"{{{_escaped(self._author)}}}",
            "title": f"{{{_escaped(self.title)}}} ({self.code})",
            "booktitle": _escaped(NAME),
            "edition": f"Version {self.version}",
            "year": f"{self.published_at:%Y}",
            "url": self.address,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@inreference{{{self.code}-{self.version},", *lines, "}"])

    @property
    def _author(self) -> str:
        return self.publisher or NAME


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
