"""The source of the installation as it runs, for whoever uses it (AGPL section 13)."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from workflows.context import app_version

_ROOT: Final = Path(__file__).resolve().parents[2]
#: What belongs to the product. Nothing that an installation keeps (data, settings, keys) lies in these.
_FOLDERS: Final = (
    "benchmarks",
    "cases",
    "config",
    "docs",
    "fixtures",
    "locale",
    "notifications",
    "scripts",
    "static",
    "templates",
    "tests",
    "workflows",
    ".ci",
)
_FILES: Final = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
)


def _is_source(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    made = "__pycache__" in member.name or member.name.endswith((".pyc", ".mo"))
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return None if made else member


@login_not_required
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """The licence, and the way to the source."""
    return render(request, "workflows/account/source.html")


@login_not_required
@require_safe
def download(request: HttpRequest) -> FileResponse:
    """The code of this installation, with every change that its operator made, as one archive."""
    archive = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    name = f"samverka-{app_version()}"
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=6) as tar:
        for entry in (*_FOLDERS, *_FILES):
            if (_ROOT / entry).exists():
                tar.add(_ROOT / entry, f"{name}/{entry}", filter=_is_source)
    archive.seek(0)
    return FileResponse(
        archive, as_attachment=True, filename=f"{name}.tar.gz", content_type="application/gzip"
    )


urlpatterns = [
    path("kallkod/", source, name="source"),
    path("kallkod/samverka.tar.gz", download, name="source-download"),
]
