"""Takes the pictures in ``docs/img/screens/`` from a running demonstration, with Chromium.

Start the demonstration with ``make run``, then::

    .venv/bin/python -m docs.screenshots --base-url http://localhost:8000

Every page is taken at 1280 and at 390 pixels, signed in as one of the invented people through the demonstration's own
sign-in. Nothing is changed in the demonstration. A page that cannot be found is named, and the exit status is then 1.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from scripts.equipment import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FOLDER: Final = Path(__file__).resolve().parent / "img" / "screens"
WIDTHS: Final = {1280: 900, 390: 844}
FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]


class NotThereError(Exception):
    """The demonstration has nothing to take the picture of."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: its file's name, as whom, and the way to the page.

    ``role`` is as the sign-in page names it; "" for nobody.
    """

    name: str
    role: str
    go: Callable[[Page], None]


def _path(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(urljoin(page.url, path))

    return go


def _links(page: Page, pattern: str) -> list[Locator]:
    """The links of the page's content whose path is the pattern's, in order."""
    found = page.locator("main a").all()
    return [link for link in found if re.fullmatch(pattern, link.get_attribute("href") or "")]


def _follow(page: Page, links: list[Locator], what: str, section: str = "") -> None:
    if not links:
        raise NotThereError(f"no {what}")
    page.goto(urljoin(page.url, f"{links[0].get_attribute('href')}{section}"))


def _task(title: str = "") -> Callable[[Page], None]:
    """Open the first of the person's tasks with the title; any task when none is given."""

    def go(page: Page) -> None:
        cards = _links(page, r"/uppgifter/\d+/")
        _follow(page, [card for card in cards if title in card.inner_text()], f"task {title}")

    return go


def _case(section: str = "", listed: str = "/arenden/") -> Callable[[Page], None]:
    """Open the first case of the list, at a section of its page."""

    def go(page: Page) -> None:
        page.goto(urljoin(page.url, listed))
        _follow(page, _links(page, r"/arenden/\d+/"), f"case in {listed}", section)

    return go


def _list(path: str, pattern: str) -> Callable[[Page], None]:
    """A page that lists something, if it does."""

    def go(page: Page) -> None:
        page.goto(urljoin(page.url, path))
        if not _links(page, pattern):
            raise NotThereError(f"nothing listed in {path}")

    return go


def _first(listed: str, pattern: str) -> Callable[[Page], None]:
    """Open the first of a page's links that has the pattern."""

    def go(page: Page) -> None:
        page.goto(urljoin(page.url, listed))
        _follow(page, _links(page, pattern), f"link in {listed}")

    return go


def _referred(page: Page) -> None:
    """The first case that is out on referral."""
    page.goto(urljoin(page.url, "/arenden/?stage=preparation"))
    for path in [str(link.get_attribute("href")) for link in _links(page, r"/arenden/\d+/")]:
        page.goto(urljoin(page.url, path))
        if page.locator("#remiss").count():
            page.goto(urljoin(page.url, f"{path}#remiss"))
            return
    raise NotThereError("no case out on referral")


SCREENS: Final = (
    Screen("sign-in", "", _path("/logga-in/")),
    Screen("inbox", "Handläggare", _list("/", r"/uppgifter/\d+/")),
    Screen("cases", "Handläggare", _list("/arenden/", r"/arenden/\d+/")),
    Screen("case", "Handläggare", _case(listed="/arenden/?stage=approval")),
    Screen("process", "Handläggare", _case("#processen", listed="/arenden/?stage=approval")),
    Screen("prepare", "Handläggare", _task("Bered underlaget")),
    Screen("vote", "Ledamot", _task("Rösta")),
    Screen("decide", "Beslutsfattare", _task()),
    Screen("sign", "Firmatecknare", _task("Underteckna avtalet")),
    Screen("proposal", "Kontaktperson", _path("/forslag/nytt/")),
    Screen("partnership", "Handläggare", _first("/samarbeten/", r"/samarbeten/[\w-]+/")),
    Screen("meeting", "Sekreterare", _first("/moten/", r"/moten/\d+/")),
    Screen("dates", "Handläggare", _path("/datum/")),
    Screen("referral", "Handläggare", _referred),
    Screen("mail", "Handläggare", _first("/mailbox/", r"/mailbox/\w+/")),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Takes the pictures in docs/img/screens/ from a running demonstration."
    )
    parser.add_argument("--base-url", default="http://localhost:8000", help="where the demonstration is")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="take these pictures only")
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium was found. Install it, or name it in SAMVERKA_CHROMIUM.", file=sys.stderr)
        return 1

    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for screen in SCREENS:
            if options.only and screen.name not in options.only:
                continue
            try:
                for width, height in WIDTHS.items():
                    _take(browser, options.base_url, screen, width, height)
            except NotThereError as reason:
                missing.append(f"{screen.name}: {reason}")
        browser.close()
    for line in missing:
        print(line, file=sys.stderr)
    return 1 if missing else 0


def _take(browser: Browser, base_url: str, screen: Screen, width: int, height: int) -> None:
    """Sign in as each of the role's people in turn until the page is found, and take it."""
    reason: NotThereError | None = None
    for number in range(_people(browser, base_url, screen.role)):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="sv-SE", reduced_motion="reduce"
        )
        page = context.new_page()
        try:
            page.goto(urljoin(base_url, "/logga-in/"))
            if screen.role:
                _people_of(page, screen.role).nth(number).click()
                page.wait_for_url(lambda url: "/logga-in" not in url)
            screen.go(page)
            page.evaluate("document.fonts.ready")
            _check_answer(page, screen)
            path = FOLDER / f"{screen.name}-{width}.png"
            page.screenshot(path=path, animations="disabled")
            print(path.relative_to(FOLDER.parents[2]))
            return
        except NotThereError as error:
            reason = error
        finally:
            context.close()
    raise reason or NotThereError(f"nobody is {screen.role}")


def _people_of(page: Page, role: str) -> Locator:
    """The buttons of the role's people, in a group that is opened first."""
    heading = page.locator("summary strong", has_text=re.compile(f"^{re.escape(role)}$"))
    group = page.locator("section[aria-labelledby='demo'] details").filter(has=heading)
    if group.count() and group.first.get_attribute("open") is None:
        group.first.locator("summary").click()
    return group.first.locator("button")


def _people(browser: Browser, base_url: str, role: str) -> int:
    """How many people the sign-in page offers for the role; one, nobody, for no role."""
    if not role:
        return 1
    page = browser.new_page(locale="sv-SE")
    try:
        page.goto(urljoin(base_url, "/logga-in/"))
        return _people_of(page, role).count()
    finally:
        page.close()


def _check_answer(page: Page, screen: Screen) -> None:
    """Refuse to take a picture of an error page."""
    if not page.locator("main h1").count() or page.title().startswith(("Fel", "404", "500")):
        raise NotThereError(f"{page.url} is no page to show")


if __name__ == "__main__":
    sys.exit(main())
