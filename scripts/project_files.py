"""The files that belong to the project: what is committed or would be, and nothing that was made from it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_MADE: Final = frozenset(
    {".git", ".venv", "var", "node_modules", ".cache", ".mypy_cache", ".ruff_cache", "__pycache__"}
)


def project_files() -> list[Path]:
    """Paths from the root of the project, in order. Without git (an unpacked archive): all that was not made."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        found = {Path(name) for name in listed.split("\0") if name}
    except (OSError, subprocess.CalledProcessError):
        found = {path.relative_to(ROOT) for path in ROOT.rglob("*")}
        found = {path for path in found if not _MADE.intersection(path.parts)}
    return sorted(path for path in found if (ROOT / path).is_file())
