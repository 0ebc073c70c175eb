"""Embeds without scripts: frames of pages of another origin, fragments, and the page that makes snippets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support.browsers import NARROW, WIDE, Heard, Partner, axe, screenshot
from tests.support.embedding import FORMS, policy

FRAMED = {"list": "kind=competency", "concept": "code=P002", "profile": "code=R001", "courses": "code=C017"}
HEIGHTS = """<script>
  addEventListener("message", (event) => {
    if (event.origin !== "{site}" || event.data.type !== "competency-embed") return;
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === event.source) frame.height = event.data.height;
  });
</script>"""


def frame(site: str, view: str, query: str) -> str:
    return f'<iframe src="{site}/embed/v1/2/{view}/frame?{query}" title="{view}" width="100%" height="300"></iframe>'


def test_a_frame_shows_the_same_without_scripts_and_in_any_site(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    partner.show(page, "/", frame(site, "list", "kind=competency&lang=es"), policy(site))
    inside = page.frame_locator("iframe")
    expect(inside.locator("li")).to_have_count(68)
    assert inside.locator("html").get_attribute("lang") == "es"
    assert inside.locator("a").first.get_attribute("target") == "_blank"


def test_a_frame_tells_its_height(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    permitted = policy(site).replace("script-src", "script-src 'unsafe-inline'")
    partner.show(page, "/", HEIGHTS.replace("{site}", site) + frame(site, "list", "kind=discipline&lang=en"), permitted)
    page.wait_for_function("document.querySelector('iframe').height > 500")
    inside = page.frames[1].evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert inside[0] == inside[1]


@pytest.mark.parametrize(("theme", "views"), [("light", tuple(FORMS)), ("dark", ("table", "profile"))])
def test_frames_are_without_a_violation_of_wcag(theme: str, views: tuple[str, ...], site: str, open_page: Open) -> None:
    page = open_page(viewport=NARROW)
    heard = Heard.of(page)
    for view in views:
        page.goto(f"{site}/embed/v1/2/{view}/frame?{FRAMED.get(view, 'kind=technology')}&theme={theme}&lang=nl")
        assert axe(page) == [], view
        screenshot(page, f"frame-{view}-{theme}")
    assert heard.lines == []


def test_a_frame_of_nothing_says_so_in_its_language(site: str, open_page: Open) -> None:
    page = open_page()
    answer = page.goto(f"{site}/embed/v1/2/concept/frame?code=C999&lang=fr")
    assert answer is not None
    assert answer.status == 404
    assert page.locator(".message").inner_text() == "Cette liste nomme une version ou une entrée qui n’existe pas."
    assert axe(page) == []


# -- the page that makes snippets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "query"),
    [
        ("wide", {"viewport": WIDE}, "ui=en"),
        ("narrow", {"viewport": NARROW}, "ui=de&view=table&kind=technology"),
        ("dark", {"viewport": WIDE, "color_scheme": "dark"}, "ui=fr&view=profile&profile=R001"),
        ("wrong", {"viewport": NARROW}, "ui=pt&view=concept&code=C999"),
        ("open", {"viewport": WIDE}, "ui=nl&view=concept"),
        ("courses", {"viewport": NARROW}, "ui=es&view=courses&code=C017"),
    ],
)
def test_the_generator_is_without_a_violation_of_wcag(
    name: str, options: dict[str, object], query: str, site: str, open_page: Open
) -> None:
    page = open_page(**options)
    page.goto(f"{site}/embed?{query}")
    if name in ("wide", "narrow", "dark", "courses"):
        page.locator("competency-list :is(li, tr)").first.wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"generator-{name}")


def test_a_choice_is_shown_at_once_and_what_is_copied_works(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    heard = Heard.of(page)
    page.goto(f"{site}/embed?ui=en")
    page.get_by_label("Form", exact=True).select_option("table")
    page.get_by_label("Kind of entries").select_option("technology")
    page.locator("competency-list[view=table] tbody tr").first.wait_for()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    snippet = page.evaluate("navigator.clipboard.readText()")
    expect(page).to_have_url(re.compile("ui=en"))
    assert page.context.cookies() == []
    assert heard.lines == []
    other = open_page()
    partner.show(other, "/", f'<!doctype html><html lang="es"><title>Partner</title>{snippet}', policy(site))
    assert other.locator("competency-list caption").inner_text() == "Tecnologías"


def test_the_generator_works_without_javascript(site: str, open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/embed?ui=es")
    page.get_by_label("Forma", exact=True).select_option("cards")
    page.get_by_label("Clase de entradas").select_option("technology")
    page.get_by_role("button", name="Mostrar").click()
    expect(page).to_have_url(re.compile("view=cards"))
    expect(page.frame_locator("iframe").locator(".card")).to_have_count(24)
    assert 'view="cards" kind="technology"' in page.locator("#snippet-element").input_value()
    screenshot(page, "generator-without-javascript")
