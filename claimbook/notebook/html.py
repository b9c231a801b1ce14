"""Payloads as HTML: the one place where texts become markup, which the templates escape."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimbook import rule
from claimbook.notebook import mathml
from claimbook.notebook.payloads import Payload, amount, complete
from claimbook.verdicts import whatif

Part = Literal["all", "readings"]

OWN = "claimbook.notebook"

_SHORT = 12  # letters that a table cell keeps on one line

_CHECK_WORDS = {"+": "passes", "-": "fails", "?": "undecided"}

# What a witness says, as a shape and as the outcome whose colour it has.
_SAYS = {
    "supports": ("✓", "consistent"),
    "contradicts": ("✗", "not-consistent"),
    "silent": ("○", "context"),
}

_OUTCOME_ICONS = {"consistent": "✓", "not consistent": "✗", "undecided": "?"}


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
    """A chart as `charts.picture` made it for the site.

    Attributes:
        name: its id on its page.
        svgs: the pictures by the width they are for; they become part of the page as they are.
        specs: the specifications to draw in the browser, by the same names.
        download: address of the picture to take away, relative to the page.
    """

    name: str
    svgs: Mapping[str, str]
    specs: Mapping[str, Any]
    download: str


_AT_COMMIT = re.compile(
    r"file in repository (?P<repository>\S+) at commit (?P<commit>[0-9a-f]{40}), (?P<path>\S.*)$"
)

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
    "misattributed": "dẫn sai nguồn",
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
        part: of a verdict, the tables of readings alone, or all of it.
        drawing: of a figure, its pictures and specifications.

    Raises:
        jinja2.UndefinedError: the payload lacks a field that its kind needs.
        jinja2.TemplateNotFound: no such kind.
    """
    kind = payload["kind"]
    context: dict[str, Any] = {
        "p": complete(payload),
        "site": site,
        "part": part,
        "drawing": drawing,
    }
    if kind == "figure":
        context["columns"], context["rows"] = _figure_table(context["p"])
        context["pictures"] = (
            {key: Markup(svg) for key, svg in drawing.svgs.items()} if drawing else {}
        )
    return render_template(f"{kind}.html", **context)


def render_template(name: str, package: str = OWN, **context: Any) -> str:
    """Render a template, for the fragments that have no payload.

    Args:
        name: its name.
        package: whose it is; its templates may use the pieces of this one's.
        context: its variables.
    """
    text = _environment(package).get_template(name).render(**context)
    # Blank lines would end an HTML block if the fragment is ever read as Markdown.
    return "\n".join(line for line in text.splitlines() if line.strip())


def render_whatif(moves: Mapping[str, Any] | None, *, lang: Literal["en", "vi"] = "en") -> str:
    """Render the block in which readers move numbers, which a script of the site brings to life.

    Args:
        moves: the field `whatif` of a verdict's payload; None where nothing can be moved.
        lang: in which names, units and numbers are written.

    Returns:
        The block, hidden until the script shows it; empty where there is none.
    """
    if moves is None:
        return ""
    words = {
        "verdicts": {word: verdict_view(word) for word in rule.VERDICTS},
        "outcomes": {letter: _outcome_view(word) for letter, word in whatif.OUTCOMES.items()},
        "checks": _CHECK_WORDS,
    }
    return render_template("whatif.html", w=moves, lang=lang, words=words)


def compile_templates() -> None:
    """Compile every template now, for processes that are forked from this one."""
    environment = _environment(OWN)
    for name in environment.list_templates():
        environment.get_template(name)


def _outcome_view(word: str) -> dict[str, str]:
    return {"word": word, "icon": _OUTCOME_ICONS[word], "slug": word.replace(" ", "-")}


def _says_view(word: str) -> dict[str, str]:
    icon, slug = _SAYS[word]
    return {"icon": icon, "slug": slug}


def _web_address(url: str) -> str:
    """The address if it is one a browser should follow, else nothing."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def _date(text: str) -> str:
    """A day as people write it; other texts, such as a year or a week, as they are."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def _host(url: str) -> str:
    """Name of the machine in an address."""
    return urlsplit(url).hostname or ""


def source_address(citation: Mapping[str, Any]) -> str:
    """Where a source was seen, at its depth: the file at its commit, where both are known."""
    found = _AT_COMMIT.search(citation["seen"])
    url = _web_address(citation["url"])
    if found and url == f"https://github.com/{found['repository']}":
        return f"{url}/blob/{found['commit']}/{quote(found['path'])}"
    return url


def _formula(found: Mapping[str, Any]) -> Markup:
    """The sum of a reading as MathML, which is escaped where it is made."""
    numbers = {term["ref"]: term["text"] for term in found["en"] if term["ref"]}
    return Markup(mathml.formula(found["trees"], numbers))


def _on_edge(reading: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether a reading has nothing to spare: an end of it is an end of what is accepted."""
    if reading["outcome"] != "consistent" or part["comparator"] == "exactly":
        return False
    low, high = reading["low"], reading["high"]
    band = part["band"]
    if not band or low is None or reading["margin"]:
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


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, OWN))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "used_for": _USES.__getitem__,
        "amount": amount,
        "classes": _column_classes,
        "date": _date,
        "flag_vi": _flag_vi,
        "host": _host,
        "formula": _formula,
        "outcome": _outcome_view,
        "says_view": _says_view,
        "source_address": source_address,
        "verdict": verdict_view,
        "web": _web_address,
    }
    environment.tests["edge"] = _on_edge
    return environment
