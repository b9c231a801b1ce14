"""What several test modules need: projects to read and projects to break."""

import os
import shutil
from pathlib import Path

import pytest

from claimbook import warm
from claimbook.paths import ROOT_VARIABLE, Project

# Before any test module loads data: whatever the caller has set, this project is tested.
os.environ.pop(ROOT_VARIABLE, None)


def pytest_sessionstart(session):
    """Let the process that kernels are forked from import its modules while tests are collected."""
    config = session.config
    # The workers of pytest-xdist have each a server of their own.
    if not (config.getoption("collectonly") or config.pluginmanager.has_plugin("dsession")):
        warm.up()


def pytest_unconfigure():
    warm.down()


ROOT = Path(__file__).resolve().parent.parent
CASES = Path(__file__).resolve().parent / "cases"


@pytest.fixture(scope="session")
def book():
    """The project itself, not to be changed."""
    return Project(ROOT)


@pytest.fixture
def small(tmp_path):
    """A copy of a project with one claim, one table and two inputs, free to be broken."""
    shutil.copytree(CASES / "small", tmp_path / "small")
    return Project(tmp_path / "small")
