"""Directive `verdict-card`: the verdict right under the title, before the cell that computes it."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimbook.notebook import html
from claimbook.site.sphinx import late, records

logger = logging.getLogger(__name__)


class Card(late.Late):
    """The place of a card."""


class VerdictCard(SphinxDirective):
    """The card of the page's claim."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the card."""
        records.page(self.env, self.env.docname).card = True
        node = Card()
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("verdict-card", VerdictCard)
    app.connect("doctree-resolved", late.resolver(Card, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    verdict = records.look(app.env, docname).verdict
    if verdict is None:
        logger.warning("verdict-card: expected a verdict on this page, found none", location=node)
        return []
    return late.raw(html.render_html(verdict, late.site(app, docname), part="card"))
