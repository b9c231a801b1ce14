"""The head of each page: language, title, description; and the names of the pages beside it."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.config import Config

from claimbook.site.sphinx import freshness, records

THEME = Path(__file__).parents[1] / "templates" / "theme"

_CONTENTS = {"vi": "Nội dung"}

_VIEWPORT = re.compile(r'<meta content="[^"]*" name="viewport" ?/?>|<meta name="viewport"[^>]*>')


def connect(app: Sphinx) -> None:
    """Fill in the head while a page is written, after the theme has had its say."""
    app.connect("config-inited", _add_theme)
    app.connect("html-page-context", _fill, priority=900)


def _add_theme(app: Sphinx, config: Config) -> None:
    config.templates_path = [*config.templates_path, str(THEME)]


def _fill(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    # Sphinx's own layout has the same.
    context["metatags"] = _VIEWPORT.sub("", context.get("metatags", ""))
    if pagename not in app.env.all_docs:
        return
    if "pagetitle" in context:  # the theme prints it as it is
        context["pagetitle"] = escape(context["pagetitle"])
    description = _description(app, pagename)
    if description:
        context["metatags"] += f'\n<meta name="description" content="{escape(description)}">'
    if "lang" in app.env.metadata[pagename]:
        context["language"] = app.env.metadata[pagename]["lang"]
        if context["language"] != app.config.language:
            # The pages beside it, and how the theme names them, are in the language of the book.
            context["theme_show_prev_next"] = False
            context["theme_toc_title"] = _CONTENTS.get(context["language"], "")
    verdict = records.look(app.env, pagename).verdict
    if verdict:
        context["title"] = f"{context['title']} ({verdict['result']['verdict']})"
    elif context["title"] == context["docstitle"]:
        context["docstitle"] = ""  # it would stand there twice
    _, before, after = app.env.collect_relations().get(pagename, (None, None, None))
    for side, docname in (("prev", before), ("next", after)):
        if name := _name(app, docname):
            context[f"{side}_title"] = escape(name)  # the theme prints it as it is
            context[side] = {**context[side], "title": ""}


def _name(app: Sphinx, docname: str | None) -> str:
    """How the foot of a page names the one beside it: of a claim what it is about."""
    for found in records.entries(app.env):
        if found.docname == docname:
            return f"{found.label[:1].upper()}{found.label[1:]}"
    article = records.look(app.env, docname).article if docname else ""
    data = freshness.registry(app)
    if data and article in data.articles:
        return data.articles[article].label
    return "Front page" if docname == app.config.root_doc else ""


def _description(app: Sphinx, pagename: str) -> str:
    """The page's own description, else verdict and finding of its claim, else that of the site."""
    own = app.env.metadata[pagename].get("description", "")
    verdict = records.look(app.env, pagename).verdict
    finding = ""
    if verdict:
        word = verdict["result"]["verdict"]
        finding = f"{word[:1].upper()}{word[1:]}: {verdict['finding']['en']}"
    return str(own or finding or app.config.claimbook_description)
