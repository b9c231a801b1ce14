"""Texts of data, notebooks and proposals are shown as they stand, and never do anything."""

import json
import re
import shutil
from types import SimpleNamespace

import altair as alt
import nbformat
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner
from pydantic import ValidationError

from browser import PHONE, Visit, served
from claimbook import cli
from claimbook.base.characters import visible
from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data import models, table_models
from claimbook.data.registry import load
from claimbook.notebook import render
from claimbook.notebook.charts import Figure
from claimbook.run import in_process
from claimbook.verdicts import ledger
from hostile import (
    GROUPS,
    MARK,
    PAGES,
    SHOWN,
    UNSHOWN,
    WRITTEN,
    Orchard,
)
from shared import build, once

SEQUENCE = "\x1b[31mred\x1b]0;title\x07\u202e"
KINDS = {"claim", "figure", "inputs", "sensitivity", "sources", "table", "verdict"}

# Attributes that may hold a text; in any other one a text of ours would be a breakout.
TEXTS = {"alt", "aria-label", "content", "title"}
CODE = ("script", "style", "template", "noscript", "textarea")
LINKS = re.compile(r"(https://example\.org/|[^:]*#)")


def hostile_site(root):
    """Build the site of the hostile project, and keep what was written into it."""
    orchard = Orchard(root)
    build(orchard.project)
    (root / "written.json").write_text(json.dumps(orchard.written), "utf-8")


@pytest.fixture(scope="session")
def orchard(tmp_path_factory):
    """The hostile project with its site."""
    root = once(tmp_path_factory, "hostile", hostile_site)
    written = json.loads((root / "written.json").read_text("utf-8"))
    return SimpleNamespace(project=Project(root), written=written)


@pytest.fixture(scope="session")
def outputs(orchard):
    """All outputs of the executed notebooks."""
    return [
        output["data"]
        for path in orchard.project.outputs.glob("executed/*/base.ipynb")
        for cell in nbformat.read(path, 4).cells
        for output in cell.get("outputs", ())
    ]


@pytest.fixture(scope="session")
def address(orchard):
    with served(orchard.project.site) as found:
        yield found


def page(orchard, name):
    path = orchard.project.site / "book" / f"{name}.html"
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def plain(text):
    """A text as a reader sees it: breaks are spaces, and quotes may be curly."""
    return " ".join(re.sub("[“”]", '"', re.sub("[‘’]", "'", text)).split())


def wrongs(soup):
    """What on a page comes from a hostile text and is more than a text."""
    for element in soup.find_all(True):
        if element.name == "script" and element.get("type") == "application/json":
            json.loads(element.string)
        elif element.name in CODE and MARK in element.decode_contents():
            yield f"{element.name}: {element.decode_contents()[:200]}"
        for name, value in element.attrs.items():
            if MARK in f"{name}{value}" and not may_hold(element, name, value):
                yield f"{element.name} {name}: {value}"


def may_hold(element, name, value):
    """Whether an attribute may hold a text of ours, or an address that data/ may have."""
    if name == "href":
        return bool(LINKS.match(value))
    return name in TEXTS and (name != "content" or "http-equiv" not in element.attrs)


def test_every_hostile_text_is_noticed_by_its_word():
    assert [name for name, text in SHOWN.items() if MARK not in text] == []


def test_what_is_not_escaped_is_found():
    names = ("script", "the end of a script", "picture", "drawing", "frame", "style", "form")
    broken = [
        *(SHOWN[name] for name in (*names, "refresh", "comment")),
        f'<b title="{SHOWN["attribute"]}">',
        f"<b title='{SHOWN['attribute in single quotes']}'>",
        f'<b title="{SHOWN["focus"]}">',
        "<a href=javascript:hacked>",
        "<a href=//hacked.invalid>",
    ]
    assert [html for html in broken if not list(wrongs(BeautifulSoup(html, "html.parser")))] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_more_than_text_from_a_text(orchard, name):
    assert list(wrongs(page(orchard, name))) == []


def test_every_text_of_the_data_is_on_the_site_as_it_stands(orchard):
    # A long word may be broken, so spaces do not count.
    seen = "".join(page(orchard, name).get_text() for name in PAGES)
    seen = "".join(plain(seen).split())
    missing = {
        text.split(" ")[0] for text in orchard.written if "".join(plain(text).split()) not in seen
    }
    assert missing == UNSHOWN


def test_every_field_of_a_source_is_on_the_page_of_sources_as_it_was_read(orchard):
    seen = plain(page(orchard, "sources").get_text())
    sources = load(orchard.project).sources.values()
    for source in sources:
        for text in (source.title, source.publisher, source.seen, source.interest):
            assert plain(text)[1:] in seen
    assert sum(MARK in source.title for source in sources) == len(GROUPS)


def test_the_description_of_a_page_is_its_finding_as_it_stands(orchard):
    soup = page(orchard, "claims/apples-half-price")
    assert soup.find("meta", {"name": "description"})["content"] == (
        f"Holds: Finding {SHOWN['attribute']}"
    )


def test_the_index_of_the_search_is_plain_data(orchard):
    text = (orchard.project.site / "searchindex.js").read_text("utf-8")
    json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def test_what_jupyter_shows_has_no_more_than_text_from_a_text(outputs):
    kinds = set()
    for forms in outputs:
        kinds.add(forms[render.MIME]["kind"])
        html = render.bundle(forms[render.MIME]).get("text/html", "")
        assert list(wrongs(BeautifulSoup(html, "html.parser"))) == []
        assert visible(forms["text/plain"]) == forms["text/plain"]
    assert kinds == KINDS


def test_a_static_picture_has_nothing_but_marks_and_texts(orchard):
    pictures = [found for name in PAGES for found in page(orchard, name).select(".cb-static > div")]
    assert len(pictures) == 2 * (1 + len(GROUPS))
    tags = {"svg", "g", "path", "text", "defs", "clippath", "rect", "tspan", "line"}
    for number, picture in enumerate(pictures):
        assert [element.name for element in picture.find_all(recursive=False)] == ["svg"]
        for element in picture.find_all(True):
            assert element.name in tags
            for name, value in element.attrs.items():
                assert MARK not in str(value) or name in TEXTS, (number, name, value)


@pytest.mark.parametrize("name", PAGES)
def test_a_long_word_makes_no_page_wider_than_a_phone(chromium, address, name):
    with Visit(chromium, address, f"book/{name}.html", size=PHONE) as seen:
        seen.draw_all()
        assert seen.width() <= PHONE["width"]


@pytest.mark.parametrize("name", PAGES)
def test_in_a_browser_no_text_does_anything(chromium, address, name):
    dialogs = []

    def closed(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    def listen(page):
        page.on("dialog", closed)

    with Visit(chromium, address, f"book/{name}.html", before=listen) as seen:
        seen.draw_all()
        texts = list(tooltips(seen))
        assert seen.page.evaluate("window.hacked") is None
        assert (dialogs, seen.foreign(), seen.complaints) == ([], [], [])
    _, hostile, number = name.partition("hostile-")
    if hostile:
        for text, shown in zip(GROUPS[int(number)], texts, strict=True):
            assert shown.startswith(f"image {plain(text)} title {plain(text)}")


def tooltips(seen):
    """What is shown at each bar of the charts: a table of texts."""
    for bar in seen.plots.locator(".cb-live .mark-rect path[aria-label*='Fruit']").all():
        bar.hover()
        tooltip = seen.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert tooltip.locator("*:not(table, tbody, tr, td)").count() == 0
        yield plain(tooltip.inner_text())


ADDRESSES = [(models.Article, "url"), (models.Source, "url"), (models.Source, "archive")]
NO_ADDRESSES = WRITTEN["refused addresses"]


@pytest.mark.parametrize(
    ("model", "field", "address"),
    [
        *((table_models.Link, "path", address) for address in NO_ADDRESSES),
        *((model, field, NO_ADDRESSES[0]) for model, field in ADDRESSES),
    ],
)
def test_an_address_that_is_none_is_refused(model, field, address):
    with pytest.raises(ValidationError) as caught:
        model.model_validate({field: address})
    messages = [error["msg"] for error in caught.value.errors() if error["loc"] == (field,)]
    assert messages == [
        "Value error, expected an address that begins with http:// or https://, or nothing"
    ]


@pytest.mark.parametrize("name", ["roles", "template", "format"])
def test_a_finding_refers_to_its_result_and_to_nothing_else(small, name):
    path = small.claim("apples-half-price")
    claim = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    claim["finding"]["en"] = SHOWN[name]
    path.write_text(json.dumps(claim), "utf-8")
    with pytest.raises(in_process.NotebookError, match=r"finding refers to .* does not have"):
        in_process.run(small, "apples-half-price")


@pytest.mark.parametrize("text", ["x} , url = {javascript:hacked", "\\input{/etc/hostname", "{x"])
def test_a_text_that_ends_its_field_of_bibtex_is_a_fault(small, text):
    path = small.data / "sources.bib"
    source = path.read_text("utf-8").replace("Price list", text)
    path.write_text(source, "utf-8")
    with pytest.raises(DataError, match=r"data/sources\.bib"):
        load(small)


def chart(**changes):
    """A figure, or what it refuses."""
    given = {"title": "t", "axis": "a", "fruit": "f", "field": "fruit", "alt": "x", "note": ""}
    given |= changes
    bars = alt.Chart(pd.DataFrame([{"fruit": given["fruit"], "price": 1.0}])).mark_bar()
    bars = bars.encode(
        x=alt.X("price:Q", title=given["axis"]), y=alt.Y(field=given["field"], type="nominal")
    )
    return Figure(
        bars.properties(title=given["title"]),
        alt=given["alt"],
        sources=[{"source": "price-list", "title": "Price list"}],
        note=given["note"],
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("field", SHOWN["attribute"]),
        ("field", "x' + hacked + '"),
        ("field", "x\\"),
        ("axis", SHOWN["backslashes"]),
        ("axis", "two\nlines"),
    ],
)
def test_a_chart_refuses_names_that_would_be_read_as_code(field, text):
    with pytest.raises(ValueError, match=r"expected a text without (quotes, )?backslashes"):
        chart(**{field: text})


def test_a_path_to_a_field_may_have_points_and_brackets():
    assert chart(field="a\\.b\\[0\\]").payload()


@pytest.mark.parametrize("address", ["href", "url"])
def test_a_chart_refuses_links_and_pictures(address):
    shown = pd.DataFrame([{"fruit": "https://hacked.invalid/x.png", "price": 1.0}])
    marks = alt.Chart(shown).mark_image().encode(**{address: "fruit:N"}).properties(title="t")
    with pytest.raises(ValueError, match=f"expected no address in it, found '{address}'"):
        Figure(marks, alt="x", sources=[{"source": "price-list"}])


@pytest.fixture
def command(small, monkeypatch):
    """A command on the small project, as a terminal shows it."""
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        return CliRunner().invoke(cli.main, arguments, color=True).output

    return invoke


def test_a_terminal_shows_the_title_of_a_reading_as_it_stands(small, command):
    edit_code(small, "List price", "[red]List[/red] :apple: \\\\[b]")
    shown = command("check", "apples-half-price")
    assert "[red]List[/red] :apple: \\[b]" in shown
    assert visible(shown) == shown


def test_a_terminal_spells_out_what_a_notebook_computes(small, command):
    edit_code(small, "List price", "\\x1b[31mList")
    assert "\\x1b[31mList" in command("check", "apples-half-price")


def edit_code(project, old, new):
    path = project.notebook("apples-half-price")
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


def bad_id(project):
    path = project.data / "inputs" / "prices.yml"
    entries = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    entries[0] |= {"id": f"x{SEQUENCE}", SEQUENCE: SEQUENCE}
    path.write_text(json.dumps(entries), "utf-8")


def bad_yaml(project):
    project.claim("apples-half-price").write_text(f"code: x\n{SEQUENCE}: [", "utf-8")


def bad_bibtex(project):
    (project.data / "sources.bib").write_text(f"@misc{{x{SEQUENCE}, title = {{x}}}}", "utf-8")


def bad_file_name(project):
    shutil.copy(project.notebook("apples-half-price"), project.notebooks / f"x{SEQUENCE}.ipynb")


def bad_ledger(project):
    row = [SEQUENCE, *[""] * (len(ledger.COLUMNS) - 1)]
    project.ledger.write_text(f"{','.join(ledger.COLUMNS)}\n{','.join(row)}\n", "utf-8")


def bad_error(project):
    edit_code(project, "claim.verdict()", f"raise ValueError({SEQUENCE!r})")


def bad_title(project):
    edit_code(project, "List price", SEQUENCE)


@pytest.mark.parametrize(
    "harm", [bad_id, bad_yaml, bad_bibtex, bad_file_name, bad_ledger, bad_error, bad_title]
)
def test_no_message_of_a_check_moves_the_cursor(small, command, harm):
    harm(small)
    shown = command("check")
    assert visible(shown) == shown
    assert "\\x1b[31m" in shown or "U+" in shown


def test_the_error_of_a_notebook_that_a_kernel_ran_moves_no_cursor(small, command):
    bad_error(small)
    shown = command("accept")
    assert "ValueError" in shown
    assert visible(shown) == shown


def test_the_colours_of_an_error_are_left_out_and_not_spelt_out(small, command, monkeypatch):
    # Kernels that are forked from ours have none.
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
    edit_code(small, "claim.verdict()", "raise ValueError('x')")
    shown = command("accept")
    assert "ValueError: x" in shown
    assert "\\x1b" not in shown
