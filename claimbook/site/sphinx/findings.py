"""Directive `findings`: chosen claims, or all, each with what it came to and its verdict."""

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from claimbook.notebook import html
from claimbook.site.sphinx import late, overview, records, statements
from claimbook.site.sphinx.claim_page import PACKAGE

logger = logging.getLogger(__name__)


class List(late.Late):
    """The place of the list."""


class Findings(SphinxDirective):
    """The claims named in the content, one a line; without content all of them."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {"lang": overview.language}

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        slugs = [line.strip() for line in self.content if line.strip()]
        records.page(self.env, self.env.docname).shows.update(slugs or {records.ALL})
        node = List(slugs=slugs, lang=self.options.get("lang", "en"))
        self.set_source_info(node)
        return [node]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("findings", Findings)
    app.connect("doctree-resolved", late.resolver(List, _render))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    known = {
        found.slug: found.entry
        for story in statements.stories(app)
        for found in story.statements
        if found.entry
    }
    for slug in node["slugs"]:
        if slug not in known:
            logger.warning("findings: no claim %r on any page", slug, location=node)
    chosen = [known[slug] for slug in node["slugs"] or known if slug in known]
    rows = [statements.checked(app, docname, entry) for entry in chosen]
    name = "findings_vi.html" if node["lang"] == "vi" else "findings.html"
    return late.raw(html.render_template(name, PACKAGE, rows=rows))
