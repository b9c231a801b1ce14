"""What several test modules need: projects to read and projects to break."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from claimbook import warm
from claimbook.paths import ROOT_VARIABLE, Project
from claimbook.warm import client

# Before any test module loads data: whatever the caller has set, this project is tested.
os.environ.pop(ROOT_VARIABLE, None)
warm.enable()


def pytest_sessionstart(session):
    """Let the process that kernels are forked from import its modules while tests are collected."""
    config = session.config
    idle = config.getoption("collectonly") or config.pluginmanager.has_plugin("dsession")
    if warm.enabled() and not idle:  # pytest-xdist's workers each have a server of their own
        with contextlib.suppress(client.UnavailableError):  # said when a kernel is wanted
            client.server()


def pytest_unconfigure():
    client.close()


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
