"""Pictures of charts: drawn when a page is written, and kept until the chart changes."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from claimbook.base.files import replace_all
from claimbook.notebook import html
from claimbook.notebook.charts import picture
from claimbook.run import dependencies

_MOST_SOURCES = 3  # named in a picture to take away


def drawn(
    app: Sphinx, docname: str, spec: Mapping[str, Any], payload: Mapping[str, Any], name: str
) -> html.Drawing:
    """The pictures of a chart; the one to take away is written beside its page.

    Args:
        app: the build.
        docname: of the page that it stands on.
        spec: the chart.
        payload: what the figure says beside it.
        name: id of the figure on its page.

    Raises:
        ValueError: it cannot be drawn.
    """
    lines = [_sources(payload["sources"]), _address(app, docname)]
    asked = [spec, payload["alt"], name, lines]
    content = json.dumps(
        [*asked, dependencies.package(), version("vl-convert-python")], sort_keys=True
    )
    kept = _folder(app) / f"{hashlib.sha256(content.encode()).hexdigest()}.json"
    if not kept.is_file():
        made = picture.for_site(spec, payload["alt"], name=name, lines=lines)
        text = json.dumps(asdict(made) | {"png": base64.b64encode(made.png).decode()})
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_all(kept.parent, {kept: text})
    found = json.loads(kept.read_text(encoding="utf-8"))
    page = Path(app.outdir, docname)
    download = f"{page.name}-{name}.png"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_name(download).write_bytes(base64.b64decode(found["png"]))
    return html.Drawing(name=name, svgs=found["svgs"], specs=found["specs"], download=download)


def connect(app: Sphinx) -> None:
    """Serve the font that pictures are drawn with, for charts that are drawn in the browser."""
    app.connect("config-inited", _serve_font)


def _sources(sources: Sequence[Mapping[str, Any]]) -> str:
    named = list(dict.fromkeys(source["title"] or source["source"] for source in sources))
    more = len(named) - _MOST_SOURCES
    return (
        f"Source{'s' if len(named) > 1 else ''}: {'; '.join(named[:_MOST_SOURCES])}"
        f"{f'; and {more} more' if more > 0 else ''}"
    )


def _address(app: Sphinx, docname: str) -> str:
    """The site and where on it the page stands."""
    base = app.config.html_baseurl
    address = app.builder.get_target_uri(docname)
    whole = f"{base.rstrip('/')}/{address}" if base else address
    return f"{app.config.html_title}: {whole}"


def _serve_font(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(picture.FONTS))


def _folder(app: Sphinx) -> Path:
    """Beside the other folders that a build keeps."""
    return Path(app.doctreedir).parent / ".pictures"
