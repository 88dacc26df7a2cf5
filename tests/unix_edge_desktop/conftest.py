"""A window with folders of its own, and waiting for it."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from unix_edge_desktop.singletons import hold_singletons

hold_singletons()


@pytest.fixture
def own_folders(tmp_path):
    from unix_edge_desktop.settings import Folders

    folders = Folders.within(tmp_path / "own")
    folders.make()
    return folders


@pytest.fixture
def thumbnails():
    """Whether pictures are made for the tree; a test that looks at them says so."""
    return False


@pytest.fixture
def make_window(qtbot, own_folders, thumbnails, monkeypatch):
    """Open windows one after another on the same folders; whatever is open at the end is closed."""
    from unix_edge_desktop.application import make_application
    from unix_edge_desktop.main_window import MainWindow
    from unix_edge_desktop.study_tree import StudyTree

    windows = []
    if not thumbnails:
        monkeypatch.setattr(StudyTree, "want", lambda *_: None)

    def make():
        make_application("en")
        window = MainWindow(own_folders)
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in windows:
        window.close()


@pytest.fixture
def window(make_window):
    return make_window()


@pytest.fixture
def open_in(qtbot):
    """Open paths and wait until everything is read."""

    def open_and_wait(window, *paths):
        window.open_paths(list(paths))
        wait_idle(qtbot, window)

    return open_and_wait


@pytest.fixture
def idle(qtbot):
    return lambda window: wait_idle(qtbot, window)


def wait_idle(qtbot, window):
    qtbot.waitUntil(
        lambda: not (window.library.is_busy or window.desk.loader.is_busy or window.studies.is_busy), timeout=60_000
    )
