"""A book of two claims that builds in seconds, free to be edited."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import nbformat
import yaml

from claimbook.base.paths import Project
from claimbook.site.build import execute_changed
from growing import list_claim
from places import CASES, ROOT

PRICES, HARVEST = "apples-half-price", "harvest-grew"
BOTH = {PRICES, HARVEST}


def small_project(root, pages, index):
    """A copy of the small project with what Jupyter Book needs, its notebook not executed.

    Args:
        root: where it is made.
        pages: names of the pages of claims, for the contents.
        index: text of the first page.
    """
    shutil.copytree(CASES / "small", root)
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    files = [*(f"book/claims/{page}" for page in pages), "book/sources"]
    chapters = [{"file": file} for file in files]
    contents = {"format": "jb-book", "root": "book/index", "parts": [{"chapters": chapters}]}
    for name, text in (
        ("_toc.yml", yaml.safe_dump(contents, sort_keys=False)),
        ("requirements.txt", "a-library==1.0\n"),
        ("book/index.md", index),
        ("book/sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n"),
    ):
        (root / name).write_text(text, "utf-8")
    return Project(root)


class SmallBook:
    """Two claims, one on inputs and one on a table."""

    def __init__(self, root):
        index = "# Fruit\n\n```{scoreboard}\n```\n"
        self.project = small_project(Path(root), (PRICES, HARVEST), index)
        estimate = 'precision: estimate\n  low: "1.98"\n  high: "2.02"'
        self.replace("data/inputs/prices.yml", estimate, "precision: exact")
        self._add_harvest()

    @classmethod
    def at(cls, root):
        """A book that is there already."""
        book = cls.__new__(cls)
        book.project = Project(Path(root))
        return book

    def _add_harvest(self):
        second = yaml.safe_load(self.read(f"data/claims/{PRICES}.yml"))
        second |= {"code": "T2", "quote": "the harvest grew"}
        second["english"] = second["quote"]
        second["title"] = {"en": "The harvest grew", "vi": "Mùa vụ tăng"}
        second["headline"] = {"en": "It grew by {growth}", "vi": "Tăng {growth}"}
        second["finding"] = {"en": "It grew by {growth}.", "vi": "Tăng {growth}."}
        second["parts"][0]["stated"] = "12.5"
        del second["parts"][0]["round_to"]
        self.write(f"data/claims/{HARVEST}.yml", yaml.safe_dump(second, allow_unicode=True))
        list_claim(self.project, HARVEST)
        notebook = nbformat.read(self.project.notebook(PRICES), 4)
        notebook.cells[0].source = "# The harvest grew"
        notebook.cells[
            1
        ].source = f'from claimbook import Claim\n\nclaim = Claim("{HARVEST}")\nclaim'
        notebook.cells[2].source = (
            '@claim.reading("Baskets", primary="the only count", unit="percent")\n'
            "def growth(harvest):\n"
            '    first, last = harvest["baskets"].iloc[[0, -1]]\n'
            "    return (last / first - 1) * 100"
        )
        nbformat.write(notebook, self.project.notebook(HARVEST))

    def path(self, name):
        return self.project.root / name

    def read(self, name):
        return self.path(name).read_text("utf-8")

    def write(self, name, text):
        self.path(name).write_text(text, "utf-8")

    def replace(self, name, old, new):
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    def edit_cells(self, slug, change):
        notebook = nbformat.read(self.project.notebook(slug), 4)
        change(notebook.cells)
        nbformat.write(notebook, self.project.notebook(slug))

    def price(self, value):
        """Change what an apple costs."""
        self.replace("data/inputs/prices.yml", 'value: "1.00"', f'value: "{value}"')

    def harvest(self, baskets):
        """Change the last cell of the table, and the digest that its description has of it."""
        self.replace("data/tables/harvest.csv", "2024,135", f"2024,{baskets}")
        digest = hashlib.sha256(self.path("data/tables/harvest.csv").read_bytes()).hexdigest()
        package = json.loads(self.read("data/tables/datapackage.json"))
        package["resources"][0]["hash"] = f"sha256:{digest}"
        self.write("data/tables/datapackage.json", json.dumps(package))

    def execute(self):
        """Execute what a build would execute, in this process, and return which notebooks."""
        seen = []
        execute_changed(self.project, lambda _: None, seen.append)
        return {execution.slug for execution in seen}

    def page(self, name):
        return (self.project.site / "book" / f"{name}.html").read_text("utf-8")

    def card(self, slug):
        """What the page of a claim and the scoreboard give as recomputed."""
        on_page = re.search(r'class="cb-found">(.*?)<', self.page(f"claims/{slug}"))
        rows = re.findall(r"<tr.*?</tr>", self.page("index"), re.DOTALL)
        row = next(row for row in rows if f"claims/{slug}.html" in row)
        on_board = re.search(r'data-label="Recomputed">(.*?)</td>', row)
        assert on_page.group(1) == on_board.group(1)
        return on_page.group(1).replace("\u00a0", " ")
