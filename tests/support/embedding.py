"""Pages of a partner that embed the taxonomy, as their owners write them.

``python -m tests.support.embedding`` writes today's line of the script into the example page of the docs.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page

from competency_api.embeds.snippets import loading
from tests.support.sources import ROOT

FORMS = {
    "list": 'kind="competency" discipline="D003" search',
    "tree": 'kind="technology" columns="code"',
    "table": 'kind="technology" columns="code,definition,maturity" limit="8"',
    "cards": 'kind="business-model" columns="code,definition,asset,ownership" limit="6"',
    "select": 'kind="discipline" name="discipline" label="Discipline"',
    "concept": 'code="C017"',
    "profile": 'code="R001" limit="12"',
    "courses": 'code="C017"',
}


#: A partner's own look, where its policy lets it have one.
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}"
)


def policy(site: str) -> str:
    """What the docs tell partners to permit, and nothing else."""
    return f"default-src 'none'; script-src {site}; connect-src {site}; frame-src {site}"


def element(view: str, attributes: str, inside: str = "") -> str:
    return f'<competency-list view="{view}" {attributes}>{inside}</competency-list>'


def document(site: str, body: str, attributes: str = 'lang="en"') -> str:
    """A page with the line that loads the element."""
    return (
        f"<!doctype html><html {attributes}><head><title>Partner</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style>{loading(site)}</head><body><main><h1>Partner</h1>{body}</main></body></html>"
    )


def all_forms(more: str = "") -> str:
    """Every form, each below a heading, one of them inside a sentence."""
    shown = [
        f"<h2>{view}</h2>"
        + (
            f"<p>Ask about {element(view, attributes, more)} early.</p>"
            if view == "concept"
            else element(view, attributes, more)
        )
        for view, attributes in FORMS.items()
    ]
    return "".join(shown)


def wait_for_forms(page: Page, count: int = 1) -> None:
    """Until so many elements show their data. They load when they come near the window, so it is made to see all."""
    page.wait_for_function("!!customElements.get('competency-list')")
    page.evaluate("document.querySelectorAll('competency-list').forEach((e) => e.setAttribute('loading', 'eager'))")
    page.wait_for_function(
        """count => [...document.querySelectorAll('competency-list')].filter((element) =>
             element.shadowRoot.querySelector('.about, .message')).length >= count""",
        arg=count,
    )


#: Where the docs say that the service is.
DOCUMENTED = "https://skills.example.org"
_EXAMPLE = ROOT / "docs" / "how-to" / "embed-example.html"


def example() -> str:
    """The example page of the docs."""
    return _EXAMPLE.read_text("utf-8")


if __name__ == "__main__":
    _EXAMPLE.write_text(re.sub("<script type=.*</script>", loading(DOCUMENTED), example()), encoding="utf-8")
