"""Directive `article`: a news story with all its statements, in the order of its text."""

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimbook.notebook import html
from claimbook.site import tally
from claimbook.site.sphinx import late, records, statements
from claimbook.site.sphinx.claim_page import PACKAGE

logger = logging.getLogger(__name__)


class Annotated(late.Late):
    """The place of the statements."""


class Article(SphinxDirective):
    """What is known of the article with the id that is given, and what it states."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, object]] = {}

    def run(self) -> list[nodes.Node]:
        """Leave a place for the statements."""
        page = records.page(self.env, self.env.docname)
        page.shows.add(records.ALL)
        page.article = self.arguments[0]
        node = Annotated(article=self.arguments[0])
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("article", Article)
    app.connect("doctree-resolved", late.resolver(Annotated, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    told = {story.article.id: story for story in statements.stories(app)}
    story = told.get(node["article"])
    if story is None:
        known = ", ".join(told)
        logger.warning(
            "article: expected one of %s, found %r", known, node["article"], location=node
        )
        return []
    written = html.render_template(
        "article.html",
        PACKAGE,
        article=story.article,
        counted=tally.sentence(story.verdicts, story.waiting),
        rows=[statements.row(app, docname, story, found) for found in story.statements],
    )
    return late.raw(written)
