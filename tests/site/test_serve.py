"""The site as `make watch` serves it: open pages keep up, and its files stay as built."""

import threading
import urllib.error
import urllib.request

import pytest

from browser import Visit
from claimbook.site import serve


def write(folder, text):
    """Write the page of the site; its icon is nothing, so that a browser asks for none."""
    page = folder / "pages" / "index.html"
    page.write_text(f'<!doctype html><link rel="icon" href="data:,"><p>{text}', "utf-8")
    return page


@pytest.fixture
def folder(tmp_path):
    """A site of one page and its style."""
    (tmp_path / "pages").mkdir()
    write(tmp_path, "one")
    (tmp_path / "style.css").write_text("p { color: red }", "utf-8")
    return tmp_path


@pytest.fixture
def server(folder):
    with serve.Server(folder, 0) as found:
        yield found


@pytest.fixture
def get(server):
    return lambda path: urllib.request.urlopen(f"{server.address}{path}", timeout=10)


def test_pages_have_a_script_that_their_files_lack_and_other_files_are_as_they_are(folder, get):
    for path in ("pages/index.html", "pages/"):
        text = get(path).read().decode()
        assert "<p>one" in text
        assert "EventSource" in text
    assert get("style.css").read() == b"p { color: red }"
    assert "EventSource" not in (folder / "pages" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("path", ["absent.html", "../secret.html"])
def test_what_is_not_there_is_not_found(folder, get, path):
    (folder.parent / "secret.html").write_text("secret", "utf-8")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(path)


def test_an_open_page_shows_each_new_state_and_no_state_twice(chromium, server, folder):
    with Visit(chromium, server.address.rstrip("/"), "pages/") as seen:
        loads = []
        seen.page.on("load", lambda page: loads.append(page.url))
        for text in ("two", "three"):
            write(folder, text)
            server.renewed()
            seen.page.get_by_text(text).wait_for()
        assert len(loads) == 2
        assert seen.complaints == []


def test_it_is_served_to_this_machine_alone(server):
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_an_error_only_if_it_was_named(folder, monkeypatch):
    with serve.Server(folder, 0) as first:
        monkeypatch.setattr(serve, "PORT", first.server_port)
        with pytest.raises(OSError, match="in use"):
            serve.Server(folder, first.server_port)
        with serve.Server(folder) as second:
            assert second.server_port != first.server_port


def test_a_server_that_has_ended_leaves_no_thread_that_python_would_wait_for(folder):
    with serve.Server(folder, 0) as found:
        pages = urllib.request.urlopen(f"{found.address}.states", timeout=10)
        assert pages.readline().startswith(b"data: ")
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    assert [thread for thread in others if not thread.daemon] == []
