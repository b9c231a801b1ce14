"""Formulas as MathML: browsers draw it themselves, without a script and without another host."""

import re

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

NAME = "mathml"
# A formula wider than a phone scrolls by itself.
_BLOCK = '<div class="cb-formula" role="group" tabindex="0">{}</div>\n'

# Words between two dollar signs, such as "5 or 6", but for what stands in braces or is a command.
_WORDS = re.compile(r"(?:^|\s)[^\W\d_]{2,}(?=$|[\s;,.:])")
_COMMANDS = re.compile(r"\\\w+(?:\{[^{}]*\})?")

logger = logging.getLogger(__name__)


def connect(app: Sphinx) -> None:
    """Register the renderer; the configuration chooses it."""
    app.add_html_math_renderer(NAME, (_inline, None), (_block, None))


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    if _WORDS.search(_COMMANDS.sub("", node.astext())):
        message = "formula: expected no words outside \\text{}, found %r; money is written \\$"
        logger.warning(message, node.astext(), location=node)
    translator.body.append(_mathml(node, as_block=False))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(_BLOCK.format(_mathml(node, as_block=True)))
    raise nodes.SkipNode


def _mathml(node: nodes.Element, *, as_block: bool) -> str:
    try:
        return str(tex2mathml(node.astext(), as_block=as_block))
    except (MathError, AttributeError) as error:  # the second for a stray sign such as &
        logger.warning("formula cannot be shown: %s", error, location=node)
        return ""
