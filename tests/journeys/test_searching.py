"""The search box suggests, and the facets follow, for who has a keyboard and a slow line."""

from __future__ import annotations

import re

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect


def _page(browser: Chromium, site: str, language: str = "en") -> Page:
    context = browser.new_context()
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    return context.new_page()


def test_suggestions_by_keyboard(browser: Chromium, site: str) -> None:
    page = _page(browser, site)
    page.goto(site)
    box = page.locator(".bar [role=search] input")
    box.focus()
    expect(box).to_have_attribute("role", "combobox")
    box.press_sequentially("nepa")
    options = page.locator(".bar [role=search] [role=option]")
    expect(options.first).to_contain_text("Nepal")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#live")).to_have_text(re.compile(r"\d+ suggestions"))
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = options.first.get_attribute("id") or "none"
    expect(box).to_have_attribute("aria-activedescendant", first)
    # Up from the first leads back to the box, from there to the last.
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("nepa")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/NP")


def test_a_slow_line_holds_nobody_up(browser: Chromium, site: str) -> None:
    page = _page(browser, site, "ar")
    held: list[Route] = []
    page.route("**/search/suggestions*", lambda route: held.append(route))
    page.goto(site)
    box = page.locator(".bar [role=search] input")
    with page.expect_request("**/search/suggestions*"):
        box.press_sequentially("العمال", delay=20)
    expect(box).to_have_value("العمال")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator("#results-title")).to_be_visible()


def test_facets_follow_and_the_keyboard_stays(browser: Chromium, site: str) -> None:
    page = _page(browser, site)
    page.goto(f"{site}/search?q=recruitment")
    box = page.locator("input[name=kind]").first
    kind = box.get_attribute("value")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url(f"**/search?q=recruitment&kind={kind}")
    again = page.locator(f"#filter-kind-{kind}")
    expect(again).to_be_checked()
    expect(again).to_be_focused()
    expect(page.locator("#results .in-use .tag")).to_have_count(1)
    # The others of the facet keep their counts, so that they can be added.
    assert page.locator("input[name=kind]").count() > 1
    page.locator("#results .in-use .tag").click()
    page.wait_for_url("**/search?q=recruitment")
    expect(page.locator("input[name=kind]:checked")).to_have_count(0)


def test_the_keyboard_passes_the_filters_and_both_boxes_say_the_same(
    browser: Chromium, site: str
) -> None:
    page = _page(browser, site)
    page.goto(f"{site}/search?q=recruitment")
    box = page.locator("main input[type=search]")
    box.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Go to the results")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#results') !== null")
    box.fill("kafala")
    page.wait_for_url("**/search?q=kafala")
    expect(page.locator(".bar [role=search] input")).to_have_value("kafala")
