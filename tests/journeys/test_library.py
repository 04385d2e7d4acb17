"""Bringing files to the library as people do it: on a poor line, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Route, expect

from policytrack.demonstration.service import PASSWORD
from tests.journeys.person import Person

OBSERVER = "observer@example.org"
LAW = "<html lang=en><head><title>Recruitment Act</title></head><body><p>{}</p></body></html>"


def test_files_arrive_one_by_one_and_say_what_they_are(
    once: None, make_person: Callable[[str, int], Person], tmp_path: Path
) -> None:
    law, annex, drawing = (tmp_path / name for name in ("قانون.html", "annex.txt", "map.svg"))
    law.write_text(LAW.format("No fee shall be charged to any worker for a job abroad. " * 20))
    annex.write_text("The schedule of costs that employers bear.")
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    delegate = make_person("ar", 360)
    page = delegate.page
    delegate.signs_in(OBSERVER)
    delegate.goes("/library/new")

    # The connection breaks under the first file; the others are refused or taken by themselves.
    broken = 0

    def breaks(route: Route) -> None:
        nonlocal broken
        broken += 1
        route.abort() if broken == 1 else route.continue_()

    page.route("**/library/uploads", breaks)
    page.set_input_files("input[name=files]", [law])
    failed = page.locator(".sending.failed")
    expect(failed).to_have_count(1)
    delegate.looks("broken")
    failed.locator("[data-retry]").click()
    waiting = page.locator(".here input[name=staged]:checked")
    expect(waiting).to_have_count(1)
    page.set_input_files("input[name=files]", [annex, drawing])
    expect(waiting).to_have_count(2)
    expect(failed).to_have_count(1)
    expect(failed.locator("[data-retry]")).to_be_hidden()
    delegate.looks("refused")
    failed.locator("[data-cancel]").click()
    expect(page.locator(".sending")).to_have_count(0)
    page.reload()
    kept = page.locator("input[name=staged]:checked")
    expect(kept).to_have_count(2)
    delegate.clicks("button[value=begin]")

    # The worker reads the file; what it says is offered, and taken with one click.
    offer = page.locator("button[data-for=title]")
    for _again in range(300):
        if offer.count():
            break
        page.wait_for_timeout(300)
        page.reload()
    delegate.looks()
    expect(page.locator("#title")).to_have_value("")
    offer.click()
    expect(page.locator("#title")).to_have_value("Recruitment Act")
    legal = page.locator("details[data-for-types~=law]")
    expect(legal).to_be_hidden()
    page.select_option("#type", "law")
    expect(legal).to_be_visible()
    page.fill("#in_force_from", "٢٠١٩")
    page.select_option("#type", "statement")
    expect(legal).to_be_visible()  # what was typed is never hidden
    delegate.clicks(".actions button[value=save]")
    expect(page.locator("h1")).to_contain_text("Recruitment Act")

    # The same file again: it is known, and named.
    delegate.goes("/library/new")
    page.set_input_files("input[name=files]", [law])
    expect(page.locator(".same a")).to_have_text("Recruitment Act")
    delegate.looks("known")
    page.locator(".here button").click()
    expect(waiting).to_have_count(0)
    assert [each for each in delegate.faults if "Failed to load resource" not in each] == []


def test_files_are_brought_without_script(
    once: None, browser: Browser, site: str, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("main [name=email]", OBSERVER)
    page.fill("main [name=password]", PASSWORD)
    page.locator("main button.button").first.click()
    page.goto(f"{site}/library/new")
    good, bad = tmp_path / "statement.html", tmp_path / "map.svg"
    good.write_text(LAW.format("We state that no worker should pay for a job abroad. " * 20))
    bad.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page.set_input_files("input[name=files]", [good, bad])
    page.click("button[value=begin]")
    expect(page.locator(".field.invalid")).to_contain_text("map.svg")
    expect(page.locator("input[name=staged]:checked")).to_have_count(1)
    page.click("button[value=begin]")
    offer = page.locator("button[name=use][value=language]")
    for _again in range(300):
        if offer.count():
            break
        page.wait_for_timeout(300)
        page.reload()
    page.fill("#title", "Statement on fees")
    offer.click()
    expect(page.locator("#language")).to_have_value("en")
    expect(page.locator("#title")).to_have_value("Statement on fees")
    page.select_option("#type", "statement")
    page.check("#people_protected")
    page.click(".actions button[value=submit]")
    expect(page.locator("h1")).to_have_text("Statement on fees")
    context.close()
