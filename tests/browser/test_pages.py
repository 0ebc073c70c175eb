"""Pages of the site as people meet them: on a telephone, in the dark, by keyboard, on paper, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.browsers import NARROW, WIDE, Heard, axe, screenshot

PAGES = {
    "home": "/en/",
    "browse": "/fr/concepts",
    "kind": "/de/kinds/competency",
    "tree": "/en/kinds/procurement-topic",
    "concept": "/en/concepts/C017",
    "concept-old": "/de/versions/1.0.0/concepts/C017",
    "concept-retired": "/es/concepts/P002",
    "profile": "/pt/concepts/R001",
    "map": "/en/map?discipline=D004&kind=privacy-concern",
    "search": "/es/search?q=datos",
    "search-empty": "/nl/search?q=zzzzqqqq",
    "versions": "/en/versions",
    "version": "/en/versions/2.0.0",
    "difference": "/en/versions/1.0.0/changes/2.0.0?type=redefined",
    "guides": "/fr/guides",
    "guide": "/en/guides/read",
    "reference": "/nl/reference",
    "missing": "/pt/concepts/C999",
    "problems": "/problems",
    "rules": "/fr/rules",
    "licence": "/de/licence",
    "accessibility": "/nl/accessibility",
    "courses": "/de/courses",
    "courses-found": "/en/courses?concept=C017&relation=teaches",
    "courses-none": "/nl/courses?concept=zzzzqqqq",
}
#: First contentful paint of the concept page with nothing in the cache, in milliseconds.
FIRST_PAINT = 500
_PAINTED = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))
    .observe({type: "paint", buffered: true}))"""
#: Of these every screen is looked at; of the others, whose parts they share, one.
ON_EVERY_SCREEN = (
    "home",
    "browse",
    "concept",
    "profile",
    "map",
    "search",
    "version",
    "difference",
    "missing",
    "courses-found",
    "rules",
    "licence",
)


def seen(page: Page, site: str, name: str) -> list[str]:
    """What is wrong with a page: violations of WCAG, width beyond the screen, complaints of the browser."""
    heard = Heard.of(page)
    page.goto(site + PAGES[name])
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wide = [f"{beyond} pixels too wide"] if beyond > 0 else []
    complaints = [line for line in heard.lines if "status of 404" not in line]
    return [f"{name}: {fault}" for fault in (*axe(page), *wide, *complaints)]


@pytest.mark.parametrize(
    ("width", "scheme", "names"), [("wide", "light", tuple(PAGES)), ("narrow", "dark", ON_EVERY_SCREEN)]
)
def test_no_page_breaks_wcag_or_the_width_of_the_screen(
    open_page: Open, site: str, width: str, scheme: str, names: tuple[str, ...]
) -> None:
    page = open_page(viewport=WIDE if width == "wide" else NARROW, color_scheme=scheme)
    faults = []
    for name in names:
        faults += seen(page, site, name)
        screenshot(page, f"pages/{name}-{width}-{scheme}")
    assert faults == []


def test_a_course_is_without_a_violation_of_wcag_on_every_screen_and_on_paper(open_page: Open, site: str) -> None:
    for language, options in (("en", {"viewport": WIDE}), ("fr", {"viewport": NARROW, "color_scheme": "dark"})):
        page = open_page(**options)
        page.goto(f"{site}/{language}/courses?provider=gov")
        page.get_by_role("link", name="Procuring smart services").click()
        expect(page.locator("table.mapped")).to_have_count(3)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        screenshot(page, f"pages/course-{language}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    screenshot(page, "pages/course-print")


def test_courses_are_found_without_javascript(open_page: Open, site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/en/concepts/C017")
    page.get_by_role("link", name="All courses about it").click()
    page.get_by_label("Language of the course").select_option("pt")
    page.get_by_role("button", name="Show courses").click()
    expect(page).to_have_url(f"{site}/en/courses?concept=C017&language=pt")
    expect(page.locator(".hits > li")).to_have_count(1)
    page.locator(".chips").get_by_role("link", name="Portuguese").click()
    expect(page.locator(".hits > li")).to_have_count(3)
    page.get_by_role("link", name="Show all courses").click()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(f"{site}/en/courses?page=2")


def test_the_concept_page_shows_its_first_words_within_half_a_second_of_an_empty_cache(
    open_page: Open, site: str
) -> None:
    open_page().goto(site + PAGES["concept"])  # the service has it in memory then, as for all readers but the first
    # the fastest of several: what a loaded machine adds is no trait of the page
    assert any(_first_paint(open_page(), site) < FIRST_PAINT for _ in range(8))


def _first_paint(page: Page, site: str) -> float:
    page.goto(site + PAGES["concept"])
    return float(page.evaluate(_PAINTED))


def test_search_answers_while_one_types_and_the_address_follows(open_page: Open, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/en/search")
    page.get_by_label("Search the framework").press_sequentially("data protec", delay=20)
    expect(page.locator(".hits").get_by_role("link", name="C017")).to_be_visible()
    expect(page).to_have_url(f"{site}/en/search?q=data+protec")
    page.locator(".facets").get_by_role("link", name="Privacy concerns").click()
    expect(page.locator(".facets [aria-current=true]")).to_contain_text("Privacy concerns")
    expect(page).to_have_url(re.compile("kind=privacy-concern"))


def test_a_search_that_fails_leaves_what_was_found(open_page: Open, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/en/search?q=data")
    shown = page.locator(".hits > li").count()
    page.route("**/search?*", lambda route: route.abort())
    page.get_by_label("Search the framework").press_sequentially("x")
    page.wait_for_timeout(400)
    expect(page.locator(".hits > li")).to_have_count(shown)


def test_everything_works_without_javascript(open_page: Open, site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/en/")
    page.get_by_label("Search the framework").fill("GDPR")
    page.get_by_role("button", name="Search").click()
    page.locator(".hits").get_by_role("link", name="C017").click()
    page.get_by_text("BibTeX").click()
    expect(page.get_by_text("@inreference{C017-2.0.0,")).to_be_visible()
    page.get_by_text("Show it in 6 languages").click()
    expect(page.get_by_text("Datenschutz-Grundverordnung")).to_be_visible()
    page.locator("details.tongues summary").click()
    page.get_by_role("link", name="Nederlands").click()
    expect(page).to_have_url(f"{site}/nl/concepts/C017")
    page.goto(f"{site}/nl/versions")
    page.get_by_role("button", name="Vergelijk").click()
    expect(page).to_have_url(f"{site}/nl/versions/1.0.0/changes/2.0.0")


def test_the_picture_can_be_explored_by_keyboard_alone(open_page: Open, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/en/map")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    cell = page.locator(".for-wide .cell").first
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('cell')"):
            break
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cell h2")).to_contain_text("Competencies")


def test_the_menu_of_languages_closes_by_escape(open_page: Open, site: str) -> None:
    page = open_page()
    page.goto(f"{site}/en/")
    menu = page.locator("details.tongues")
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link", name="Español")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu.get_by_role("link", name="Español")).to_be_hidden()


def test_a_citation_is_copied_by_a_button(open_page: Open, site: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/en/concepts/C017")
    page.get_by_text("Plain text").click()
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/en/versions/2.0.0/concepts/C017")


def test_on_paper_a_page_is_its_content(open_page: Open, site: str) -> None:
    page = open_page()
    page.emulate_media(media="print")
    for name in ("concept", "version"):
        page.goto(site + PAGES[name])
        expect(page.get_by_role("navigation", name="Site")).to_be_hidden()
        expect(page.get_by_role("search")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        screenshot(page, f"pages/{name}-print")
    assert page.pdf().startswith(b"%PDF")


def test_pages_load_nothing_from_elsewhere_and_keep_nothing(open_page: Open, site: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("home", "concept", "map"):
        page.goto(site + PAGES[name])
    assert [url for url in asked if not url.startswith(site)] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
