"""The built site in a real browser: it draws, is complete without scripts and asks nobody else."""

import html
import re
import shutil
import struct
from functools import cache

import pytest
from playwright.sync_api import expect

from browser import PATIENCE, PHONE, Visit, served
from claimbook import rule
from claimbook.base.paths import Project, find_project
from claimbook.data.registry import load
from claimbook.notebook.charts import theme
from claimbook.run import notebooks
from drawn import faults
from places import ROOT
from shared import build, once

REGISTRY = load(find_project(ROOT))
CLAIM_PAGES = {f"book/claims/{slug}.html": slug for slug in REGISTRY.claims}
# What stands in a name where a date or a number is missing or was not written out.
BARE = r"(?<![\d.])\d{13}(?!\d)|\b(NaN|undefined|null|Invalid)\b"
OTHER_PAGES = [
    f"book/{name}.html"
    for name in (
        *("index", "article-a", "article-b", "methodology", "sources", "corrections"),
        *("vi", "speed", "scaling"),
    )
]
PAGES = [*OTHER_PAGES, *CLAIM_PAGES]


def book_with_site(root):
    """Build the site of this book from a copy, as `make book` does."""
    shutil.copytree(
        ROOT,
        root,
        ignore=shutil.ignore_patterns(".*", "_build", "tests", "__pycache__", "*.egg-info"),
    )
    build(Project(root))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return Project(once(tmp_path_factory, "book", book_with_site)).site


@pytest.fixture(scope="session")
def address(site):
    """The site behind a server on this machine."""
    with served(site) as found:
        yield found


# Each page is loaded three times in all: pytest runs all tests of one parameter together.


@pytest.fixture(scope="module", params=PAGES)
def seen(request, chromium, address):
    """A page on a desk west of where its pictures were drawn, with every chart drawn."""
    with Visit(chromium, address, request.param, zone="America/Los_Angeles") as page:
        page.draw_all()
        yield page


@pytest.fixture(scope="module", params=PAGES)
def on_a_phone(request, chromium, address):
    """A page on a phone in dark mode, with the pictures of its charts."""
    with Visit(chromium, address, request.param, size=PHONE, dark=True) as page:
        page.unfold()
        yield page


@pytest.fixture(scope="module", params=CLAIM_PAGES)
def bare(request, chromium, address):
    """The page of a claim in a browser that runs no scripts."""
    with Visit(chromium, address, request.param, script=False) as page:
        yield page


def is_charted(path):
    """Whether a page is of a claim that computes something."""
    claim = REGISTRY.claims.get(CLAIM_PAGES.get(path, ""))
    return claim is not None and not all(part.worded for part in claim.parts)


def test_a_page_asks_no_other_host_and_has_no_error(seen):
    assert seen.foreign() == []
    assert seen.complaints == []


def test_a_page_names_its_language_and_has_one_heading(seen):
    assert seen.page.locator("html").get_attribute("lang") in ("en", "vi")
    # The theme keeps a second heading for print, which nobody sees on the screen.
    assert seen.page.locator("main h1:visible").count() == 1


def test_every_chart_draws_with_a_name_and_something_in_it(seen):
    plots = seen.plots.all()
    assert len(plots) >= (1 if is_charted(seen.path) else 0)
    for plot in plots:
        assert len(plot.locator(".cb-live").get_attribute("aria-label")) > 40
        assert plot.locator(".cb-live svg [class*='mark-'] :is(path, line, text)").count() > 0
        box = plot.locator(".cb-live svg").first.bounding_box()
        assert box["width"] > 300
        assert box["height"] > 60
        assert not plot.locator(".cb-static").is_visible()


def mark_names(svg):
    """What a reader hears of each mark of a drawn chart."""
    return re.findall(r'aria-label="([^"]*)" role="graphics-symbol"', html.unescape(svg))


def written(plot):
    """Every text of a drawn chart."""
    return plot.locator("text").all_text_contents()


def test_charts_are_alike_in_every_time_zone_and_no_mark_is_named_by_a_bare_number(seen):
    for plot in seen.plots.all():
        drawn = mark_names(plot.locator(".cb-live").inner_html())
        assert written(plot.locator(".cb-live")) == written(plot.locator(".cb-static > .cb-wide"))
        assert not [name for name in drawn if re.search(BARE, name)]


def test_no_page_is_wider_than_a_phone(on_a_phone):
    assert on_a_phone.width() <= PHONE["width"]


def pictures(seen):
    """The pictures that are shown."""
    return seen.page.locator(".cb-static svg:visible").all()


def test_no_page_loads_the_drawing_code_unasked(on_a_phone):
    assert not [url for url in on_a_phone.requests if url.endswith("/vega.js")]


def test_the_pictures_of_a_phone_are_made_for_its_width(on_a_phone):
    assert len(pictures(on_a_phone)) == on_a_phone.plots.count()
    for picture in pictures(on_a_phone):
        assert picture.get_attribute("width") == str(theme.NARROW)
        assert faults(picture) == []


def test_the_pictures_of_a_desk_are_made_for_its_width(bare):
    bare.unfold()
    for picture in pictures(bare):
        assert picture.get_attribute("width") == str(theme.WIDE)
        assert faults(picture) == []


# A page whose first chart has bars.
BARS = "book/claims/r1-96-percent-cheaper.html"
INK = "element => getComputedStyle(element).fill"


@pytest.mark.parametrize("live", [False, True], ids=["picture", "chart"])
def test_charts_follow_the_dark_mode_but_paper_is_white(chromium, address, live):
    with Visit(chromium, address, next(iter(CLAIM_PAGES)), dark=True) as seen:
        if live:
            seen.draw_all()
        kind = ".cb-live" if live else ".cb-static"
        title = seen.page.locator(f"{kind} svg:visible .role-title text").first
        dark = title.evaluate(INK)
        if not live:
            seen.page.emulate_media(media="print")
            assert title.evaluate(INK) != dark
        seen.page.emulate_media(media="screen", color_scheme="light")
        seen.page.wait_for_function(
            "([title, dark]) => getComputedStyle(title).fill !== dark",
            arg=[title.element_handle(), dark],
        )
        assert seen.complaints == []


def test_a_chart_takes_the_place_of_its_picture_at_a_key_and_nothing_moves(chromium, address):
    with Visit(chromium, address, BARS, size=PHONE) as seen:
        figure = seen.page.locator(".cb-figure:visible").first
        button = figure.locator(".cb-explore")
        button.focus()
        before = seen.page.evaluate("document.documentElement.scrollHeight")
        place = button.bounding_box()
        seen.page.keyboard.press("Enter")
        figure.locator(".cb-live svg").first.wait_for(timeout=PATIENCE)
        assert not figure.locator(".cb-static").is_visible()
        assert faults(figure.locator(".cb-live svg.marks")) == []
        after = seen.page.evaluate("document.documentElement.scrollHeight")
        assert abs(after - before) <= 2
        assert abs(button.bounding_box()["y"] - place["y"]) <= 2
        figure.locator(".cb-live .mark-rect path").first.hover()
        seen.page.locator("#vg-tooltip-element.visible").wait_for(timeout=PATIENCE)
        button.press("Enter")
        assert figure.locator(".cb-static").is_visible()
        assert seen.complaints == []


def test_every_picture_is_there_to_take_away(site):
    for path in CLAIM_PAGES:
        text = (site / path).read_text("utf-8")
        names = re.findall(r'<a href="([^"]*)" download>Download the picture</a>', text)
        assert len(names) == text.count("cb-explore") >= is_charted(path)
        for name in names:
            png = (site / path).with_name(name).read_bytes()
            assert struct.unpack_from(">4sI", png, 12) == (b"IHDR", 2 * theme.WIDE)


@cache
def stored(slug):
    """The result that the notebook of a claim has."""
    (result,) = notebooks.results(notebooks.read(REGISTRY.project.notebook(slug)))
    return result


def spaced(text):
    """A text with an ordinary space for each that keeps a line together."""
    return text.replace("\u00a0", " ")


def test_the_scoreboard_shows_every_claim_without_scripts_as_its_notebook_has_it(chromium, address):
    with Visit(chromium, address, "book/index.html", script=False) as seen:
        assert not seen.page.locator(".cb-tools").is_visible()
        rows = seen.page.locator(".cb-scoreboard tbody tr").all()
        for row, claim in zip(rows, REGISTRY.claims.values(), strict=True):
            text, result = spaced(row.inner_text()), stored(claim.id)
            assert row.is_visible()
            assert row.locator("a").get_attribute("href") == f"claims/{claim.id}.html"
            assert result.verdict in text
            assert any(
                spaced(part.stated_text) in text and spaced(part.recomputed_text) in text
                for part in result.parts
            )
            if len(result.parts) > 1:
                assert f"+{len(result.parts) - 1}" in text


@pytest.fixture(scope="module")
def front(chromium, address):
    """The front page on a desk."""
    with Visit(chromium, address, "book/index.html") as page:
        yield page


def shown(seen):
    """Slugs of the rows that are shown, in order."""
    links = seen.page.locator(".cb-scoreboard tbody tr:visible th a")
    return [
        re.sub(r"claims/(.*)\.html", r"\1", href)
        for href in links.evaluate_all("all => all.map(one => one.getAttribute('href'))")
    ]


def choose(seen, fragment):
    """Follow a link to the table with something chosen."""
    seen.page.evaluate("to => { location.hash = to }", fragment)
    seen.page.wait_for_timeout(50)


SEARCHES = {
    "96,4": {"r1-96-percent-cheaper"},
    "96.4 %": {"r1-96-percent-cheaper"},
    "rẻ hơn o1": {"r1-96-percent-cheaper", "r1-input-price"},
    "RE HON O1": {"r1-96-percent-cheaper", "r1-input-price"},
    "dịch sai": {"server-capex-1-6-billion"},
    "dich sai": {"server-capex-1-6-billion"},
    "16.97": {"nvidia-17-percent"},
    "no such words": set(),
}


@pytest.mark.parametrize("words", SEARCHES)
def test_a_search_finds_words_and_numbers_however_they_are_written(front, words):
    choose(front, "")
    front.page.locator("[name=find]").fill(words)
    found = set(shown(front))
    assert found == SEARCHES[words]
    assert front.page.locator(".cb-board-none").is_visible() == (not found)
    front.page.reload()
    assert set(shown(front)) == found, "what was searched for stands in the address"


def test_verdict_and_article_are_chosen_in_the_address(front):
    of_a = [slug for slug, claim in REGISTRY.claims.items() if claim.article == "a"]
    choose(front, "article=a")
    assert shown(front) == of_a
    choose(front, "article=a&verdict=holds")
    assert shown(front) == [slug for slug in of_a if stored(slug).verdict == "holds"]
    choose(front, "sort=verdict")
    order = [list(rule.VERDICTS).index(stored(slug).verdict) for slug in shown(front)]
    assert order == sorted(order)
    assert len(order) == len(REGISTRY.claims)
    choose(front, "how-it-is-done")
    assert shown(front) == list(REGISTRY.claims)
    front.page.locator("[name=verdict]").select_option("nearly-right")
    assert front.page.evaluate("location.hash") == "#verdict=nearly-right"


def test_the_front_page_is_short_on_a_phone(chromium, address):
    with Visit(chromium, address, "book/index.html", size=PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollHeight") <= 4800
        button = seen.page.locator(".cb-board-rest button")
        at_first = len(shown(seen))
        if button.is_visible():
            button.click()
        assert at_first <= len(shown(seen)) == len(REGISTRY.claims)


def test_every_square_leads_to_its_statement(site, front):
    squares = front.page.locator(".cb-square").evaluate_all(
        "all => all.map(one => [one.getAttribute('href'), one.textContent.trim()])"
    )
    statements = [(a.id, slug) for a in REGISTRY.articles.values() for slug in a.statements]
    for (href, name), (article, slug) in zip(squares, statements, strict=True):
        if slug in REGISTRY.claims:
            assert href == f"claims/{slug}.html"
            assert stored(slug).verdict in name
        else:
            assert href == f"article-{article}.html#{slug}"
            assert "not checked yet" in name
            page = (site / "book" / f"article-{article}.html").read_text("utf-8")
            assert f'id="{slug}"' in page


def test_no_two_pages_describe_themselves_alike(site):
    texts = [(site / name).read_text("utf-8") for name in PAGES]
    for tag in (r'<meta name="description" content="(.*?)">', r"<title>(.*?)</title>"):
        found = [re.findall(tag, text, re.S) for text in texts]
        assert all(len(one) == 1 for one in found)
        assert len({one for (one,) in found}) == len(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_the_side_bar_names_articles_and_no_claims(site, name):
    text = (site / name).read_text("utf-8")
    bar = re.search(r'<nav class="bd-links.*?</nav>', text, re.S).group(0)
    links = re.findall(r'href="([^"]*)"', bar)
    assert [link for link in links if "article-" in link] or "article-" in name
    assert not [link for link in links if any(slug in link for slug in REGISTRY.claims)]
    assert "ethical-ad-placement" not in text
    assert text.count('name="viewport"') == 1


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_before_and_after_are_named_in_a_few_words(site, name):
    text = (site / name).read_text("utf-8")
    names = re.findall(r'class="prev-next-title">([^<]*)<', text)
    assert names or name == "book/vi.html"
    assert all(len(html.unescape(found)) <= 45 for found in names), names


def test_a_claim_page_is_complete_without_scripts(bare):
    bare.unfold()
    text = bare.text()
    claim = REGISTRY.claims[CLAIM_PAGES[bare.path]]
    result = stored(claim.id)
    assert result.verdict in bare.page.locator(".cb-answer").inner_text()
    assert rule.VERDICTS[result.verdict].vi in bare.page.locator("#vi").inner_text()
    assert claim.quote in text
    for part in result.parts:
        for reading in part.readings:
            assert reading.title in text
            assert spaced(reading.text) in text
    for flag in claim.flags:
        assert flag.note.en in text
        assert flag.note.vi in text


# In pixels: how far the first screen reaches, and how long a page is with its folds closed.
BUDGETS = {"phone": (665, 4200), "desk": (510, 2900)}
MOST_WORDS, SMALLEST = 500, 12


def over_budget(seen, first, whole):
    """What of a claim's page takes more room than it may."""
    seen.fold()
    answer = seen.page.locator(".cb-answer").bounding_box()
    foot = seen.page.locator(".cb-foot").bounding_box()
    sizes = seen.page.locator("main :is(p, li, a, span, td, th, text, summary, button)")
    smallest = sizes.evaluate_all(
        """all => Math.min(...all.filter((one) => one.checkVisibility() && one.textContent.trim())
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    words = 0
    for part in (".cb-answer", ".cb-minute", ".cb-every", "#what-this-leaves-out", ".cb-known"):
        words += len(seen.page.locator(part).first.inner_text().split())
    found = {
        f"first screen {answer['y'] + answer['height']:.0f} px": answer["y"] + answer["height"],
        f"page {foot['y'] + foot['height']:.0f} px": foot["y"] + foot["height"],
        f"{words} words": words,
    }
    over = [
        name
        for (name, value), most in zip(found.items(), (first, whole, MOST_WORDS), strict=True)
        if value > most
    ]
    return over + ([f"text of {smallest} px"] if smallest < SMALLEST else [])


def test_a_claim_page_keeps_its_budget_on_a_phone(on_a_phone):
    if on_a_phone.path in CLAIM_PAGES:
        assert over_budget(on_a_phone, *BUDGETS["phone"]) == []


def test_a_claim_page_keeps_its_budget_on_a_desk(bare):
    assert over_budget(bare, *BUDGETS["desk"]) == []


def test_every_chart_has_its_picture_without_scripts(bare):
    assert bare.plots.count() >= (1 if is_charted(bare.path) else 0)
    assert not bare.page.locator(".cb-explore:visible").count()
    for picture in bare.page.locator(".cb-static svg").all():
        assert picture.get_attribute("role") == "img"
        assert len(picture.get_attribute("aria-label")) > 40


@pytest.fixture(scope="module")
def entries(site):
    """The ids of entries on the page of sources."""
    text = (site / "book" / "sources.html").read_text("utf-8")
    return set(re.findall(r'id="(source-[^"]+)"', text))


def test_every_source_has_its_entry(entries):
    assert {f"source-{key}" for key in REGISTRY.sources} <= entries


def test_every_link_to_a_source_arrives(bare, entries):
    links = bare.page.locator("a[href*='sources.html#']").evaluate_all(
        "all => all.map(one => one.getAttribute('href').split('#')[1])"
    )
    assert links
    assert set(links) <= entries


def test_a_chart_that_cannot_be_drawn_leaves_its_picture(chromium, address):
    def no_vega(page):
        page.route("**/vega.js", lambda route: route.abort())

    with Visit(chromium, address, next(iter(CLAIM_PAGES)), before=no_vega) as seen:
        figure = seen.page.locator(".cb-figure:visible").first
        figure.locator(".cb-explore").click()
        expect(figure.locator(".cb-explore")).to_contain_text("could not be drawn")
        assert figure.locator(".cb-static").is_visible()


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("96.4", "r1-96-percent-cheaper"),
        ("96,4", "r1-96-percent-cheaper"),
        ("671", "671-billion-parameters"),
        ("600", "nvidia-600-billion"),
        ("giá trị", "nvidia-600-billion"),
        ("gia tri", "nvidia-600-billion"),
    ],
)
def test_the_search_finds_numbers_and_words_without_their_marks(chromium, address, asked, page):
    with Visit(chromium, address, f"search.html?q={asked}") as seen:
        found = seen.page.locator("#search-results li a")
        found.first.wait_for()
        links = found.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert any(page in link for link in links)
        assert seen.complaints == []
