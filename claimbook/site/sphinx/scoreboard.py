"""Directive `scoreboard`: all checked statements in a table that can be searched and filtered."""

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook import rule
from claimbook.notebook import html
from claimbook.site.sphinx import late, records, statements
from claimbook.site.sphinx.claim_page import PACKAGE

SCRIPT = "board.js"


class Board(late.Late):
    """The place of the table."""


class Scoreboard(SphinxDirective):
    """A table of all claims, complete without scripts; one of ours searches and filters it."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the table."""
        page = records.page(self.env, self.env.docname)
        page.shows.add(records.ALL)
        page.board = True
        node = Board()
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive, and the script for the pages that have a table."""
    app.add_directive("scoreboard", Scoreboard)
    app.connect("doctree-resolved", late.resolver(Board, _render))
    app.connect("html-page-context", _add_script)


def _add_script(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    if records.look(app.env, pagename).board:
        app.add_js_file(SCRIPT, loading_method="defer")


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    stories = [story for story in statements.stories(app) if story.verdicts]
    rows = [
        statements.row(app, docname, story, found)
        for story in stories
        for found in story.statements
        if found.entry
    ]
    tally = Counter(row["verdict"] for row in rows)
    ranks = {word: number for number, word in enumerate(rule.VERDICTS)}
    written = html.render_template(
        "scoreboard.html",
        PACKAGE,
        rows=rows,
        ranks=ranks,
        counts=[(word, tally[word]) for word in rule.VERDICTS if tally[word]],
        articles=[story.article for story in stories],
    )
    return late.raw(written)
