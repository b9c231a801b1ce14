"""Directive `findings`: chosen claims, or all, each with verdict, title and finding."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from claimbook.notebook import html
from claimbook.site.sphinx import late, records, scoreboard

logger = logging.getLogger(__name__)


class List(late.Late):
    """The place of the list."""


def _language(text: str) -> str:
    return str(directives.choice(text, ("en", "vi")))


class Findings(SphinxDirective):
    """The claims named in the content, one a line; without content all of them."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {"lang": _language}

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
    known = {found.slug: found for found in records.entries(app.env)}
    for slug in node["slugs"]:
        if slug not in known:
            logger.warning("findings: no claim %r on any page", slug, location=node)
    chosen = [known[slug] for slug in node["slugs"] if slug in known]
    rows = [
        {
            "verdict": found.result["verdict"],
            "href": app.builder.get_relative_uri(docname, found.docname),
            "title": found.verdict["title"],
            "finding": found.verdict["finding"],
        }
        for found in (chosen if node["slugs"] else sorted(known.values(), key=scoreboard.order))
    ]
    return late.raw(html.render_template("findings.html", rows=rows, lang=node["lang"]))
