"""One table of actions; a person's own keys are kept, and conflicts are refused with a sentence."""

from dataclasses import replace

import pytest

from unix_edge.errors import SettingsError
from unix_edge_desktop.canvas.actions import CANVAS, PRESETS, canvas_commands
from unix_edge_desktop.output.actions import OUTPUT, output_commands
from unix_edge_desktop.reading.actions import READING, reading_commands
from unix_edge_desktop.shell.actions import ACTIONS, ALL, SHELL
from unix_edge_desktop.shell.keys import KeyMap, load_keys, save_keys
from unix_edge_desktop.toolkit.action import Menu, Scope


def test_every_action_has_its_own_name_and_no_two_share_a_key():
    assert len(ALL) == len(ACTIONS) + len(PRESETS)
    assert len({each.text for each in ALL.values()}) == len(ALL)
    keys = [key.lower() for each in ALL.values() for key in each.keys]
    assert len(keys) == len(set(keys)) > 60


def test_every_part_s_actions_stand_in_the_menus_in_sections():
    for menu in Menu:
        sections = [each.section for each in ACTIONS if each.menu is menu]
        assert sections == sorted(sections)
    assert [each.id for each in ACTIONS[:4]] == ["open_files", "open_folder", "close_image", "save_view"]
    for part in (READING, CANVAS, OUTPUT, SHELL):
        assert part and set(part) <= set(ACTIONS)


def test_a_part_says_of_nobody_else_s_actions_what_they_do(window):
    of_parts = (
        (READING, reading_commands(window.desk, window.failures)),
        ((*CANVAS, *PRESETS), canvas_commands(window.grid)),
        (OUTPUT, output_commands(window.exports)),
    )
    for part, commands in of_parts:
        assert commands and set(commands) <= {each.id for each in part}


def test_keys_that_are_typed_belong_to_the_image_only():
    typed = {"Space", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Delete", "Backspace", "Esc"}
    for action in ALL.values():
        for key in action.keys:
            if key.removeprefix("Shift+") in typed or len(key.removeprefix("Shift+")) == 1:
                assert action.scope is Scope.IMAGE, action.id


@pytest.mark.parametrize(
    ("id", "key"),
    [
        ("tool_window", "W"),
        ("tool_zoom", "Z"),
        ("tool_pan", "T"),
        ("tool_length", "D"),
        ("tool_angle", "A"),
        ("invert", "I"),
        ("text", "Space"),
        ("fit", "F"),
        ("one_to_one", "Ctrl+1"),
        ("reset", "Shift+R"),
        ("cancel", "Esc"),
        ("next_view", "Ctrl+Tab"),
        ("auto_window", "0"),
        ("preset_9", "9"),
        ("rotate_right", "R"),
        ("flip_vertical", "V"),
        ("delete", "Backspace"),
        ("next_image", "Down"),
        ("previous_series", "Left"),
        ("last_image", "End"),
        ("key_sheet", "F1"),
        ("full_screen", "F11"),
        ("close_image", "Ctrl+W"),
        ("undo", "Ctrl+Z"),
        ("redo", "Ctrl+Y"),
        ("open_files", "Ctrl+O"),
    ],
)
def test_the_usual_keys_are_those_of_other_viewers(id, key):
    assert key in KeyMap().keys(id)


def test_a_key_that_is_taken_is_refused_with_the_name_of_its_owner():
    with pytest.raises(SettingsError, match='The key d already belongs to "Length"; nothing was changed'):
        KeyMap().with_keys("invert", ("d",))
    freed = KeyMap().with_keys("tool_length", ())
    assert freed.with_keys("invert", ("D",)).keys("invert") == ("D",)
    assert KeyMap().owner("Shift+Ctrl+O").id == "open_folder"


@pytest.mark.parametrize("key", ["Y", "+", "Shift+Y", "Space", "Home"])
def test_what_is_typed_is_refused_where_it_would_count_in_the_whole_window(key):
    free = KeyMap()
    if owner := free.owner(key):
        free = free.with_keys(owner.id, ())
    with pytest.raises(SettingsError, match="triggered by typing"):
        free.with_keys("search", (key,))
    assert free.with_keys("invert", (key,)).keys("invert") == (key,)


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "Alt+F4"])
def test_keys_that_move_the_focus_are_refused(key):
    with pytest.raises(SettingsError, match="moves the focus"):
        KeyMap().with_keys("invert", (key,))


def test_the_key_plus_is_one_key():
    assert KeyMap().owner("+").id == "zoom_in"
    assert KeyMap().with_keys("search", ("Ctrl++",)).owner("ctrl++").id == "search"


def test_one_button_is_always_left_for_the_chosen_tool():
    map = KeyMap().with_mouse("right", "chosen").with_mouse("left", "pan")
    assert map.mouse == {"left": "pan", "middle": "pan", "right": "chosen"}
    with pytest.raises(SettingsError, match="must be left for the chosen tool"):
        map.with_mouse("right", "zoom")
    with pytest.raises(SettingsError):
        map.with_mouse("wheel", "zoom")


def test_what_was_changed_is_kept_and_read_again(tmp_path):
    path = tmp_path / "keys.json"
    map = KeyMap().with_keys("tool_length", ()).with_keys("invert", ("D", "Ctrl+I")).with_keys("tool_length", ("I",))
    map = map.with_mouse("middle", "chosen").with_mouse("left", "zoom")
    map = replace(map, reversed_window=True, wheel_zooms=True)
    save_keys(path, map)
    again, said = load_keys(path)
    assert not said
    assert again.keys("invert") == ("D", "Ctrl+I") and again.keys("tool_length") == ("I",)
    assert (again.mouse, again.reversed_window, again.wheel_zooms) == (map.mouse, True, True)
    assert again.keys("tool_angle") == ("A",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"keys": {"invert": ["D"]}, "mouse": {}, "reversed_window": false, "wheel_zooms": false}',
        b"[" * 9999,
    ],
)
def test_a_file_that_cannot_be_used_gives_the_usual_keys_and_a_sentence(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    map, said = load_keys(path)
    assert map == KeyMap() and "usual ones are in force" in str(said)
    assert path.read_bytes() == content
    assert load_keys(tmp_path / "none.json") == (KeyMap(), None)
