"""The signing key that a demo or a development installation makes for itself."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def own_secret_key(folder: Path) -> str:
    """The key kept in `folder`; made at the first call. Two processes that start together get the same key."""
    path = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"secret-key.{os.getpid()}"
    if not path.exists():
        draft.write_text("")
        draft.chmod(0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            # A link either puts the whole key in place or fails because another process was first.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
