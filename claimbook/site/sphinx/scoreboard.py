"""Directive `scoreboard`: all claims with their verdicts, in the articles' order."""

import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook import rule
from claimbook.notebook import html
from claimbook.site.sphinx import late, records


class Board(late.Late):
    """The place of the table."""


class Scoreboard(SphinxDirective):
    """A table of all claims, with the number of claims per verdict above it."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the table."""
        records.page(self.env, self.env.docname).shows.add(records.ALL)
        node = Board()
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("scoreboard", Scoreboard)
    app.connect("doctree-resolved", late.resolver(Board, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    found = sorted(records.entries(app.env), key=order)
    tally = Counter(entry.result["verdict"] for entry in found)
    written = html.render_template(
        "scoreboard.html",
        counts=[{"verdict": word, "claims": tally[word]} for word in rule.VERDICTS if tally[word]],
        rows=[_row(app, docname, entry) for entry in found],
    )
    return late.raw(written)


def order(entry: records.Entry) -> tuple[str, list[tuple[int, str]]]:
    """Article, then the number of the statement, so that A10 follows A9 and A3b follows A3."""
    article = entry.claim.get("article", {}).get("id", "")
    pieces = re.findall(r"\d+|\D+", entry.claim.get("code", "") or entry.slug)
    return article, [(int(piece), "") if piece.isdigit() else (0, piece) for piece in pieces]


def _row(app: Sphinx, docname: str, entry: records.Entry) -> dict[str, Any]:
    parts = entry.result["parts"]
    return {
        "verdict": entry.result["verdict"],
        "flags": list(dict.fromkeys(flag["flag"] for flag in entry.verdict["flags"])),
        "href": app.builder.get_relative_uri(docname, entry.docname),
        "title": entry.verdict["title"]["en"],
        "parts": [
            {
                "label": part["label"]["en"] if len(parts) > 1 else "",
                "stated": part["stated_text"],
                "recomputed": part["recomputed_text"],
                "verdict": part["verdict"],
            }
            for part in parts
        ],
        "article": entry.claim.get("article", {}).get("label", ""),
    }
