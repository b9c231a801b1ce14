"""The front page and the pages of articles: every statement in its place, checked or not."""

import re
import shutil

import pytest

from claimbook.base.paths import Project
from claimbook.run import in_process
from places import CASES
from small_sites import build, page, write_notebook

SLUG = "apples-half-price"
CONF = """\
extensions = ["myst_nb", "claimbook.site.sphinx"]
project = html_title = "Fruit"
html_theme = "basic"
nb_execution_mode = "off"
claimbook_description = "A small site."
exclude_patterns = ["_build", "data"]
"""
PAGES = {
    "index.md": "# Fruit\n\n```{counts}\n```\n\n```{strips}\n```\n\n"
    f"```{{findings}}\n{SLUG}\n```\n\n```{{scoreboard}}\n```\n\n"
    "```{toctree}\npaper\nvi\nbook/claims/apples-half-price\n```\n",
    "paper.md": "---\ndescription: The paper.\n---\n\n# The paper\n\n```{article} paper\n```\n",
    "vi.md": "---\nlang: vi\n---\n\n# Trái cây\n\n```{counts}\n:lang: vi\n```\n\n"
    "```{findings}\n:lang: vi\n```\n\n```{legend}\n:lang: vi\n```\n",
}
UNCHECKED = """\
  statements:
    - plums
    - apples-half-price
    - figs
  unchecked:
    - {id: plums, code: T9, quote: plums & pears <cost>, english: plums and pears cost}
    - {id: figs, code: T3, quote: figs cost 3, english: figs cost 3}
"""
FLAG = (
    "flags:\n  - flag: missing-context\n    note: {en: A sale., vi: Khuyến mãi.}\n"
    "    citations: [{source: price-list, kind: primary}]\n"
)


def made(root):
    """A site of the small project, with two statements that nobody has checked."""
    shutil.copytree(CASES / "small", root)
    project = Project(root)
    text = project.articles.read_text("utf-8")
    project.articles.write_text(text.replace(f"  statements:\n    - {SLUG}\n", UNCHECKED), "utf-8")
    prices = project.data / "inputs" / "prices.yml"
    estimate = 'precision: estimate\n  low: "1.98"\n  high: "2.02"'
    exact = prices.read_text("utf-8").replace(estimate, "precision: exact")
    prices.write_text(exact, "utf-8")
    with project.claim(SLUG).open("a", encoding="utf-8") as file:
        file.write(FLAG)
    (root / "conf.py").write_text(CONF, "utf-8")
    for name, written in PAGES.items():
        (root / name).write_text(written, "utf-8")
    notebook(project)
    return project


def notebook(project):
    """Write the notebook with the outputs that the data give now."""
    code = Project(CASES / "small").notebook(SLUG)
    shutil.copy(code, project.notebook(SLUG))
    (claim,) = in_process.run(project, SLUG)
    shown = claim._repr_mimebundle_()["application/vnd.claimbook+json"]
    write_notebook(project.notebook(SLUG), "# Apples", shown, claim.verdict().payload())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built once; not to be changed."""
    project = made(tmp_path_factory.mktemp("overview") / "site")
    assert build(project.root, warningiserror=True) == (0, "")
    return project.root


def text(html):
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_counts_are_those_of_all_statements(site):
    said = text(page(site, "index"))
    assert "Of 3 statements 1 is checked: 1 holds; 2 are still to be checked." in said
    assert "Trong 3 phát biểu, 1 đã được kiểm tra: 1 đúng; 2 chưa." in text(page(site, "vi"))


def test_a_strip_has_a_square_for_every_statement_in_order(site):
    squares = re.findall(
        r'<li><a href="([^"]*)" class="cb-square cb-square--(\S+)">.*?"cb-unseen">([^<]*)<',
        page(site, "index"),
    )
    places, verdicts, names = zip(*squares, strict=True)
    assert places == ("paper.html#plums", f"book/claims/{SLUG}.html", "paper.html#figs")
    assert verdicts == ("none", "holds", "none")
    assert names[0] == "1: not checked yet. plums and pears cost"
    assert names[1] == "2: holds. Apples cost less"


def test_the_page_of_an_article_has_every_statement_in_order_with_code_and_quote(site):
    html = page(site, "paper")
    lines = re.findall(r'<li id="(\S+)" class="cb-statement.*?</li>', html, re.S)
    assert lines == ["plums", SLUG, "figs"]
    assert re.findall(r'class="cb-code"[^>]*>([^<]*)<', html) == ["T9", "T1", "T3"]
    assert "“plums &amp; pears &lt;cost&gt;”" in html
    assert html.count("Not checked yet") == 2
    line = re.search(rf'<li id="{SLUG}".*?</li>', html, re.S).group(0)
    assert f'href="book/claims/{SLUG}.html"' in line
    assert "missing context" in line
    for unknown in ("publisher not identified", "not seen", "date not known"):
        assert unknown in html


def test_codes_stand_on_the_page_of_the_article_alone(site):
    for name in ("index", "vi", f"book/claims/{SLUG}"):
        assert not re.search(r"\bT[139]\b", text(page(site, name))), name


def test_the_vietnamese_page_has_flags_a_legend_and_links_to_its_own_text(site):
    html = page(site, "vi")
    assert f'href="book/claims/{SLUG}.html#vi"' in html
    findings = re.search(r'<ul class="cb cb-findings".*?</ul>', html, re.S).group(0)
    assert "thiếu bối cảnh" in findings
    assert "tùy cách hiểu" in html
    target = page(site, f"book/claims/{SLUG}")
    fold = re.search(r'<details[^>]* lang="vi">.*?</details>', target, re.S).group(0)
    # Browsers open a fold for what lies in it, not for itself.
    assert re.search(r'</summary>.* id="vi"', fold, re.S)


def test_titles_and_descriptions_carry_finding_and_verdict_and_differ(site):
    claim = page(site, f"book/claims/{SLUG}")
    assert "<title>Apples cost less (holds) &#8212; Fruit</title>" in claim
    assert '<meta name="description" content="Holds: Apples save' in claim
    assert '<meta name="description" content="The paper.">' in page(site, "paper")
    assert "<title>Fruit</title>" in page(site, "index")


def test_a_page_has_one_viewport(site):
    for name in ("index", "paper", f"book/claims/{SLUG}", "search"):
        assert page(site, name).count('name="viewport"') == 1, name


def test_the_script_of_the_table_is_on_its_page_alone(site):
    assert re.search(r'<script defer="defer" src="_static/board.js', page(site, "index"))
    assert "board.js" not in page(site, "paper")


def test_an_article_that_is_not_there_is_a_warning(tmp_path):
    project = made(tmp_path / "site")
    (project.root / "paper.md").write_text("# P\n\n```{article} papers\n```\n", "utf-8")
    assert "article: expected one of paper, found 'papers'" in build(project.root)[1]


def test_pages_that_show_others_are_written_again_when_these_change(tmp_path):
    project = made(tmp_path / "site")
    assert build(project.root)[0] == 0
    claim = project.claim(SLUG)
    for old, new in (
        ("quote: apples cost half", "quote: apples cost just half"),
        ("flag: missing-context", "flag: mistranslated"),
    ):
        claim.write_text(claim.read_text("utf-8").replace(old, new), "utf-8")
    notebook(project)
    assert build(project.root)[0] == 0
    assert "apples cost just half" in page(project.root, "paper")
    assert "mistranslated" in page(project.root, "index")
    assert "dịch sai" in page(project.root, "vi").partition("cb-legend")[0]
    words = project.articles.read_text("utf-8").replace("figs cost 3", "figs cost 4")
    project.articles.write_text(words, "utf-8")
    assert build(project.root)[0] == 0
    assert "figs cost 4" in page(project.root, "paper")
