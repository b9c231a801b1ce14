"""Numbers that readers move: the browser finds what Python computes, point for point."""

import shutil
from pathlib import Path

import pytest

from browser import DESKTOP, Visit, served
from claimbook.base.paths import find_project
from claimbook.data.registry import load
from claimbook.notebook import html
from claimbook.run.in_process import run
from moving import SMALL, expected, moves_of, points_of, small_claim
from places import ROOT

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Move</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<link rel="icon" href="_static/favicon.svg"><link rel="stylesheet" href="_static/claimbook.css">
<script defer src="_static/whatif.js"></script></head><body>BLOCK</body></html>"""

# What one of the blocks says at each of some points, after its fields were filled in.
REPLAY = """([place, points]) => {
  const root = document.querySelectorAll(".cb-whatif")[place];
  const text = (element) => element?.textContent ?? null;
  return points.map((point) => {
    root.querySelector(".cb-reset").click();
    for (const [name, value] of Object.entries(point)) {
      const field = root.querySelector(`[data-input="${name}"] input[type=number]`);
      field.value = value;
      field.dispatchEvent(new Event("input"));
    }
    const rows = {};
    for (const row of root.querySelectorAll("[data-entry]")) {
      const [, outcome] = row.querySelector(".cb-mark-of").className.split("--");
      const texts = ["output", ".cb-sum"].map((name) => text(row.querySelector(name)));
      rows[row.dataset.entry] = [outcome.replaceAll("-", " "), ...texts];
    }
    const parts = {};
    for (const part of root.querySelectorAll("[data-part]"))
      parts[part.dataset.part] = text(part.querySelector(".cb-part-name .cb-word"));
    return { rows, parts, verdict: text(root.querySelector(".cb-whatif-verdict .cb-word")) };
  });
}"""

# Texts that a block has after its start and did not have before.
CHANGED = """(block) => {
  const before = new DOMParser().parseFromString(block, "text/html");
  const shown = (root) =>
    [...root.querySelectorAll(".cb-sums, .cb-whatif-verdict, .cb-part-name")].map(
      (element) => element.outerHTML,
    );
  const then = shown(before);
  return shown(document).filter((now, place) => now !== then[place]);
}"""

HOSTILE = "</script><script>alert(1)</script><b>bold</b>&\"'"

# What nobody moves a number to, but a field takes.
ODD = [
    {"apple_price": "2.00"},
    {"apple_price": "0"},
    {"apple_price": "-1.00"},
    {"apple_price": "1234.5678", "pear_price": "0.001"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of pages with what they need beside them."""
    path = tmp_path_factory.mktemp("moves")
    shutil.copytree(ROOT / "book" / "_static", path / "_static")
    return path


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as found:
        yield found


@pytest.fixture
def visit(folder, address, chromium):
    """Opens a page with a block."""

    def opened(block, **options):
        Path(folder, "page.html").write_text(PAGE.replace("BLOCK", block), "utf-8")
        return Visit(chromium, address, "page.html", size=DESKTOP, **options)

    return opened


def differences(visit, claims, *more):
    """Where a page with a block for each claim says anything else than Python."""
    told = {name: moves_of(claim) for name, claim in claims.items()}
    claims = {name: claim for name, claim in claims.items() if told[name]}
    moves = [told[name] for name in claims]
    assert len(claims) >= 5
    points = [[*points_of(*pair), *more] for pair in zip(claims.values(), moves, strict=True)]
    blocks = [html.render_whatif(one) for one in moves]
    with visit("".join(blocks)) as page:
        page.page.locator(".cb-whatif:visible").last.wait_for()
        assert page.page.evaluate(CHANGED, "".join(blocks)) == []
        found = [page.page.evaluate(REPLAY, list(pair)) for pair in enumerate(points)]
        assert page.complaints == []
        assert page.foreign() == []
    for name, own, tried, shown in zip(claims, moves, points, found, strict=True):
        for point, here in zip(tried, shown, strict=True):
            wanted = expected(claims[name], own, point)
            yield from (
                (name, point, key, here[key], wanted[key])
                for key in wanted
                if here[key] != wanted[key]
            )


def test_moved_numbers_of_the_book_come_out_as_in_python(visit):
    project = find_project(ROOT)
    claims = {slug: run(project, slug)[0] for slug in load(project).claims}
    assert list(differences(visit, claims)) == []


def test_moved_numbers_of_every_kind_come_out_as_in_python(small, visit):
    claims = {name: small_claim(small, name) for name in SMALL}
    assert list(differences(visit, claims, *ODD)) == []


def test_without_scripts_there_is_no_block(small, visit):
    with visit(html.render_whatif(moves_of(small_claim(small, "estimate"))), script=False) as page:
        assert page.page.locator(".cb-whatif").count() == 1
        assert not page.page.locator(".cb-whatif").is_visible()


def test_a_slider_moves_its_field_and_reset_brings_both_back(small, visit):
    with visit(html.render_whatif(moves_of(small_claim(small, "far")))) as page:
        page.unfold()
        move = page.page.locator("[data-input=apple_price]")
        slider, field = move.get_by_role("slider"), move.get_by_role("spinbutton")
        result = page.page.locator("[data-entry=saving] output")
        slider.press("ArrowRight")
        assert (field.input_value(), result.inner_text()) == ("1.01", "49.5\u00a0%")
        field.fill("0.072")
        assert result.inner_text() == "96.4\u00a0%"
        assert page.page.locator(".cb-whatif-verdict .cb-word").inner_text() == "holds"
        field.fill("")
        assert field.get_attribute("aria-invalid") == "true"
        assert result.inner_text() == "96.4\u00a0%"  # as long as there is no other number
        page.page.get_by_role("button", name="Reset").press("Enter")
        assert (field.input_value(), slider.input_value()) == ("1.00", "1")
        assert result.inner_text() == "50\u00a0%"


def hostile(value, key=""):
    """A payload with markup in every text that readers see."""
    if isinstance(value, dict):
        return {
            name: hostile(inner, key if name in ("en", "vi") else name)
            for name, inner in value.items()
        }
    if isinstance(value, list) and key != "sum":
        return [hostile(inner, key) for inner in value]
    if isinstance(value, str) and key in ("title", "label", "short", "unit", "to", "stays", "text"):
        return value + HOSTILE
    return value


def test_hostile_texts_stay_texts(small, visit):
    moves = hostile(moves_of(small_claim(small, "estimate")) | {"stays": ["x"]})
    with visit(html.render_whatif(moves)) as page:
        page.page.locator(".cb-whatif:visible").wait_for()
        page.page.evaluate(REPLAY, [0, [{"apple_price": "1.01"}]])
        assert page.page.locator("b").count() == 0
        assert page.page.locator("script").count() == 4
        assert page.page.get_by_text("<b>bold", exact=False).count() >= 4
        assert page.complaints == []
