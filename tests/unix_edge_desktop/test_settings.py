"""What a person set is kept; whatever stands in the file, the window opens."""

import pytest

from unix_edge.errors import OutputError
from unix_edge_desktop.storage.settings import Folders, Settings, load_settings, save_settings


def test_settings_are_kept(tmp_path):
    settings = Settings(
        language="de",
        scale=150,
        hide_patient=True,
        blank_after=30,
        synchronised=True,
        layout="2x2",
        geometry="AAA=",
        panels="BBB=",
        monitors={"A 1": 0.25},
        views=(("1.2.3", "1.2.4", 5), ("", "", 0)),
    )
    save_settings(tmp_path / "settings.json", settings)
    assert load_settings(tmp_path / "settings.json") == settings


@pytest.mark.parametrize(
    "said", ['"a"', "{}", "[1]", '[["1", "2"]]', '[["1", "2", "3"]]', '[["1", "2", true]]', '[["1", 2, 3]]']
)
def test_views_that_are_none_count_for_nothing(said):
    assert Settings.from_json(f'{{"views": {said}, "blank_after": 7}}') == Settings()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff\xfe", b"null", b"[" * 5000, b'{"scale": {}}', b'{"scale": true}']
)
def test_a_file_that_cannot_be_used_counts_as_nothing(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings() == load_settings(tmp_path / "none.json")


def test_values_out_of_range_are_as_usual_and_others_stay():
    text = '{"language": "xx", "scale": 900, "layout": "9x9", "hide_patient": true, "unknown": 1, "study": 7}'
    assert Settings.from_json(text) == Settings(scale=200, hide_patient=True)


def test_own_folders_are_for_their_owner_alone(tmp_path):
    folders = Folders.within(tmp_path / "a" / "b")
    folders.config.mkdir(parents=True, mode=0o755)
    folders.make()
    assert {each.stat().st_mode & 0o777 for each in (folders.config, folders.data, folders.cache)} == {0o700}


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "config").write_bytes(b"")
    with pytest.raises(OutputError, match="the folder cannot be made"):
        Folders.within(tmp_path).make()
