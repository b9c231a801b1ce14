"""What readers see: escaping, structure, and stable plain text."""

import copy
import json
import re
from dataclasses import replace

import jinja2
import pytest

from claimbook import rule
from claimbook.notebook import html, mathml, plain_text, render
from places import CASES

PAYLOADS = json.loads((CASES / "payloads.json").read_text("utf-8"))
HOSTILE = "<script>alert('x')</script>&\"<b>"
# Texts that the package looks up or compares, and that validation fixes to a few words.
FIXED = {
    "kind",
    "verdict",
    "role",
    "outcome",
    "precision",
    "known",
    "align",
    "comparator",
    "primary",
}
SITE = html.Site(sources="../sources.html")
DRAWING = html.Drawing(
    name="chart-1",
    svgs={"narrow": "<svg>small</svg>", "wide": "<svg>large</svg>"},
    specs={"narrow": {"mark": "bar"}, "wide": {"mark": "bar"}},
    download="page-chart-1.png",
)
kinds = pytest.mark.parametrize("kind", PAYLOADS)


def hostile(value, key=""):
    """The same payload with a hostile text in every place that is free text."""
    if isinstance(value, dict):
        return {name: hostile(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, key) for inner in value]
    return value + HOSTILE if isinstance(value, str) and key not in FIXED else value


@kinds
@pytest.mark.parametrize("site", [None, SITE], ids=["jupyter", "site"])
def test_texts_from_data_come_out_escaped(kind, site):
    text = html.render_html(hostile(PAYLOADS[kind]), site)
    assert "alert(" in text
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert not re.search(r'="[^"]*<', text)


def test_a_specification_cannot_end_its_script():
    drawing = replace(DRAWING, specs={"wide": {"title": "</script><img src=x>"}})
    text = html.render_html(PAYLOADS["figure"], drawing=drawing)
    assert text.count("</script>") == 1
    assert "<img" not in text


def test_an_address_that_runs_code_is_no_link():
    payload = json.loads(json.dumps(PAYLOADS["inputs"]).replace("https://", "javascript:"))
    assert "javascript:" not in html.render_html(payload)


@kinds
def test_every_table_has_a_caption_and_scoped_headings(kind):
    text = html.render_html(PAYLOADS[kind])
    tables = re.findall(r"<table.*?</table>", text, re.S)
    assert bool(tables) == (kind not in ("claim", "sources"))
    for table in tables:
        assert "<caption>" in table
        assert all(
            re.search(r'scope="(col|row)"', tag) for tag in re.findall(r"<th\b[^>]*>", table)
        )
        assert 'scope="row"' in table


@kinds
def test_every_table_scrolls_inside_its_own_box(kind):
    text = html.render_html(PAYLOADS[kind], SITE)
    assert text.count("<table") == text.count('class="cb-scroll"')


@kinds
def test_plain_text_is_short_and_has_no_markup(kind):
    text = plain_text.render_text(PAYLOADS[kind])
    assert 0 < len(text) < 600
    assert "<" not in text


@pytest.mark.parametrize("word", rule.VERDICTS)
def test_a_verdict_is_a_word_and_an_icon(word):
    payload = PAYLOADS["verdict"] | {"result": PAYLOADS["verdict"]["result"] | {"verdict": word}}
    text = html.render_html(payload)
    assert f"{rule.VERDICTS[word].icon}</span> {word}</span>" in text
    assert rule.VERDICTS[word].vi in text


def test_icons_of_verdicts_differ():
    icons = [verdict.icon for verdict in rule.VERDICTS.values()]
    assert len(set(icons)) == len(icons)


def test_the_card_says_the_verdict_before_the_numbers_and_these_before_the_readings():
    text = html.render_html(PAYLOADS["verdict"])
    places = [text.index(word) for word in ("cb-badge", "Stated", "cb-finding", "<table")]
    assert places == sorted(places)


def test_the_tables_of_readings_can_stand_alone():
    whole = html.render_html(PAYLOADS["verdict"])
    readings = html.render_html(PAYLOADS["verdict"], part="readings")
    assert "cb-finding" not in readings
    assert readings in whole


def test_vietnamese_is_marked_as_such():
    text = html.render_html(PAYLOADS["verdict"])
    assert re.search(r'lang="vi">\s*<p[^>]*>R1 rẻ hơn', text)


def test_a_tie_is_said_to_be_on_the_edge():
    text = html.render_html(PAYLOADS["verdict"])
    assert text.count("on the edge") == 1


def test_inputs_say_what_was_known_later_and_what_else_circulates():
    text = html.render_html(PAYLOADS["inputs"])
    assert text.count("known later") == 2
    assert "2.20 in one copy" in text
    assert "50,000 (40,000 to 60,000)\u00a0GPUs" in text


def test_sources_link_to_their_entry_on_the_site_and_to_their_address_in_jupyter():
    assert 'href="../sources.html#source-deepseek-pricing"' in html.render_html(
        PAYLOADS["inputs"], SITE
    )
    assert 'href="https://example.org/pricing"' in html.render_html(PAYLOADS["inputs"])


def test_a_figure_has_its_picture_its_words_and_its_data():
    text = html.render_html(PAYLOADS["figure"], SITE, drawing=DRAWING)
    assert 'id="chart-1"' in text
    assert '<div class="cb-narrow"><svg>small</svg></div><div class="cb-wide"><svg>' in text
    assert re.search(r'<button type="button"[^>]* hidden>Explore the chart</button>', text)
    assert '<a href="page-chart-1.png" download>' in text
    assert re.search(r'role="img" aria-label="Dots for four[^>]* hidden', text)
    assert "<details" in text
    assert "81.75" in text


@kinds
def test_jupyter_is_given_html_but_for_a_figure_whose_data_it_would_show_alone(kind):
    forms = render.bundle(PAYLOADS[kind])
    assert forms.get("text/html", "") == (
        "" if kind == "figure" else html.render_html(PAYLOADS[kind])
    )


@kinds
def test_a_file_is_given_no_html(kind, monkeypatch):
    monkeypatch.setenv(render.VARIABLE, render.STORED)
    assert render.bundle(PAYLOADS[kind]).keys() == {render.MIME, "text/plain"}


def test_many_sources_of_a_figure_are_folded():
    source = PAYLOADS["figure"]["sources"]
    few = html.render_html(PAYLOADS["figure"] | {"sources": source * 3})
    many = html.render_html(PAYLOADS["figure"] | {"sources": source * 4})
    assert "<summary>Sources (4)</summary>" in many
    assert "Sources (" not in few


@kinds
def test_the_payload_is_emitted_as_it_is(kind):
    bundle = render.bundle(PAYLOADS[kind])
    assert bundle[render.MIME] == PAYLOADS[kind]
    assert bundle["text/plain"] == plain_text.render_text(PAYLOADS[kind])


def test_a_missing_field_is_an_error_and_not_a_blank():
    payload = {"kind": "table", "caption": "Prices", "columns": []}
    with pytest.raises(jinja2.UndefinedError, match="text"):
        html.render_html(payload)


@pytest.mark.parametrize(
    ("low", "high", "edge"),
    [
        (96.35, 96.35, True),
        (96.35, 96.4, True),
        (96.4, 96.4, False),
        (96.3, 96.4, False),  # reaches over the border by its rounding alone
    ],
)
def test_only_an_end_on_the_border_is_on_the_edge(low, high, edge):
    verdict = copy.deepcopy(PAYLOADS["verdict"])
    part = verdict["result"]["parts"][0]
    first = part["readings"][0] | {"outcome": "consistent", "low": low, "high": high, "margin": 0.0}
    part |= {"comparator": "=", "kind": "number", "band": [96.35, 96.45], "readings": [first]}
    assert ("on the edge" in html.render_html(verdict)) is edge


def test_a_count_that_agrees_has_something_to_spare():
    verdict = copy.deepcopy(PAYLOADS["verdict"])
    part = verdict["result"]["parts"][0]
    first = part["readings"][0] | {"outcome": "consistent", "low": 3, "high": 3, "margin": 1.0}
    part |= {"comparator": "=", "kind": "count", "band": [3, 3], "readings": [first]}
    assert "on the edge" not in html.render_html(verdict)


def test_the_working_has_each_sum_as_a_formula():
    text = html.render_html(PAYLOADS["verdict"], part="readings")
    assert "<mn>1</mn><mo>−</mo><mfrac><mrow><mn>2.19</mn></mrow><mrow><mn>60</mn>" in text


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (("-", "a", ("-", "b", "a")), "A−(B−A)"),
        (("-", ("-", "a", "b"), "a"), "A−B−A"),
        (("*", ("+", "a", "b"), "a"), "(A+B)×A"),
        (("/", ("+", "a", "b"), "a"), "A+BA"),
        (("**", ("+", "a", "b"), "2"), "(A+B)2"),
        (("abs", ("-", "a", "b")), "|A−B|"),
        (("neg", ("-", "a", "b")), "−(A−B)"),
        (("<", "a", "b"), "A&lt;B"),
    ],
)
def test_a_formula_has_its_parentheses_and_escapes_its_signs(tree, written):
    def grown(part):
        if isinstance(part, tuple):
            return {"do": part[0], "of": [grown(item) for item in part[1:]]}
        return {"number": part} if part.isdigit() else {"ref": part}

    found = mathml.formula([grown(tree)], {"a": "A", "b": "B"})
    assert re.sub("<[^>]+>", "", found) == written


def test_inputs_stand_under_what_they_are_used_for():
    inputs = PAYLOADS["inputs"]["inputs"]
    used = [inputs[0] | {"use": use} for use in ("readings", "readings", "context")]
    text = html.render_html(PAYLOADS["inputs"] | {"inputs": used})
    assert re.findall(r'scope="colgroup">([^<]+)<', text) == ["Used by the readings", "For context"]
