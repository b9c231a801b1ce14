"""Directive `articles`: the news stories, from `data/articles.yml`."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.base.paths import Project
from claimbook.data import registry
from claimbook.notebook import html
from claimbook.site.sphinx import late, records


class Articles(SphinxDirective):
    """One entry per article: who published it, when, and what it is about."""

    def run(self) -> list[nodes.Node]:
        """Write the list; it needs nothing from other pages."""
        # Recorded, so that the page is read again when the data changes.
        records.page(self.env, self.env.docname)
        root = Path(self.env.srcdir, self.config.claimbook_root)
        found = registry.load(Project(root.resolve())).articles
        return late.raw(html.render_template("articles.html", articles=list(found.values())))


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("articles", Articles)
