"""Directive `verdict-card`: the verdict right under the title, before the cell that computes it."""

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimbook.notebook import render
from claimbook.site.sphinx import late, records

logger = logging.getLogger(__name__)


class Card(late.Late):
    """The place of a card."""


class VerdictCard(SphinxDirective):
    """The card of the claim named, or of the page's only claim."""

    optional_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Leave a place for the card."""
        slug = self.arguments[0] if self.arguments else ""
        records.page(self.env, self.env.docname).cards.add(slug)
        node = Card(slug=slug)
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("verdict-card", VerdictCard)
    app.connect("doctree-resolved", late.resolver(Card, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    page = records.look(app.env, docname)
    slug = node["slug"]
    if not slug and len(page.verdicts) == 1:
        slug = next(iter(page.verdicts))
    if slug not in page.verdicts:
        expected = ", ".join(page.verdicts) or "none"
        logger.warning(
            "verdict-card %r: expected a claim of this page (%s)", slug, expected, location=node
        )
        return []
    html = render.render_html(page.verdicts[slug], late.site(app, docname), part="card")
    return late.raw(html)
