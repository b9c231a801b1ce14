"""The head of each page: its language and its description."""

from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx

from claimbook.site.sphinx import records


def connect(app: Sphinx) -> None:
    """Fill in the head while a page is written, after the theme has had its say."""
    app.connect("html-page-context", _fill, priority=900)


def _fill(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    if pagename not in app.env.all_docs:
        return
    if "pagetitle" in context:  # the theme prints it as it is
        context["pagetitle"] = escape(context["pagetitle"])
    description = _description(app, pagename)
    if description:
        context["metatags"] += f'\n<meta name="description" content="{escape(description)}">'
    if "lang" in app.env.metadata[pagename]:
        context["language"] = app.env.metadata[pagename]["lang"]


def _description(app: Sphinx, pagename: str) -> str:
    """The page's own description, else the finding of its claim, else that of the site."""
    own = app.env.metadata[pagename].get("description", "")
    verdict = records.look(app.env, pagename).verdict
    finding = verdict["finding"]["en"] if verdict else ""
    return str(own or finding or app.config.claimbook_description)
