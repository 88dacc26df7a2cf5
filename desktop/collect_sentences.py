"""Write what `Sentence` and `translatable` are given in the library and in modules without Qt, for lupdate.

python desktop/collect_sentences.py OUT.py
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from unix_edge.sentences import as_whole

ROOT = Path(__file__).parents[1]
COMMANDS = {"cli.py", "doctor.py", "export.py", "__main__.py"}
"""What only commands say is said in English."""
WORDS = {"translatable", "translate"}


def collect() -> list[str]:
    """Return every template that a reader may be told, whole, each once."""
    modules = [path for path in sorted((ROOT / "unix_edge").rglob("*.py")) if path.name not in COMMANDS]
    modules += sorted((ROOT / "desktop/unix_edge_desktop").rglob("*.py"))
    templates = {template for module in modules for template in marked_in(module)}
    return sorted(each for each in templates if re.search("[A-Za-z]", re.sub(r"\{[0-9]\}", "", each)))


def marked_in(module: Path) -> Iterator[str]:
    """Yield the templates that one module marks, and single words, which stay as they are."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        marked = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else None
        if isinstance(marked, str) and node.func.id == "Sentence":
            yield as_whole(marked)
        elif isinstance(marked, str) and node.func.id in WORDS:
            yield marked


if __name__ == "__main__":
    lines = [f'QT_TRANSLATE_NOOP("Sentences", {template!r})\n' for template in collect()]
    Path(sys.argv[1]).write_text("".join(lines), "utf-8")
