"""docs/gpu.md's table holds what the pretended card counts."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "gpu.md"


def test_the_table_holds_what_was_counted(play, bundle):
    figures = play("figures", bundle("release"), FAKE_SKIPCOPY="1")
    rows = [
        f"| {what} | {each['graph']} | {each['opened'] / 1e9:.2f} | {each['running'] / 1e9:.2f} | "
        f"{each['kernels']:,} | {each['library']:,} | {each['copies']:,} |"
        for what, each in figures.items()
    ]
    written = re.findall(r"^\| (?:vision|an? ).*\|$", GUIDE.read_text("utf-8"), flags=re.MULTILINE)
    assert written == rows, "\n".join(rows)
