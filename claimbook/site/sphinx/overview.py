"""Directives `counts`, `strips` and `legend`: all statements at a glance, and what marks mean."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from claimbook import rule
from claimbook.notebook import html
from claimbook.site import tally
from claimbook.site.sphinx import late, records, statements
from claimbook.site.sphinx.claim_page import PACKAGE


class Sentence(late.Late):
    """The place of the counts."""


class Strip(late.Late):
    """The place of the squares."""


def language(text: str) -> str:
    """Option of directives that write in English or in Vietnamese."""
    return str(directives.choice(text, ("en", "vi")))


class Counts(SphinxDirective):
    """How many statements there are, and what they came to, in one sentence."""

    option_spec: ClassVar[OptionSpec] = {"lang": language}

    def run(self) -> list[nodes.Node]:
        """Leave a place for the sentence."""
        records.page(self.env, self.env.docname).shows.add(records.ALL)
        node = Sentence(lang=self.options.get("lang", "en"))
        self.set_source_info(node)
        return [node]


class Strips(SphinxDirective):
    """For each article a square for each of its statements, in the order of its text."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the squares."""
        records.page(self.env, self.env.docname).shows.add(records.ALL)
        node = Strip()
        self.set_source_info(node)
        return [node]


class Legend(SphinxDirective):
    """What each verdict means, in a line."""

    option_spec: ClassVar[OptionSpec] = {"lang": language}

    def run(self) -> list[nodes.Node]:
        """Write the list; it needs nothing from other pages."""
        lang = self.options.get("lang", "en")
        records.page(self.env, self.env.docname)
        verdicts = [
            (word, tally.MEANINGS_VI[word] if lang == "vi" else found.meaning)
            for word, found in rule.VERDICTS.items()
        ]
        written = html.render_template(
            "legend.html", PACKAGE, lang=lang, verdicts=verdicts, flags=tally.FLAGS[lang]
        )
        return late.raw(written)


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("counts", Counts)
    app.add_directive("strips", Strips)
    app.add_directive("legend", Legend)
    app.connect("doctree-resolved", late.resolver(Sentence, _render_counts))
    app.connect("doctree-resolved", late.resolver(Strip, _render_strips))


def _render_counts(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    found = statements.stories(app)
    verdicts = [verdict for story in found for verdict in story.verdicts]
    said = tally.sentence(verdicts, sum(story.waiting for story in found), node["lang"])
    return [nodes.paragraph("", said, classes=["cb-counted"])]


def _render_strips(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    shown = [
        {
            "article": story.article,
            "href": app.builder.get_relative_uri(docname, story.docname) if story.docname else "",
            "checked": len(story.verdicts),
            "rows": [statements.row(app, docname, story, found) for found in story.statements],
        }
        for story in statements.stories(app)
    ]
    return late.raw(html.render_template("strips.html", PACKAGE, stories=shown))
