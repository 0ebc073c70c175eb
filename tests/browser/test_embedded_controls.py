"""Embeds that people work with: drop-downs of forms, search boxes, cards; with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.browsers import Partner
from tests.support.embedding import document, element, policy, wait_for_forms

SELECT = element("select", 'id="field" kind="discipline" name="topic" required')
FORM = f'<form><label for="field">Topic</label>{SELECT}<button>Send</button><button type="reset">Back</button></form>'


def shown(page: Page, partner: Partner, site: str, body: str) -> None:
    partner.show(page, "/", document(site, body), policy(site) + "; style-src 'unsafe-inline'")
    wait_for_forms(page)


def entries(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("[...new FormData(document.querySelector('form'))]")
    return found


def test_a_drop_down_is_a_control_of_its_form(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, FORM)
    select = page.get_by_role("combobox", name="Topic")
    assert page.evaluate("document.querySelector('form').checkValidity()") is False
    select.select_option("D011")
    assert entries(page) == [["topic", "D011"], ["topic-version", "2.0.0"]]
    assert page.evaluate("document.querySelector('form').checkValidity()")
    page.get_by_role("button", name="Back").click()
    assert entries(page) == []
    page.evaluate("document.querySelector('#field').toggleAttribute('disabled')")
    expect(select).to_be_disabled()


def test_a_code_that_is_not_among_the_entries_stays_what_the_form_was_opened_with(
    site: str, partner: Partner, open_page: Open
) -> None:
    page = open_page()
    shown(page, partner, site, FORM.replace("required", 'value="D099"'))
    assert entries(page) == [["topic", "D099"], ["topic-version", "2.0.0"]]
    assert page.locator("competency-list select").input_value() == "D099"


def test_a_long_drop_down_can_be_searched(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, FORM.replace("required", "search").replace("discipline", "competency"))
    page.get_by_role("searchbox").fill("protection")
    expect(page.get_by_role("status")).to_have_text(re.compile(" of 68$"))
    options = page.locator("competency-list option").all_inner_texts()
    assert 1 < len(options) < 10
    assert "Build data protection into the design" in options


def test_a_list_is_searched_whatever_case_and_accents(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, element("list", 'kind="competency" lang="es" search'))
    page.get_by_role("searchbox").fill("PROTECCION datos")
    expect(page.locator("competency-list li:visible", has_not_text=re.compile("protección", re.I))).to_have_count(0)
    page.locator("competency-list li:visible").first.wait_for()
    page.get_by_role("searchbox").fill("zzz")
    expect(page.get_by_role("status")).to_have_text("Nada coincide.")


def test_a_tree_is_opened_with_the_keyboard(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    shown(page, partner, site, element("tree", 'kind="competency"'))
    branch = page.locator("competency-list summary", has_text="Govern the city")
    branch.focus()
    page.keyboard.press("Enter")
    page.locator("competency-list .branch[part] ul li:visible").first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')").startswith(
        "Open in"
    )


def test_a_card_is_shown_to_the_keyboard_and_closed_by_escape(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    sentence = f"<p>Know the {element('concept', 'code=C017')} well.</p>"
    shown(page, partner, site, sentence)
    card = page.locator("competency-list .card")
    expect(card).to_be_hidden()
    page.keyboard.press("Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(card).to_be_visible()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "Open in the framework"
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_card_stays_under_the_pointer_and_inside_the_window(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    shown(page, partner, site, f"<p>Whoever plans a city knows the {element('concept', 'code=C017')}.</p>")
    page.locator("competency-list .term").hover()
    card = page.locator("competency-list .card")
    place = card.bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 360
    page.mouse.move(place["x"] + 20, place["y"] + 20, steps=5)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_colours_and_parts_are_the_page_s_to_choose(site: str, partner: Partner, open_page: Open) -> None:
    page = open_page()
    own = "<style>competency-list{--competency-accent:rgb(1, 2, 3)} competency-list::part(code){display:none}</style>"
    shown(page, partner, site, own + element("list", 'kind="discipline"'))
    link = page.locator("competency-list li a").first
    assert link.evaluate("node => getComputedStyle(node).color") == "rgb(1, 2, 3)"
    expect(page.locator("competency-list .code").first).to_be_hidden()
