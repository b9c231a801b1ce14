"""Tables and notebooks are what other tools take for a data package and for notebooks."""

import nbformat
import pytest
from frictionless import Dialect, Package, system
from frictionless.formats import CsvControl

from claimbook.base.paths import Project
from claimbook.data.csv_tables import PACKAGE
from places import CASES, ROOT

PROJECTS = [Project(ROOT), Project(CASES / "small")]
NOTEBOOKS = [path for project in PROJECTS for path in sorted(project.notebooks.glob("*.ipynb"))]


@pytest.mark.parametrize("project", PROJECTS, ids=["book", "small"])
def test_the_tables_are_a_data_package_for_frictionless(project):
    with system.use_context(trusted=True):
        package = Package(str(project.data / "tables" / PACKAGE))
        for resource in package.resources:
            # Stated outright, because frictionless would guess the separator otherwise.
            control = CsvControl(delimiter=",", quote_char='"', skip_initial_space=False)
            resource.dialect = Dialect(controls=[control])
        report = package.validate()
    assert len(report.tasks) == len(package.resources) > 0
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_one_for_nbformat(path):
    nbformat.validate(nbformat.read(path, nbformat.NO_CONVERT))
