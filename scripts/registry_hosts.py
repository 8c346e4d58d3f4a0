"""The tree must not name a package registry: addresses of one come in with lock files and bundles, and go stale."""

from __future__ import annotations

from typing import Final

from scripts.project_files import ROOT, project_files

# In parts, so that this file is clean itself.
_HOSTS: Final = tuple(
    ".".join(parts).encode()
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
    )
)
_LOCKS_WITH_ADDRESSES: Final = frozenset({"uv.lock", "package-lock.json", "yarn.lock", "poetry.lock"})


def faults() -> list[str]:
    """Every file of the tree that names a registry, or is a lock that records addresses."""
    found = []
    for path in project_files():
        if path.name in _LOCKS_WITH_ADDRESSES:
            found.append(f"{path} is a lock file that records addresses")
        content = (ROOT / path).read_bytes()
        found.extend(f"{path} names {host.decode()}" for host in _HOSTS if host in content)
    return found
