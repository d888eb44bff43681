"""The module map of ektp_analysis/README.md, made from the first sentence of every module: ``python -m tests.module_map``."""

from __future__ import annotations

import ast
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent / "ektp_analysis"
README = LIBRARY / "README.md"
BEGIN, END = "<!-- module map: made by tests/module_map.py -->", "<!-- end of the module map -->"


def first_sentence(path: Path) -> str:
    text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].split())
    return text.replace("``", "`").replace("|", "\\|")


def module_map() -> str:
    lines = ["| module | what it is |", "| --- | --- |"]
    for path in sorted(LIBRARY.iterdir()):
        if path.suffix == ".py" and path.name != "__init__.py":
            lines.append(f"| `{path.name}` | {first_sentence(path)} |")
        elif (path / "__init__.py").is_file():
            lines.append(f"| **`{path.name}/`** | {first_sentence(path / '__init__.py')} |")
            lines += [
                f"| `{path.name}/{inner.name}` | {first_sentence(inner)} |"
                for inner in sorted(path.glob("*.py"))
                if inner.name != "__init__.py"
            ]
    return "\n".join([BEGIN, "", *lines, "", END])


def with_map(text: str) -> str:
    before, rest = text.split(BEGIN)
    return before + module_map() + rest.split(END)[1]


if __name__ == "__main__":
    README.write_text(with_map(README.read_text(encoding="utf-8")), encoding="utf-8")
