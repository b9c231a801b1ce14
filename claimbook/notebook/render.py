"""What readers see: the one place where payloads become HTML and plain text.

A payload is the JSON object of one output (kinds: claim, inputs, table, verdict, sensitivity,
sources, figure). All its texts are plain text; the templates escape every one of them.
"""

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from claimbook import rule
from claimbook.base import formats

MIME = "application/vnd.claimbook+json"
VEGA_LITE_MIME = "application/vnd.vegalite.v6+json"
SVG_MIME = "image/svg+xml"

# Jupyter is given HTML and pictures too, unless the outputs are for a file in git or for the site:
# the one keeps neither, since both follow from the rest, and the other makes its own.
VARIABLE = "CLAIMBOOK_OUTPUTS"
STORED = "stored"

Payload = Mapping[str, Any]
Part = Literal["all", "card", "readings"]

_SHORT = 12  # letters that a table cell keeps on one line
_OUTCOME_ICONS = {"consistent": "✓", "not consistent": "✗", "undecided": "?"}

# Fields a payload may leave out, per kind, and for citations wherever they occur.
_CITATION = {
    "source": "",
    "kind": "",
    "locator": "",
    "quote": "",
    "title": "",
    "author": "",
    "publisher": "",
    "date": "",
    "url": "",
    "seen": "",
    "interest": "",
}
_OPTIONAL: dict[str, dict[str, Any]] = {
    "inputs": {"inputs": [], "tables": []},
    "table": {"note": ""},
    "verdict": {"settle": ""},
    "sensitivity": {},
    "figure": {"note": "", "sources": [], "rows": [], "columns": []},
}


@dataclass(frozen=True)
class Site:
    """Where links lead on the page being written.

    Attributes:
        sources: address of the page of sources, relative to this page, without a fragment;
            empty where there is none.
    """

    sources: str = ""

    def source_href(self, key: str) -> str:
        """Address of one source's entry, or nothing without a page of sources."""
        return f"{self.sources}#source-{key}" if self.sources else ""


@dataclass(frozen=True)
class Drawing:
    """The two forms of a chart: a static picture and a Vega-Lite specification.

    Attributes:
        svg: the static picture as SVG text; empty if there is none.
        spec: the specification to draw in the browser; None for the picture alone.
    """

    svg: str = ""
    spec: Mapping[str, Any] | None = field(default=None)

    @property
    def address(self) -> str:
        """The picture as a data address, so that ids inside it cannot clash on a page."""
        if not self.svg:
            return ""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


# What inputs are used for, as the heading of a group of them.
_USES = {
    "readings": "Used by the readings",
    "checks": "Used by checks",
    "context": "For context",
    "prose": "For the text",
    "tables and charts": "For tables and charts",
}

# Flags in Vietnamese; in English their names say it.
_FLAGS_VI = {
    "misattributed": "gán nhầm nguồn",
    "mistranslated": "dịch sai",
    "missing-context": "thiếu bối cảnh",
}


def _flag_vi(flag: str) -> str:
    return _FLAGS_VI.get(flag, flag)


def verdict_view(word: str) -> dict[str, str]:
    """Word in both languages, icon and class name of a verdict.

    Raises:
        KeyError: no such verdict in the rule.
    """
    verdict = rule.VERDICTS[word]
    return {"en": word, "vi": verdict.vi, "icon": verdict.icon, "slug": word.replace(" ", "-")}


def render_html(
    payload: Payload,
    site: Site | None = None,
    *,
    part: Part = "all",
    drawing: Drawing | None = None,
) -> str:
    """Render a payload as an HTML fragment.

    Args:
        payload: what a cell emitted.
        site: link targets on the site; None in Jupyter, where sources link to their address.
        part: of a verdict, the card, the tables of readings, or all of it.
        drawing: of a figure, its picture and specification.

    Raises:
        jinja2.UndefinedError: the payload lacks a field that its kind needs.
        jinja2.TemplateNotFound: no such kind.
    """
    kind = payload["kind"]
    context: dict[str, Any] = {
        "p": _complete(payload),
        "site": site,
        "part": part,
        "image": drawing.address if drawing else "",
        "spec": drawing.spec if drawing else None,
    }
    if kind == "figure":
        context["columns"], context["rows"] = _figure_table(context["p"])
    return render_template(f"{kind}.html", **context)


def render_template(name: str, **context: Any) -> str:
    """Render one of the package's templates, for the fragments that have no payload."""
    text = _environment().get_template(name).render(**context)
    # Blank lines would end an HTML block if the fragment is ever read as Markdown.
    return "\n".join(line for line in text.splitlines() if line.strip())


def compile_templates() -> None:
    """Compile every template now, for processes that are forked from this one."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def render_text(payload: Payload) -> str:
    """One to a few lines of plain text that say the same, stable between runs."""
    return _TEXTS[payload["kind"]](_complete(payload))


def for_jupyter() -> bool:
    """Whether outputs are to have the forms that Jupyter shows, or only those that files keep."""
    return os.environ.get(VARIABLE) != STORED


def bundle(payload: Payload) -> dict[str, Any]:
    """The MIME bundle of a payload: the data itself, plain text, and HTML where it is shown.

    A figure has no HTML, because Jupyter prefers it to pictures and would show the chart's data
    instead of the chart.
    """
    forms: dict[str, Any] = {MIME: dict(payload)}
    if payload["kind"] != "figure" and for_jupyter():
        forms["text/html"] = render_html(payload)
    forms["text/plain"] = render_text(payload)
    return forms


def _complete(payload: Payload) -> dict[str, Any]:
    """Fill the optional fields, so that a missing needed one is an error and not a blank."""
    full = _OPTIONAL.get(payload["kind"], {}) | dict(payload)
    return {key: _with_citations(value) for key, value in full.items()}


def _with_citations(value: Any) -> Any:
    """Copy a value, giving every citation in it all the fields of a citation."""
    if isinstance(value, Mapping):
        copy = {key: _with_citations(inner) for key, inner in value.items()}
        return _CITATION | copy if "source" in copy else copy
    if isinstance(value, list):
        return [_with_citations(inner) for inner in value]
    return value


def _outcome_view(word: str) -> dict[str, str]:
    return {"word": word, "icon": _OUTCOME_ICONS[word], "slug": word.replace(" ", "-")}


def _web_address(url: str) -> str:
    """The address if it is one a browser should follow, else nothing."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def _number_text(text: str) -> str:
    """Group the thousands of a number written in data; other texts stay as they are."""
    try:
        return f"{Decimal(text):,}"
    except InvalidOperation:
        return text


def _amount(item: Mapping[str, Any]) -> str:
    """Value and range of an input, with its unit."""
    text = _number_text(item["value"])
    if item["low"] and item["high"]:
        span = f"{_number_text(item['low'])} to {_number_text(item['high'])}"
        text = f"{text} ({span})" if text else span
    return formats.with_unit(text, item["unit"]) if text else ""


def _on_edge(reading: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether a reading is consistent by nothing: an end of it is an end of what is accepted."""
    if reading["outcome"] != "consistent" or part["comparator"] == "exactly":
        return False
    low, high = reading["low"], reading["high"]
    band = part["band"]
    if not band or low is None:
        return False
    inside = (band[0] is None or low >= band[0]) and (band[1] is None or high <= band[1])
    return inside and bool({low, high} & {border for border in band if border is not None})


def _figure_table(payload: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[list[str]]]:
    """The columns and the formatted cells of a figure's data."""
    rows = payload["rows"]
    columns = []
    for index, column in enumerate(payload["columns"]):
        given = {"name": column} if isinstance(column, str) else dict(column)
        numeric = any(isinstance(row[index], int | float) for row in rows)
        columns.append({"unit": "", "align": "right" if numeric else "left"} | given)
    return columns, [[_cell(value) for value in row] for row in rows]


def _column_classes(columns: list[dict[str, str]], rows: list[list[str]]) -> list[str]:
    """Class names of the cells by column: numbers align, dates and codes stay on one line."""
    lengths = [max((len(row[index]) for row in rows), default=0) for index in range(len(columns))]
    return [
        "cb-num" if column["align"] == "right" else "cb-short" if length <= _SHORT else "cb-text"
        for column, length in zip(columns, lengths, strict=True)
    ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    # Years are numbers too, and nobody writes 2,024.
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _claim_text(p: dict[str, Any]) -> str:
    claim = p["claim"]
    who = f"{claim['claimant']}, in {claim['article']['label']}"
    return f"“{claim['quote']}”\n“{claim['english']}” ({who})"


def _inputs_text(p: dict[str, Any]) -> str:
    lines = [f"{item['id']} = {_amount(item)} ({item['as_of']})" for item in p["inputs"]]
    lines += [f"{table['id']}: table, {table['rows']} rows" for table in p["tables"]]
    return "\n".join(lines)


def _verdict_text(p: dict[str, Any]) -> str:
    lines = [f"{p['result']['claim']}: {p['result']['verdict']}"]
    for part in p["result"]["parts"]:
        given = [part["verdict"]]
        if part["stated_text"]:
            given.append(f"stated {part['stated_text']}")
        if part["recomputed_text"]:
            given.append(f"recomputed {part['recomputed_text']}")
        lines.append(f"{part['id']}: {', '.join(given)}")
        lines += [
            f"  {reading['id']} ({reading['role']}): {reading['text']}"
            + (f", {reading['outcome']}" if reading["outcome"] else "")
            for reading in part["readings"]
        ]
    return "\n".join(lines)


def _sensitivity_text(p: dict[str, Any]) -> str:
    lines = []
    for reading in p["readings"]:
        lines.append(f"{reading['reading']}: {reading['outcome']}")
        lines += [
            f"  {row['input']} = {row['value']}; "
            f"changes below: {row['below']}; above: {row['above']}"
            for row in reading["rows"]
        ]
    return "\n".join(lines)


def _sources_text(p: dict[str, Any]) -> str:
    return "\n".join(f"{cit['source']}: {cit['title']}" for cit in p["sources"])


_TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "claim": _claim_text,
    "inputs": _inputs_text,
    "table": lambda p: f"{p['caption']} ({len(p['rows'])} rows)",
    "verdict": _verdict_text,
    "sensitivity": _sensitivity_text,
    "sources": _sources_text,
    "figure": lambda p: f"Chart: {p['title']}\n{p['alt']}",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("claimbook.notebook"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "used_for": _USES.__getitem__,
        "amount": _amount,
        "classes": _column_classes,
        "flag_vi": _flag_vi,
        "outcome": _outcome_view,
        "verdict": verdict_view,
        "web": _web_address,
    }
    environment.tests["edge"] = _on_edge
    return environment
