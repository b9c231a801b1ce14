"""`_config.yml`: each of its settings reaches the build, and dollars in prose stay money."""

import copy
import re
import shutil
from pathlib import Path

import pytest
import yaml
from jupyter_book.config import get_final_config, yaml_to_sphinx
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from places import ROOT, SITES
from small_sites import build, page, write_notebook

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))


def settings(part, path=()):
    """The path of every value in a part of the configuration."""
    if not isinstance(part, dict):
        return [path]
    return [found for key in part for found in settings(part[key], (*path, key))]


def outcome(config):
    """What Jupyter Book makes of a configuration, or its complaint."""
    try:
        return yaml_to_sphinx(config)[:2]
    except Exception as error:
        return repr(error)


def replaced(path, value):
    """The configuration with another value at one place."""
    config = copy.deepcopy(CONFIG)
    *above, last = path
    part = config
    for key in above:
        part = part[key]
    part[last] = value
    return config


def test_jupyter_book_hands_on_every_setting():
    before = outcome(copy.deepcopy(CONFIG))
    ignored = [
        ".".join(path)
        for path in settings(CONFIG)
        if outcome(replaced(path, ["another value"])) == before
    ]
    assert not ignored


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    """Sphinx with the configuration of the book, and with its contents and sources."""
    root = tmp_path_factory.mktemp("configured")
    for name in ("_config.yml", "_toc.yml", "book", "data"):
        copy_of = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy_of(ROOT / name, root / name)
    contents = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    found, _ = get_final_config(user_yaml=root / "_config.yml", cli_config=contents, sourcedir=root)
    folders = (root, None, root / "html", root / "doctrees")
    with docutils_namespace():
        return Sphinx(*folders, "html", confoverrides=found, status=None, warning=None)


def test_sphinx_knows_every_setting_and_has_its_value(configured):
    wanted = dict(CONFIG["sphinx"]["config"])
    assert set(wanted.pop("extensions")) <= configured.extensions.keys()
    config = configured.config
    assert not [name for name in wanted if name not in config]
    for name in ("html_static_path", "html_context"):  # others add theirs
        assert set(wanted.pop(name)) <= set(config[name])
    options = wanted.pop("html_theme_options")
    assert options == {name: config["html_theme_options"].get(name) for name in options}
    for name in ("html_css_files", "html_js_files"):  # Sphinx adds attributes
        files = [file if isinstance(file, str) else file[0] for file in wanted.pop(name)]
        assert set(files) <= {file for file, _ in config[name]}
    assert wanted == {name: config[name] for name in wanted}


MONEY = [
    "from $0.55 to $2.19 for tokens",
    "those earning $25,000 to $34,000 pay tax",
    "between $5 and $6 million, or $7",
    "**$60** against **$2.19**",
    "$1.6B, with a considerable cost of $944M",
    "in US$ or NT$, $10s of millions",
    "prices in $/GPU and $/hour, from ~$2",
    "từ $0,55 đến $2,19 cho mỗi triệu token",
]
FORMULAS = ["$V$", "$3dm\\,E + R$", "$2n$", "$L_0 \\cdot 3df$", "$\\text{end} - 3\\ \\text{years}$"]


@pytest.fixture
def small(tmp_path, configured):
    """Builds a small site of one text, as a page and as a notebook, read as the book is."""
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    config = configured.config
    options = {name: config[name] for name in config.values if name.startswith("myst_")}
    options["html_math_renderer"] = config.html_math_renderer

    def built(text):
        (site / "sources.md").write_text(f"# A text\n\n{text}\n", "utf-8")
        write_notebook(site / "claim.ipynb", f"# A text\n\n{text}", code="1 + 1")
        _, warnings = build(site, confoverrides=options)
        return [page(site, name) for name in ("sources", "claim")], warnings

    return built


def test_money_in_prose_is_money_and_formulas_are_formulas(small):
    lines = [f"- {text}" for text in (*MONEY, *FORMULAS)]
    pages, warnings = small("\n".join(lines) + "\n\n$$a + b$$\n")
    assert "formula" not in warnings
    for html in pages:
        assert html.count("<math") == len(FORMULAS) + 1
        text = re.sub("<[^>]*>", "", html)
        for money in MONEY:
            assert money.replace("**", "") in text


@pytest.mark.parametrize("text", ["$5 or 6$ a day", "AU$5m; in US$ terms", "$5 bằng 6$ đô la"])
def test_words_between_dollars_are_a_warning_that_says_how_to_write_money(small, text):
    _, warnings = small(text)
    assert len(re.findall(r"(?:sources\.md|claim\.ipynb).*money is written \\\$", warnings)) == 2
