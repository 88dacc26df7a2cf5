"""`unix-edge view`: a picture of the window without a screen, whole or not at all, and sentences where it cannot be."""

import os
import sys

import numpy as np
import pytest
from PIL import Image

COMMAND = "import sys; from unix_edge.cli import main; sys.argv[0] = 'unix-edge'; main()"


@pytest.fixture
def view(run_python, tmp_path):
    """Run the command with a home of its own and no screen."""

    def run(*arguments, code=COMMAND, **variables):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
        environment = {key: value for key, value in os.environ.items() if key not in unset}
        environment |= {"HOME": str(home), **variables}
        return run_python("-c", code, "view", *map(str, arguments), env=environment)

    return run


def test_a_screenshot_shows_the_image_and_says_what_the_app_is_not_for(view, make_file, tmp_path):
    file, out = make_file(tmp_path / "image"), tmp_path / "out.png"
    before = file.read_bytes()
    result = view("--screenshot", out, "--size", "900x640", file)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", f"Wrote {out}.\n")
    picture = np.asarray(Image.open(out).convert("RGB")).astype(int)
    assert picture.shape == (640, 900, 3)
    middle = picture[260:400, 500:700]
    assert middle.std() > 30 and (middle == middle[..., :1]).all()
    orange = (picture[..., 0] > 200) & (picture[..., 2] < 120)
    assert orange[-40:, 500:].sum() > 100
    assert file.read_bytes() == before
    assert not list((tmp_path / "home").rglob("index.sqlite")), "a picture touches nobody's list"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".png"] == ["out.png"]


def test_a_picture_of_an_empty_window_can_be_made(view, tmp_path):
    out = tmp_path / "out.png"
    assert view("--screenshot", out).returncode == 0
    with Image.open(out) as picture:
        assert picture.size == (1280, 800)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--screenshot", "{}/out.png", "{}/none.dcm"], 1, "No picture was written, as nothing of what was named"),
        (["--screenshot", "{}/out.png", "{}/text.dcm"], 1, "It is neither DICOM, PNG nor JPEG."),
        (["--screenshot", "{}/none/out.png", "{}/text.dcm"], 1, "its folder is missing or cannot be written to"),
        (["--screenshot", "{}/out.png", "--size", "9x9"], 2, "--size is WIDTHxHEIGHT"),
        (["{}/text.dcm"], 1, "The viewer cannot open a window: there is no screen."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(view, tmp_path, arguments, code, said):
    (tmp_path / "text.dcm").write_text("Not an image.")
    result = view(*(each.format(tmp_path) for each in arguments))
    assert result.returncode == code and said in " ".join(result.stderr.replace("│", " ").split())
    assert code == 2 or len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("missing", ["PySide6", "unix_edge_desktop"])
def test_without_qt_it_says_what_to_install(view, missing):
    result = view(code=f"import sys; sys.modules[{missing!r}] = None; {COMMAND}")
    assert result.returncode == 1
    assert result.stderr == "The viewer needs PySide6, which is not installed: pip install 'unix-edge[desktop]'.\n"


def test_no_other_command_imports_qt(run_python):
    code = "import sys, unix_edge.cli; print([each for each in sys.modules if each.startswith('PySide6')])"
    assert run_python("-c", code).stdout == "[]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="a .desktop file is for Linux")
def test_the_desktop_file_starts_the_command_and_names_the_icon():
    from pathlib import Path

    desktop = Path(__file__).parents[2] / "desktop"
    lines = (desktop / "unix-edge.desktop").read_text("utf-8").splitlines()
    assert "Exec=unix-edge view %F" in lines and "Icon=unix-edge" in lines
    assert (desktop / "unix_edge_desktop" / "toolkit" / "unix-edge.svg").is_file()


RUN = """
import os, signal, sys, threading
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from unix_edge_desktop import application

def window():
    return next(each for each in QApplication.topLevelWidgets() if hasattr(each, "library"))

def fail():
    raise ValueError("Doe^Jane /home/jane/secret.dcm")

def tell_and_close():
    print(window().message.text())
    window().close()

def begin():
    QTimer.singleShot(300, tell_and_close)
    {what}

make = application.make_application

def make_and_begin(language):
    made = make(language)
    QTimer.singleShot(300, begin)
    return made

application.make_application = make_and_begin
sys.exit(application.run([]))
"""


@pytest.mark.parametrize("how", ["fail()", "threading.Thread(target=fail).start()"])
def test_what_nobody_foresaw_is_a_sentence_and_tells_no_name(view, how):
    result = view(code=RUN.format(what=how))
    assert result.stdout == "Something failed that should not (ValueError); nothing unfinished was kept.\n"
    assert result.returncode == 0
    assert "Doe" not in result.stderr and "secret" not in result.stderr


def test_a_window_that_is_told_to_end_closes_and_keeps_how_it_was(view, tmp_path):
    what = 'window().preferences.set_layout("2x2"); os.kill(os.getpid(), signal.SIGTERM)'
    result = view(code=RUN.format(what=what))
    assert result.returncode == 0, result.stderr
    (kept,) = (tmp_path / "home").rglob("settings.json")
    assert '"2x2"' in kept.read_text("utf-8")
    assert kept.parent.stat().st_mode & 0o777 == 0o700
