"""Embeds in pages of another origin, whose policy permits no more than the docs say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from competency_api.embeds.snippets import loading
from tests.browser.conftest import Open
from tests.support.browsers import NARROW, WIDE, Heard, Partner, axe, screenshot
from tests.support.embedding import (
    DOCUMENTED,
    FORMS,
    all_forms,
    document,
    element,
    example,
    policy,
    wait_for_forms,
)

LIST = element("list", 'kind="discipline" search', "<p>Our own list.</p>")
LOOKS = {
    "wide": ({"viewport": WIDE}, 'lang="en"'),
    "narrow": ({"viewport": NARROW}, 'lang="es"'),
    "dark": ({"viewport": NARROW, "color_scheme": "dark"}, 'lang="de"'),
    "rtl": ({"viewport": WIDE}, 'lang="ar" dir="rtl"'),
}


def shown(page: Page, partner: Partner, site: str, body: str, attributes: str = 'lang="en"') -> None:
    partner.show(page, "/", document(site, body, attributes), policy(site) + "; style-src 'unsafe-inline'")


@pytest.mark.parametrize("look", LOOKS)
def test_every_form_is_drawn_without_a_violation_of_wcag(
    look: str, site: str, partner: Partner, open_page: Open
) -> None:
    options, attributes = LOOKS[look]
    page = open_page(**options)
    heard = Heard.of(page)
    shown(page, partner, site, all_forms(), attributes)
    wait_for_forms(page, len(FORMS))
    page.locator("competency-list[view=concept]").hover()
    assert axe(page) == []
    assert heard.lines == []
    # WCAG 1.4.10: nothing has to be scrolled in two directions
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, f"embeds-{look}")


def test_the_element_needs_no_more_than_the_docs_say(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    heard = Heard.of(page)
    plain = re.sub("<style>.*</style>", "", document(site, LIST))
    partner.show(page, "/", plain, policy(site) + "; require-trusted-types-for 'script'")
    wait_for_forms(page)
    expect(page.locator("competency-list li")).to_have_count(14)
    assert heard.lines == []


def test_the_example_of_the_docs_shows_four_forms_under_its_own_policy(
    site: str, partner: Partner, open_page: Open
) -> None:
    page = open_page()
    heard = Heard.of(page)
    partner.show(page, "/", example().replace(DOCUMENTED, site))
    wait_for_forms(page, 3)
    page.locator("competency-list[view=list] li").nth(5).wait_for()
    page.locator("competency-list[view=profile] .level").nth(20).wait_for()
    assert page.locator("competency-list .term").inner_text() == "General Data Protection Regulation"
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("tbody tr").nth(4).wait_for()
    assert heard.lines == []
    assert axe(page) == []
    screenshot(page, "embed-example")


def test_the_example_of_the_docs_names_the_file_of_this_release() -> None:
    assert loading(DOCUMENTED) in example(), "write it anew: python -m tests.support.embedding"


def test_labels_are_text_and_never_markup(site: str, partner: Partner, open_page: Open) -> None:
    hostile = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    page = open_page()

    def answer(route: Route) -> None:
        data = route.fetch().json()
        for item in data["items"]:
            item["label"]["text"] = hostile
            item["uri"] = "javascript:document.title='broken'"
        data["title"] = data["words"]["search"] = data["about"]["text"] = hostile
        route.fulfill(json=data, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/data?**", answer)
    shown(page, partner, site, all_forms())
    wait_for_forms(page, len(FORMS))
    assert page.locator("competency-list li").first.inner_text().startswith("<img src=x")
    expect(page.locator("competency-list :is(img, script, a[href^='javascript'])")).to_have_count(0)
    assert page.title() == "Partner"


def test_one_form_of_sixty_competencies_is_one_small_request(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request) if "/data" in request.url else None)
    shown(
        page, partner, site, element("table", 'kind="competency" columns="code,definition,disciplines" limit="60"') * 2
    )
    wait_for_forms(page, 2)
    expect(page.locator("competency-list tbody tr")).to_have_count(120)
    (request,) = asked
    assert request.sizes()["responseBodySize"] < 20_000


def test_what_is_far_below_is_loaded_when_it_comes_near(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/data" in request.url else None)
    shown(page, partner, site, '<div style="height: 300vh"></div>' + LIST)
    page.wait_for_function("!!customElements.get('competency-list')")
    page.wait_for_timeout(200)
    assert asked == []
    page.locator("competency-list").scroll_into_view_if_needed()
    page.locator("competency-list li").first.wait_for()


def test_a_newer_version_is_marked_and_an_exact_one_stays(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, element("list", 'version="1.0.0" kind="discipline"'))
    assert page.locator("competency-list .newer").inner_text() == "2.0.0 is newer"
    assert "version 1.0.0" in page.locator("competency-list .about").inner_text()


# -- when something is wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('version="9.9.9"', "Diese Liste nennt eine Version oder einen Eintrag, den es nicht gibt."),
        ('view="concept" code="C999"', "Diese Liste nennt eine Version oder einen Eintrag, den es nicht gibt."),
        ('view="lst"', "Diese Liste nennt eine Version oder einen Eintrag, den es nicht gibt."),
        ('kind="competence"', "Diese Liste ist nicht richtig eingerichtet."),
        ('discipline="D999"', "Diese Liste ist nicht richtig eingerichtet."),
        ('lang="no-such-language"', "This list is not set up correctly."),
    ],
)
def test_what_is_wrong_is_said_shortly_beside_the_page_s_own_words(
    attributes: str, message: str, site: str, partner: Partner, open_page: Open
) -> None:
    page = open_page()
    heard = Heard.of(page)
    shown(page, partner, site, f"<competency-list {attributes}><p>Our own list.</p></competency-list>", 'lang="de"')
    assert page.locator("competency-list .message").inner_text() == message
    expect(page.get_by_text("Our own list.")).to_be_visible()
    (line,) = [line for line in heard.lines if line.startswith("warning")]
    assert line.endswith(f"{site}/embed#trouble")


def test_a_service_that_fails_leaves_the_last_good_copy(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, LIST)
    wait_for_forms(page)
    page.route("**/data?**", lambda route: route.abort())
    page.reload()
    assert "this is a copy from" in page.locator("competency-list .note").inner_text()
    expect(page.locator("competency-list li")).to_have_count(14)
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.locator("competency-list .message").inner_text() == "The list cannot be loaded at the moment."
    expect(page.get_by_text("Our own list.")).to_be_visible()


def test_a_slow_service_holds_nothing_up(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/data?**", lambda route: held.append(route))
    with page.expect_request("**/data?**"):
        shown(page, partner, site, LIST + "<p>Behind it.</p>")
    page.wait_for_function("document.querySelector('competency-list').shadowRoot?.querySelector('[aria-busy]')")
    expect(page.get_by_text("Our own list.")).to_be_visible()
    expect(page.get_by_text("Behind it.")).to_be_visible()
    held[0].continue_()
    wait_for_forms(page)
    expect(page.get_by_text("Our own list.")).to_be_hidden()


def test_nothing_is_kept_where_the_page_asks_for_that(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, LIST.replace("search", 'keep="none"'))
    wait_for_forms(page)
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []


def test_a_slip_in_an_attribute_s_name_is_said(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    heard = Heard.of(page)
    shown(page, partner, site, element("list", 'kind="discipline" disipline="D003"'))
    wait_for_forms(page)
    assert heard.lines == [f'warning: <competency-list>: there is no attribute "disipline". {site}/embed#trouble']


def test_without_javascript_the_page_shows_what_it_has_inside(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    shown(page, partner, site, LIST)
    expect(page.get_by_text("Our own list.")).to_be_visible()
