"""Act as a person does, in a browser of one's own."""

from __future__ import annotations

from collections import defaultdict

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from policytrack.demonstration.service import PASSWORD

_axe = Axe()
# Every element by its parent, itself and their classes.
_SHAPES = """() => {
    const named = each => each.tagName + "." + (each.getAttribute("class") || "").trim();
    const told = each => named(each.parentElement) + ">" + named(each);
    return [...new Set([...document.querySelectorAll("body *")].map(told))];
}"""
# The outermost elements of the shapes that are given.
_EXAMINE_PARTS = """given => {
    const shapes = new Set(given);
    const named = each => each.tagName + "." + (each.getAttribute("class") || "").trim();
    const told = each => named(each.parentElement) + ">" + named(each);
    const parts = [];
    const walk = each => {
        for (const child of each.children)
            if (shapes.has(told(child))) parts.push(child); else walk(child);
    };
    walk(document.body);
    return axe.run({include: parts}, {resultTypes: ["violations"]});
}"""
# What shapes axe has looked at, by language, width and colour scheme.
_known: dict[tuple[str, int, str], set[str]] = defaultdict(set)
# What kinds of pages axe has looked at as a whole, in whichever look.
_whole: set[str] = set()


class Person:
    """Act as one person in one browser, and look at every page on the way.

    axe takes a second: it looks at the whole of a page the first time that it meets its `kind`,
    and otherwise at what it never saw in this look (language, width, colours).
    """

    def __init__(self, context: BrowserContext, site: str, language: str, scheme: str) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.language = language
        self.faults: list[str] = []
        assert self.page.viewport_size is not None
        self.known = _known[language, self.page.viewport_size["width"], scheme]
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on(
            "console",
            lambda message: (
                self.faults.append(f"console: {message.text}") if message.type == "error" else None
            ),
        )

    def goes(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.site}{path}")
        self.looks()

    def clicks(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.looks()

    def looks(self, kind: str = "") -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        direction = "rtl" if self.language == "ar" else "ltr"
        expect(self.page.locator("html")).to_have_attribute("dir", direction)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        where = self.page.url.removeprefix(self.site)
        if wide > 0:
            self.faults.append(f"{where}: {wide} px too wide")
        shapes = set(self.page.evaluate(_SHAPES))
        new = sorted(shapes - self.known)
        known = not kind or kind in _whole
        if known and not new:
            return
        self.known |= shapes
        self.page.evaluate(_axe.axe_script)
        if known:
            answer = self.page.evaluate(_EXAMINE_PARTS, new)
        else:
            answer = self.page.evaluate("axe.run({resultTypes: ['violations']})")
            _whole.add(kind)
        for violation in answer["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            self.faults.append(f"{where}: {violation['id']}: {nodes}")

    def becomes(self, email: str) -> None:
        """Sign in as somebody else, or as nobody, with a browser that remembers nothing."""
        self.page.context.clear_cookies()
        if email:
            self.signs_in(email)
        else:
            self.page.goto(f"{self.site}/")
            self.speaks()

    def signs_in(self, email: str) -> None:
        self.page.goto(f"{self.site}/sign-in")
        self.speaks()
        self.looks()
        self.page.fill("main [name=email]", email)
        self.page.fill("main [name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main button.button").first.click()
        self.speaks()
        self.looks()

    def speaks(self) -> None:
        """Choose the language as a person would: with the switch in the header."""
        if self.page.locator("html").get_attribute("lang") == self.language:
            return
        switch = self.page.locator(f".languages button[value={self.language}]")
        if not switch.is_visible():
            self.page.locator("header .menu-button").first.click()
        with self.page.expect_navigation():
            switch.click()

    def signs_out(self) -> None:
        if not self.page.locator(".account summary").is_visible():
            self.page.locator("header .menu-button").first.click()
        self.page.locator(".account summary").click()
        with self.page.expect_navigation():
            self.page.locator("form[data-sign-out] button").click()
        self.looks()
