"""The built site in a real browser: it draws, is complete without scripts and asks nobody else."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error

from browser import PHONE, Visit, served
from claimbook import rule
from claimbook.base.paths import ROOT_VARIABLE, Project, find_project
from claimbook.data.registry import load
from claimbook.run import notebooks
from places import ROOT

REGISTRY = load(find_project(ROOT))
CLAIM_PAGES = [f"book/claims/{page}.html" for page in REGISTRY.claims]
OTHER_PAGES = [
    f"book/{name}.html"
    for name in ("index", "methodology", "sources", "corrections", "vi", "speed", "scaling")
]
PAGES = OTHER_PAGES + CLAIM_PAGES


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site of this book, built from a copy as `make book` does."""
    project = Project(tmp_path_factory.mktemp("site") / "book")
    shutil.copytree(
        ROOT,
        project.root,
        ignore=shutil.ignore_patterns(".*", "_build", "tests", "__pycache__", "*.egg-info"),
    )
    built = subprocess.run(
        [Path(sys.executable).with_name("claimbook"), "build"],
        cwd=project.root,
        env=os.environ | {ROOT_VARIABLE: str(project.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return project.site


@pytest.fixture(scope="session")
def address(site):
    """The site behind a server on this machine."""
    with served(site) as found:
        yield found


@pytest.fixture
def visit(chromium, address):
    return functools.partial(Visit, chromium, address)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_no_other_host_and_has_no_error(visit, address, path):
    with visit(path) as seen:
        if path in CLAIM_PAGES:
            seen.draw_all()
        foreign = [url for url in seen.requests if not url.startswith((address, "data:", "blob:"))]
        assert foreign == []
        assert seen.complaints == []


@pytest.mark.parametrize("path", CLAIM_PAGES)
def test_every_chart_draws_with_a_name_and_something_in_it(visit, path):
    with visit(path) as seen:
        plots = seen.draw_all()
        assert plots.count() >= 2
        for number in range(plots.count()):
            plot = plots.nth(number)
            assert len(plot.locator(".cb-live").get_attribute("aria-label")) > 40
            assert plot.locator(".cb-live svg [class*='mark-'] :is(path, line, text)").count() > 0
            box = plot.locator(".cb-live svg").first.bounding_box()
            assert box["width"] > 300
            assert box["height"] > 60
            assert not plot.locator(".cb-static").is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(visit, path):
    with visit(path, size=PHONE) as seen:
        if path in CLAIM_PAGES:
            seen.draw_all()
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]


@pytest.mark.parametrize("path", CLAIM_PAGES)
def test_charts_follow_the_dark_mode(visit, path):
    def inks(dark):
        with visit(path, dark=dark) as seen:
            plot = seen.draw_all().first
            text = plot.locator(".cb-live svg .role-axis-title text, .cb-live svg .role-title text")
            return text.first.get_attribute("fill")

    assert inks(dark=False) != inks(dark=True)


def results():
    for page in REGISTRY.claims:
        yield from notebooks.results(notebooks.read(find_project(ROOT).notebook(page)))


RESULTS = {result.claim: result for result in results()}


def test_the_scoreboard_shows_every_claim_without_scripts_as_its_notebook_has_it(visit):
    with visit("book/index.html", script=False) as seen:
        rows = seen.page.locator(".cb-scoreboard tbody tr")
        assert rows.count() == len(REGISTRY.claims)
        for number, claim in enumerate(REGISTRY.claims.values()):
            result = RESULTS[claim.id]
            text = rows.nth(number).inner_text().replace("\u00a0", " ")
            assert claim.title.en in text
            assert result.verdict in text
            for part in result.parts:
                assert part.stated_text.replace("\u00a0", " ") in text
                assert part.recomputed_text.replace("\u00a0", " ") in text


@pytest.mark.parametrize("claim", REGISTRY.claims.values(), ids=lambda claim: claim.id)
def test_a_claim_page_is_complete_without_scripts(visit, claim):
    result = RESULTS[claim.id]
    with visit(f"book/claims/{claim.id}.html", script=False) as seen:
        text = seen.text()
        card = seen.page.locator(".cb-verdict, .cb-card").first.inner_text()
        assert result.verdict in card
        assert rule.VERDICTS[result.verdict].vi in card
        assert claim.quote in text
        for part in result.parts:
            for reading in part.readings:
                assert reading.title in text
                assert reading.text.replace("\u00a0", " ") in text
        for flag in claim.flags:
            assert flag.note.en in text
            assert flag.note.vi in text
        pictures = seen.page.locator(".cb-static")
        assert pictures.count() >= 2
        for number in range(pictures.count()):
            picture = pictures.nth(number)
            picture.scroll_into_view_if_needed()
            assert picture.is_visible()
            assert len(picture.get_attribute("alt")) > 40
            assert picture.bounding_box()["height"] > 60


def test_every_source_has_its_entry_and_every_link_to_one_arrives(visit, address):
    with visit("book/sources.html", script=False) as seen:
        entries = set(
            seen.page.locator("[id^='source-']").evaluate_all("all => all.map(one => one.id)")
        )
    assert {f"source-{key}" for key in REGISTRY.sources} <= entries
    for path in CLAIM_PAGES:
        with visit(path, script=False) as seen:
            links = seen.page.locator("a[href*='sources.html#']").evaluate_all(
                "all => all.map(one => one.getAttribute('href').split('#')[1])"
            )
            assert links
            assert set(links) <= entries


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_its_language_and_has_one_heading(visit, path):
    with visit(path, script=False) as seen:
        assert seen.page.locator("html").get_attribute("lang") in ("en", "vi")
        # The theme keeps a second heading for print, which nobody sees on the screen.
        assert seen.page.locator("main h1:visible").count() == 1


def test_a_chart_that_cannot_be_drawn_leaves_its_picture(chromium, address):
    with Visit(chromium, address, "book/corrections.html") as seen:
        seen.page.route("**/vega.js", lambda route: route.abort())
        try:
            seen.page.goto(f"{address}/{CLAIM_PAGES[0]}")
        except Error as error:
            pytest.fail(str(error))
        picture = seen.page.locator(".cb-static").first
        picture.scroll_into_view_if_needed()
        seen.page.wait_for_timeout(1000)
        assert picture.is_visible()
