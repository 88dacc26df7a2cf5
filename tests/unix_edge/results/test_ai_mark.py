"""Whatever text leaves says that a machine wrote it and whether a person edited it, and nothing writes without that."""

import ast
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import unix_edge
from unix_edge.batch import as_json, as_text
from unix_edge.results.ai_mark import AiMark, find_mark, person_name

ROOT = Path(unix_edge.__file__).parents[1]


@pytest.mark.parametrize("edited", [True, False])
def test_a_program_finds_the_line_in_a_text(make_provenance, edited):
    line = AiMark(make_provenance(checkpoint="a; b"), edited).as_line()
    assert "\n" not in line and "a, b (fp16)" in line and "ab" * 32 in line
    assert find_mark(f"FINDINGS:\nClear.\n\n{line}\n") is edited
    assert find_mark("FINDINGS: Clear.") is None and find_mark(f"They say: {line}") is None


def test_iptc_s_source_type_tells_what_a_person_edited(make_provenance):
    kinds = {edited: AiMark(make_provenance(), edited).as_dict()["digital_source_type"] for edited in (False, True)}
    assert kinds[False].endswith("/trainedAlgorithmicMedia")
    assert kinds[True].endswith("/compositeWithTrainedAlgorithmicMedia")


def test_xmp_is_well_formed_and_says_it(make_provenance):
    mark = AiMark(make_provenance(checkpoint="<&>"), True, "Roe", synthetic=True)
    tree = ET.fromstring(mark.as_xmp("Title & more").decode().lstrip("\ufeff"))
    said = {each.tag.rpartition("}")[2]: each.text for each in tree.iter() if each.text}
    assert said["AIGenerated"] == said["EditedByPerson"] == said["Signed"] == said["SyntheticData"] == "True"
    assert said["DigitalSourceType"] == mark.source_type and said["Model"] == "<&>"


def test_drafts_of_the_command_bear_it(make_report):
    draft = make_report()
    assert find_mark(as_text(draft)) is False
    told = as_json(draft)
    assert told["ai_generated"] is True and told["edited_by_person"] is False
    assert "digitalsourcetype/trainedAlgorithmicMedia" in told["digital_source_type"]


def test_a_typed_name_is_one_component():
    assert person_name("Roe^Jane\\x=y\x00") == "Roe Jane x y" and len(person_name("ü" * 99).encode()) == 64


WRITES = {"write_atomically", "write_dataset", "write", "print", "_print_json", "setMimeData", "setText", "QPdfWriter"}
SAYS = {"findings", "impression"}
MARKING = {"ai_mark", "signed_report", "structured_report", "batch"}
"""Modules by which a text is marked."""
NOT_LEAVING = {
    "desktop/unix_edge_desktop/assistant/report_panel.py": "shows it, and says beside it what it is",
    "desktop/unix_edge_desktop/drafts/draft.py": "gives drafts to their store",
    "desktop/unix_edge_desktop/studies/sample_study.py": "writes phantoms, whose findings are no report",
    "unix_edge/worker/serve.py": "tells the window's process",
}
"""Where a report's text goes from one part of the program to another, and to nobody else."""


def writers() -> dict[str, bool]:
    """Return the modules that know a report's text and write something, and whether they use the mark."""
    found = {}
    for path in [*(ROOT / "unix_edge").rglob("*.py"), *(ROOT / "desktop/unix_edge_desktop").rglob("*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        calls = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        told = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if (told & SAYS or "Report" in names) and calls & WRITES:
            imported = {
                part
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for part in [(node.module or "").rpartition(".")[2], *(each.name for each in node.names)]
            }
            found[path.relative_to(ROOT).as_posix()] = bool(imported & MARKING)
    return found


def test_whatever_writes_a_report_s_text_marks_it():
    found = writers()
    assert {"unix_edge/batch.py", "unix_edge/cli.py", "unix_edge/results/structured_report.py"} <= found.keys()
    assert {path for path, marks in found.items() if not marks} == set(NOT_LEAVING)
