"""Outputs of ours in notebooks: collected while a page is read, written as HTML later."""

from collections.abc import Mapping
from typing import Any, ClassVar

from docutils import nodes
from jinja2 import TemplateNotFound, UndefinedError
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util import logging

from claimbook.notebook import html, render
from claimbook.site.sphinx import claim_page, late, pictures, records

logger = logging.getLogger(__name__)


class Output(late.Late):
    """One output: its payload; of a figure, its specification and its id on the page."""


class ClaimbookRenderer(MimeRenderPlugin):  # type: ignore[misc]
    """Takes an output of ours as a whole, whatever other forms stand beside it."""

    mime_priority_overrides: ClassVar = [("html", render.MIME, 1)]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Keep the payload; drop the other forms of the same output from the page."""
        env = renderer.renderer.sphinx_env
        if env is None or inline:
            return None
        forms = _forms(renderer, data)
        if render.MIME not in forms:
            return None
        if data.mime_type != render.MIME:
            return []
        payload = forms[render.MIME]
        records.take(env, env.docname, payload)
        spec, name = forms.get(render.VEGA_LITE_MIME), ""
        if spec:
            page = records.page(env, env.docname)
            page.charts += 1
            name = f"chart-{page.charts}"
        return [Output(payload=payload, spec=spec, name=name)]


def connect(app: Sphinx) -> None:
    """Write the collected outputs when pages are written, since links differ by page."""
    app.connect("doctree-resolved", late.resolver(Output, _render))


def _forms(renderer: NbElementRenderer, data: MimeData) -> Mapping[str, Any]:
    """All forms of the output that a piece of MIME data belongs to.

    The renderer is handed one form at a time; the whole output is found in the notebook.
    """
    if data.cell_index is None or data.output_index is None:
        return {}
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    for output in outputs:
        forms: Mapping[str, Any] = output.get("data", {})
        # By identity: two outputs of a cell may hold equal texts.
        if forms.get(data.mime_type) is data.content:
            return forms
    return {}


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    payload = node["payload"]
    part: html.Part = "readings" if claim_page.has_answer(app.env, docname) else "all"
    try:
        drawing = None
        if node["spec"]:
            drawing = pictures.drawn(app, docname, node["spec"], payload, node["name"])
        written = html.render_html(payload, late.site(app, docname), part=part, drawing=drawing)
    except (KeyError, ValueError, TemplateNotFound, UndefinedError) as error:
        logger.warning("output cannot be shown: %s", error, location=node)
        return []
    return late.raw(written)
