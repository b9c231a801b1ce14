"""Nodes whose content is known only when every page has been read."""

from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx

from claimbook.notebook import html

Render = Callable[[Sphinx, "Late", str], list[nodes.Node]]


class Late(nodes.General, nodes.Element):  # type: ignore[misc]
    """A place in a page; what stands there is decided after reading."""


def site(app: Sphinx, docname: str) -> html.Site:
    """Link targets as seen from one page."""
    sources = app.config.claimbook_sources
    if sources not in app.env.all_docs:
        return html.Site()
    return html.Site(sources=app.builder.get_relative_uri(docname, sources))


def raw(html: str) -> list[nodes.Node]:
    """An HTML fragment as nodes; builders of other formats leave it out."""
    return [nodes.raw("", html, format="html")]


def resolver(kind: type[Late], render: Render) -> Callable[[Sphinx, nodes.document, str], None]:
    """Make the handler that puts the rendered content into every place of one kind."""

    def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
        for node in list(doctree.findall(kind)):
            node.replace_self(render(app, node, docname))

    return resolve
