"""The site: what is collected, written, and read again. Each test builds a site of a few pages."""

import copy
import json
import re
import shutil
from pathlib import Path

import pytest
from myst_nb.core.execute.base import ExecutionError

from claimbook import rule
from claimbook.base.paths import Project
from claimbook.notebook import render
from claimbook.notebook.charts import picture
from moving import moves_of, small_claim
from places import CASES, SITES
from small_sites import PAYLOADS, application, build, page, write_notebook

SLUG = "r1-96-percent-cheaper"
HEADLINE = PAYLOADS["verdict"]["headline"]["en"]
TITLE = "# A claim"


@pytest.fixture
def small(tmp_path):
    """The small site with one claim, `claim.ipynb`."""
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    write_notebook(site / "claim.ipynb", TITLE, PAYLOADS["claim"], PAYLOADS["verdict"])
    return site


def verdict_of(slug, code, verdict="holds"):
    """The claim and verdict payloads of another claim."""
    claim, result = copy.deepcopy(PAYLOADS["claim"]), copy.deepcopy(PAYLOADS["verdict"])
    claim["claim"] |= {"id": slug, "code": code}
    result["result"] |= {"claim": slug, "verdict": verdict}
    result["headline"] = {"en": f"Finding of {slug}", "vi": f"Kết luận {slug}"}
    return claim, result


def board_rows(site):
    """Findings in the table of all claims, in order."""
    return re.findall(r'<th scope="row" role="rowheader"><a [^>]*>([^<]*)</a>', page(site, "board"))


def test_the_first_build_shows_the_answer_and_the_scoreboard(small):
    assert build(small, warningiserror=True) == (0, "")
    assert "cb-answer" in page(small, "claim")
    board = page(small, "board")
    assert board_rows(small) == [HEADLINE]
    assert "depends on the reading (1)</option>" in board
    assert 'href="claim.html"' in board
    assert "misattributed" in board


def test_results_in_prose_are_those_of_the_claim(small):
    build(small)
    assert re.search(r'The saving is <span class="cb-result">96.35 %</span>', page(small, "board"))


def test_each_page_describes_itself_by_its_finding(small):
    build(small)
    finding = PAYLOADS["verdict"]["finding"]["en"].replace("'", "&#39;")
    assert f'<meta name="description" content="Depends on the reading: {finding}">' in page(
        small, "claim"
    )
    assert '<meta name="description" content="A small site.">' in page(small, "index")


def test_a_page_may_be_in_another_language(small):
    (small / "sources.md").write_text("---\nlang: vi\n---\n\n# Nguồn\n", "utf-8")
    build(small)
    assert '<html lang="vi"' in page(small, "sources")
    assert '<html lang="en"' in page(small, "index")


def test_a_claim_of_several_parts_shows_the_one_that_decides_and_how_many_more(small):
    verdict = copy.deepcopy(PAYLOADS["verdict"])
    first = verdict["result"]["parts"][0]
    for stated, word in (("3.6 %", "holds"), ("4.7 %", "does not hold")):
        label = {"en": f"the share that {word}", "vi": "phần còn lại"}
        more = {"id": word.replace(" ", "-"), "label": label, "verdict": word}
        verdict["result"]["parts"].append(first | more | {"stated_text": stated})
    verdict["result"]["verdict"] = "does not hold"
    write_notebook(small / "claim.ipynb", TITLE, PAYLOADS["claim"], verdict)
    build(small)
    row = re.search(r"<tbody.*?</tbody>", page(small, "board"), re.S).group(0)
    assert re.search(r"the share that does not hold</span>4.7 %", row)
    assert "3.6 %" not in row
    assert re.search(r">\+2<", row)


def test_changed_data_alone_renews_the_page_and_the_scoreboard(small):
    code = (
        "import json\nfrom pathlib import Path\nfrom IPython.display import display\n"
        f"verdict = json.loads({json.dumps(PAYLOADS['verdict'])!r})\n"
        "value = Path('data/value.txt').read_text().strip()\n"
        "part = verdict['result']['parts'][0]\n"
        "part['recomputed_text'] = part['readings'][0]['text'] = value\n"
        f"claim = json.loads({json.dumps(PAYLOADS['claim'])!r})\n"
        f"display({{{render.MIME!r}: claim}}, raw=True)\n"
        f"display({{{render.MIME!r}: verdict}}, raw=True)"
    )
    write_notebook(small / "claim.ipynb", TITLE, code=code)
    options = {"confoverrides": {"nb_execution_mode": "force"}}
    assert build(small, **options)[0] == 0
    assert "96.35" in board_cell(small)
    (small / "data" / "value.txt").write_text("41.7", "utf-8")
    assert build(small, **options)[0] == 0
    assert "41.7" in board_cell(small)
    assert "41.7" in page(small, "claim")


def board_cell(site):
    return re.search(r'data-label="Recomputed">(.*?)</td>', page(site, "board")).group(1)


def test_unchanged_data_and_sources_read_nothing_again(small):
    build(small)
    with application(small) as app:
        assert "claim" not in app.builder.read()


def test_the_ledger_is_no_input(small):
    build(small)
    (small / "data" / "verdicts.csv").write_text("claim\n", "utf-8")
    with application(small) as app:
        assert "claim" not in app.builder.read()


def test_a_removed_notebook_leaves_the_scoreboard(small):
    write_notebook(small / "claim2.ipynb", TITLE, *verdict_of("other", "A10"))
    build(small)
    assert board_rows(small) == [HEADLINE, "Finding of other"]
    (small / "claim2.ipynb").unlink()
    build(small)
    assert board_rows(small) == [HEADLINE]


def test_pages_read_in_parallel_are_all_on_the_scoreboard(small):
    for number in range(2, 8):
        payloads = verdict_of(f"claim-{number}", f"A{number + 10}")
        write_notebook(small / f"claim{number}.ipynb", TITLE, *payloads)
    assert build(small, parallel=2, warningiserror=True)[0] == 0
    assert len(board_rows(small)) == 7


@pytest.mark.parametrize(
    "reference", [f"{SLUG}.outputt", "no-such-claim.output", "output", "saving.stated"]
)
def test_an_unknown_reference_is_a_warning_that_names_its_page(small, reference):
    with (small / "board.md").open("a", encoding="utf-8") as board:
        board.write(f"\nUnknown: {{result}}`{reference}`\n")
    status, warnings = build(small, warningiserror=True)
    assert status == 1
    assert re.search(rf"board\.md:\d+: WARNING: result '{re.escape(reference)}'", warnings)


def test_the_page_of_a_claim_may_leave_its_slug_out(small):
    text = TITLE + "\n\nIt is {result}`output`, stated {result}`saving.stated`."
    write_notebook(small / "claim.ipynb", text, PAYLOADS["claim"], PAYLOADS["verdict"])
    assert build(small) == (0, "")
    assert re.search(r"It is <span[^>]*>96.35 %</span>, stated", page(small, "claim"))


def test_one_claim_on_two_pages_is_a_warning(small):
    write_notebook(small / "claim2.ipynb", TITLE, PAYLOADS["verdict"])
    assert f"claim '{SLUG}' has its verdict on two pages" in build(small)[1]


def test_a_broken_payload_is_a_warning(small):
    broken = {"kind": "table", "caption": "Broken", "columns": [], "rows": []}
    forms = {render.MIME: broken, "text/html": "x"}
    payload = PAYLOADS["table"]
    write_notebook(small / "claim2.ipynb", "# Broken", payload, forms=forms)
    assert "output cannot be shown" in build(small)[1]


def test_a_failing_cell_fails_and_fails_again_when_repeated(small):
    write_notebook(small / "claim.ipynb", "# A claim", code="1 / 0")
    options = {"confoverrides": {"nb_execution_mode": "force"}}
    for _ in range(2):
        with pytest.raises(ExecutionError, match="claim"):
            build(small, **options)


def test_a_warning_fails_and_fails_again_when_repeated(small):
    # A warning from reading: Sphinx would not read the page again.
    (small / "sources.md").write_text("# Sources\n\n{no-such-role}`x`\n", "utf-8")
    for _ in range(2):
        status, warnings = build(small, warningiserror=True)
        assert status == 1
        assert "no-such-role" in warnings


BARS = {"data": {"values": [{"x": 1}]}, "mark": "bar"}


def write_chart(site, spec):
    forms = {render.VEGA_LITE_MIME: spec, render.SVG_MIME: "<svg>stored</svg>"}
    write_notebook(site / "claim2.ipynb", "# Chart", PAYLOADS["figure"], forms=forms)


def pictures_of_chart(site):
    return re.findall(r'<div class="cb-(narrow|wide)">(<svg.*?</svg>)</div>', page(site, "claim2"))


def test_a_picture_is_drawn_anew_only_when_its_chart_has_changed(small, monkeypatch):
    drawn = []
    draw = picture.for_site

    def counted(*chart, **options):
        drawn.append(draw(*chart, **options))
        return drawn[-1]

    monkeypatch.setattr(picture, "for_site", counted)
    for spec, times in ((BARS, 1), (BARS, 1), (BARS | {"mark": "point"}, 2), (BARS, 2)):
        write_chart(small, spec)
        shutil.rmtree(small / "_build" / "html", ignore_errors=True)
        assert build(small) == (0, "")
        assert len(drawn) == times
        made = draw(spec, PAYLOADS["figure"]["alt"], name="chart-1", lines=())
        assert pictures_of_chart(small) == list(made.svgs.items())
        png = small / "_build" / "html" / "claim2-chart-1.png"
        assert png.read_bytes().startswith(b"\x89PNG")


def test_a_chart_that_cannot_be_drawn_is_a_warning_that_names_its_page(small):
    write_chart(small, {"mark": "no such mark"})
    assert re.search(r"claim2\.ipynb.*WARNING: output cannot be shown: ", build(small)[1])


def test_a_figure_is_one_figure_with_its_picture_and_its_specification(small):
    write_chart(small, BARS)
    assert build(small) == (0, "")
    html = page(small, "claim2")
    assert html.count("<figure") == html.count("cb-spec") == html.count("cb-explore") == 1
    assert html.count("<svg") == 2
    (specs,) = re.findall(r'class="cb-spec">(.*?)</script>', html)
    assert [spec["data"] for spec in json.loads(specs).values()] == [BARS["data"]] * 2
    assert 'href="https://example.org/pricing"' in html
    assert 'href="sources.html#source-deepseek-pricing"' in html
    assert "vegaEmbed" in (small / "_build" / "html" / "_static" / "vega.js").read_text("utf-8")


def test_only_a_page_with_numbers_to_move_loads_the_script_for_it(small):
    moves = moves_of(small_claim(Project(CASES / "small"), "far"))
    verdict = PAYLOADS["verdict"] | {"whatif": moves}
    write_notebook(small / "claim.ipynb", TITLE, PAYLOADS["claim"], verdict)
    build(small)
    assert page(small, "claim").count('class="cb cb-whatif"') == 1
    assert '<script defer="defer" src="_static/whatif.js' in page(small, "claim")
    assert "whatif.js" not in page(small, "board")


def test_code_is_folded_and_its_output_is_not(small):
    build(small)
    html = page(small, "claim")
    fold = re.search(r'<details class="[^"]*above-input".*?</details>', html, re.S).group(0)
    assert "claim" in fold
    assert "<caption" not in fold
    assert "<caption" in html


def test_an_entry_of_the_sources_says_how_it_was_seen_and_its_interest(tmp_path):
    site = Path(shutil.copytree(SITES / "sources", tmp_path / "site"))
    assert build(site) == (0, "")
    html = page(site, "index")
    assert 'id="source-deepseek-pricing"' in html
    assert 'href="#source-deepseek-pricing"' in html
    assert '<a class="reference external" href="https://example.org/pricing">' in html
    assert "Pricing &lt;b&gt;" in html
    assert "Seen: excerpt. Interest: sells the product." in html
    assert 'id="source-unseen-note"' in html


def test_a_source_is_cited_by_its_year_and_told_from_others_of_the_year(tmp_path):
    site = Path(shutil.copytree(SITES / "sources", tmp_path / "site"))
    assert build(site) == (0, "")
    html = page(site, "index")
    cited = re.findall(r'<a class="reference internal" href="#source-[^>]*>(.*?)</a>', html, re.S)
    assert cited == [
        "DeepSeek, 2025",
        "Reuters Staff, 2025a",
        "Reuters Staff, 2025b",
        "2024",
        "Bernstein, n.d.",
    ]
    text = re.sub("<[^>]+>", "", html)
    assert "Nguyễn [2024]" in text
    assert "Nguyễn, An. Tiếng Việt, 5%. 2024-05." in text
    assert "Reuters Staff. Second story. 2025-03-01 (2025b)." in text
    assert 'href="https://example.org/price_list"' in html


def test_the_method_prints_the_rule_from_its_constants(small):
    (small / "sources.md").write_text(
        "# Rule {rule}`version`\n\n```{rule-comparators}\n```\n\n```{rule-verdicts}\n```\n\n"
        "```{rule-examples}\n"
        '- {words: tie, stated: "96.4", comparator: "=", recomputed: "96.35"}\n'
        '- {words: miss, stated: "1.6", comparator: "=", recomputed: "1.653"}\n```\n',
        "utf-8",
    )
    assert build(small) == (0, "")
    html = page(small, "sources")
    for comparator in rule.COMPARATORS.values():
        assert comparator.accepts in html
    for verdict in rule.VERDICTS.values():
        assert verdict.meaning in html
    outcomes = re.findall(r"</span> (consistent|not consistent)</span>", html)
    assert outcomes == ["consistent", "not consistent"]
    assert "1.55 to 1.65" in html


def test_an_unknown_constant_of_the_rule_is_an_error(small):
    (small / "sources.md").write_text("# Rule\n\n{rule}`no-such`\n", "utf-8")
    assert "rule 'no-such': expected one of version" in build(small)[1]


MATHML = {"confoverrides": {"html_math_renderer": "mathml"}}


def test_a_formula_is_written_as_mathml(small):
    (small / "sources.md").write_text("# Sum\n\n```{math}\n\\frac{a}{b} < 1\n```\n", "utf-8")
    assert build(small, **MATHML) == (0, "")
    block = re.search(r'cb-formula".*?</div>', page(small, "sources"), re.S).group(0)
    assert re.search(r"<mfrac>\s*<mi>a</mi>\s*<mi>b</mi>\s*</mfrac>\s*<mo>&lt;</mo>", block)


@pytest.mark.parametrize("formula", ["\\nosuch x", "a & b"])
def test_a_formula_that_cannot_be_read_is_a_warning_that_names_its_page(small, formula):
    (small / "sources.md").write_text(f"# Sum\n\n```{{math}}\n{formula}\n```\n", "utf-8")
    _, warnings = build(small, **MATHML)
    assert re.search(r"sources\.md:3: WARNING: formula cannot be shown: .", warnings)


def test_chosen_findings_are_shown_and_unknown_ones_are_warnings(small):
    (small / "sources.md").write_text(
        f"# Findings\n\n```{{findings}}\n:lang: vi\n{SLUG}\nno-such\n```\n", "utf-8"
    )
    warnings = build(small)[1]
    assert "findings: no claim 'no-such'" in warnings
    assert "tùy cách hiểu" in page(small, "sources")
    assert PAYLOADS["verdict"]["finding"]["vi"] in page(small, "sources")
