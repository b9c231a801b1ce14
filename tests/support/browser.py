"""A browser for tests: how it is found, and a page as one visitor sees it."""

import functools
import http.server
import os
import shutil
import threading
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20_000  # milliseconds for what is drawn in a blink, on a busy machine
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

NO_BROWSER = (
    "no browser: these tests need Chromium or Chrome on the PATH "
    "(Debian: apt install chromium), or its path in the variable CHROMIUM"
)


class NoBrowserError(Exception):
    """No browser is installed; the message says what to install."""


@contextmanager
def launched():
    """Chromium without its own traffic.

    Raises:
        NoBrowserError: there is none.
    """
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise NoBrowserError(NO_BROWSER)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """The address of a server on this machine that serves a folder."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Visit:
    """A page as one visitor sees it, with everything it asked for and complained about.

    Attributes:
        path: of the page on the site.
        page: what the browser has of it.
        requests: every address that it asked for.
        complaints: errors and warnings of its scripts, and answers that were none.
    """

    def __init__(
        self,
        browser,
        address,
        path,
        *,
        size=DESKTOP,
        script=True,
        dark=False,
        zone="UTC",
        before=None,
    ):
        self.address, self.path = address, path
        self.context = browser.new_context(
            viewport=size,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            timezone_id=zone,
        )
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self.answered)
        if before:
            before(self.page)
        self.page.goto(f"{address}/{path}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def answered(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    @property
    def plots(self):
        """Charts, as pictures or as a script draws them."""
        return self.page.locator(".cb-plot:has(.cb-spec)")

    def draw_all(self):
        """Ask for every chart and wait until it is drawn."""
        self.unfold()
        for button in self.page.locator(".cb-explore").all():
            button.click()
        for plot in self.plots.all():
            plot.locator(".cb-live svg").first.wait_for(timeout=PATIENCE)

    def unfold(self):
        """Open all that is folded."""
        folds = self.page.locator("details")
        folds.evaluate_all("all => all.forEach((one) => { one.open = true; })")

    def fold(self):
        """Close all that can be."""
        folds = self.page.locator("details")
        folds.evaluate_all("all => all.forEach((one) => { one.open = false; })")

    def foreign(self):
        """Addresses it asked for that are not of its own site."""
        return [
            url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))
        ]

    def width(self):
        """Pixels that the page is wide, however much of them the window shows."""
        return self.page.evaluate("document.documentElement.scrollWidth")

    def text(self):
        return self.page.locator("main").inner_text().replace("\u00a0", " ")
