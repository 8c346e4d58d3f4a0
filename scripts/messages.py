"""The texts and their translation: collect (GNU gettext), check that English is complete, compile (no gettext).

The texts in the code are Swedish; English is the only translation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import polib

from scripts.project_files import ROOT, project_files

CATALOGUE: Final = Path("locale/en/LC_MESSAGES/django.po")
_EXTENSIONS: Final = ("html", "txt", "py", "svg")
_WITHOUT_TEXTS: Final = frozenset({"tests", "scripts", "benchmarks", "docs", "static", "locale"})
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")


def gettext_is_here() -> bool:
    return all(shutil.which(tool) for tool in ("xgettext", "msgmerge", "msguniq", "msgattrib"))


def collected(*, keeping: Path | None) -> polib.POFile:
    """The texts of the source, with the translations in `keeping`. Made in a copy: nothing in the tree changes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in project_files():
            if path.suffix.lstrip(".") in _EXTENSIONS and path.parts[0] not in _WITHOUT_TEXTS:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, folder / path)
        made = folder / CATALOGUE
        made.parent.mkdir(parents=True)
        if keeping is not None and keeping.exists():
            shutil.copyfile(keeping, made)
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--locale=en",
            "--verbosity=0",
            "--no-obsolete",
        ]
        command += [
            "--no-wrap",
            "--add-location=file",
            *(f"--extension={extension}" for extension in _EXTENSIONS),
        ]
        plain = {
            variable: value for variable, value in os.environ.items() if variable != "DJANGO_SETTINGS_MODULE"
        }
        subprocess.run(command, cwd=folder, env=plain, check=True)
        return polib.pofile(str(made), wrapwidth=0)


def faults(catalogue: polib.POFile, source: polib.POFile) -> list[str]:
    """What a catalogue lacks, has only guessed or has broken, measured against the texts of the source."""
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    found = []
    for text in source:
        entry = known.get(_key(text))
        where = f"{text.occurrences[0][0]}: " if text.occurrences else ""
        if entry is None:
            found.append(f"{where}not in the catalogue: {text.msgid!r} (make messages)")
        elif entry.fuzzy:
            found.append(f"{where}only guessed (fuzzy): {text.msgid!r}")
        elif not entry.translated():
            found.append(f"{where}without English: {text.msgid!r}")
        elif not _same_placeholders(entry):
            found.append(f"{where}other placeholders in English: {text.msgid!r}")
    return found


def _key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def _same_placeholders(entry: polib.POEntry) -> bool:
    if not entry.msgid_plural:
        return _placeholders(entry.msgstr) == _placeholders(entry.msgid)
    many = _placeholders(entry.msgid_plural)
    # "One task" needs no number, so the singular may leave placeholders out; it may not invent any.
    return all(
        _placeholders(text) == many if int(form) else _placeholders(text) <= many | _placeholders(entry.msgid)
        for form, text in entry.msgstr_plural.items()
    )


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text.replace("%%", "")))


def check() -> list[str]:
    """Why the English catalogue is not complete; empty when it is. Needs GNU gettext."""
    path = ROOT / CATALOGUE
    if not path.exists():
        return [f"{CATALOGUE} does not exist (make messages)"]
    return faults(polib.pofile(str(path)), collected(keeping=None))


def compile_all() -> None:
    """Make the .mo file of every catalogue whose .po file is newer."""
    for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            draft = compiled.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(path)).save_as_mofile(str(draft))
            draft.replace(compiled)


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        compile_all()
        return 0
    if arguments not in (["collect"], ["check"]):
        print("Usage: python -m scripts.messages collect|check|compile", file=sys.stderr)
        return 2
    if not gettext_is_here():
        print("This needs GNU gettext (on Debian and Ubuntu: apt install gettext).", file=sys.stderr)
        return 1
    if arguments == ["collect"]:
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        collected(keeping=ROOT / CATALOGUE).save(str(ROOT / CATALOGUE))
        return 0
    found = check()
    print("\n".join(found) or "The English catalogue is complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
