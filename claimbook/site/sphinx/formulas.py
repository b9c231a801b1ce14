"""Formulas as MathML: browsers draw it themselves, without a script and without another host."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

NAME = "mathml"


def connect(app: Sphinx) -> None:
    """Register the renderer; the configuration chooses it."""
    app.add_html_math_renderer(NAME, (_inline, None), (_block, None))


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    # A formula wider than a phone scrolls by itself.
    translator.body.append('<div class="cb-formula" role="group" tabindex="0">')
    translator.body.append(convert(node.astext(), display="block"))
    translator.body.append("</div>\n")
    raise nodes.SkipNode
