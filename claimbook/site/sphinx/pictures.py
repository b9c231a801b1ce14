"""Static pictures of charts: drawn when a page is written, and kept until the chart changes."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from claimbook.base.files import replace_all
from claimbook.notebook.charts import picture
from claimbook.run import dependencies


def drawn(app: Sphinx, spec: Mapping[str, Any], alt: str) -> str:
    """The picture of a chart as SVG.

    Raises:
        ValueError: it cannot be drawn.
    """
    content = json.dumps(
        [spec, alt, dependencies.package(), version("vl-convert-python")], sort_keys=True
    )
    kept = _folder(app) / f"{hashlib.sha256(content.encode()).hexdigest()}.svg"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_all(kept.parent, {kept: picture.draw(spec, alt)})
    return kept.read_text(encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Serve the font that pictures are drawn with, for charts that are drawn in the browser."""
    app.connect("config-inited", _serve_font)


def _serve_font(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(picture.FONTS))


def _folder(app: Sphinx) -> Path:
    """Beside the other folders that a build keeps."""
    return Path(app.doctreedir).parent / ".pictures"
