"""What is promised about the repository itself."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_everything_tracked_stays_under_35_mib(tracked):
    assert sum(path.stat().st_size for path in tracked) < 35 * 2**20


def test_no_unsafe_loading_anywhere(tracked):
    unsafe = re.compile(r"weights_only=False|pickle\.load|yaml\.load\(|strict=False\)\s*#?.*load_state|shell=True")
    ours = [path for path in tracked if path.suffix == ".py" and path != Path(__file__)]
    assert len(ours) > 40
    assert [path.name for path in ours if unsafe.search(path.read_text("utf-8"))] == []


def test_every_claim_names_a_test_that_is_there():
    rows = [line for line in (ROOT / "docs/claims.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    claims = [row.strip("| ").rsplit(" | ", 1) for row in rows if not row.startswith(("| claim |", "| --- |"))]
    assert len(claims) > 35
    for claim, test in claims:
        named = re.findall(r"`(tests/[\w/]+\.py)`", test)
        assert claim and named, claim
        for path in named:
            assert re.search(r"^def test_", (ROOT / path).read_text("utf-8"), re.MULTILINE), path


def test_every_link_of_the_documents_leads_somewhere():
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    links = [(each, link) for each in documents for link in re.findall(r"\]\(([^)#]+)\)", each.read_text("utf-8"))]
    assert len(links) > 15
    assert [str(link) for each, link in links if "://" not in link and not (each.parent / link).exists()] == []


def test_the_architecture_names_every_folder(tracked):
    said = (ROOT / "docs/architecture.md").read_text("utf-8")
    folders = {path.parent for path in tracked if path.suffix == ".py" and path.name == "__init__.py"}
    assert len(folders) > 12
    assert [str(each) for each in folders if f"{each.name}/`" not in said] == []


def test_the_drawn_imports_are_the_code_s_and_only_go_down(run_python):
    """No circle between parts, and no arrow up but the two entry points."""
    drawn = run_python("docs/imports.py", cwd=ROOT).stdout.strip()
    assert drawn in (ROOT / "docs/architecture.md").read_text("utf-8"), "put what `python docs/imports.py` prints there"
    arrows = [(line.split()[0], line.split()[-1]) for line in drawn.splitlines() if "-->" in line]
    assert len(arrows) > 40 and drawn.count("-.->") == 2
    below: dict[str, set[str]] = {}
    for one, other in arrows:
        below.setdefault(one, set()).add(other)

    def visit(part: str, way: tuple[str, ...]) -> None:
        assert part not in way, " -> ".join([*way, part])
        for each in sorted(below.get(part, ())):
            visit(each, (*way, part))

    for part in below:
        visit(part, ())
