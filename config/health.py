"""Is this installation well? One page for people and monitors; the parts of the project are registered with it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger("samverka.health")

#: Says whether a part is well, and a detail. Anybody may read the detail: it holds counts and ages, nothing else.
Check = Callable[[], tuple[bool, str]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check under a name of its own. Raises `ValueError` for a name in use."""
    if name in _checks:
        raise ValueError(f"There is a health check called {name} already.")
    _checks[name] = check


def findings() -> dict[str, tuple[bool, str]]:
    """Every check's answer; one that fails to run counts as a fault, and its error goes to the log only."""
    return {name: _run(name, check) for name, check in _checks.items()}


def _run(name: str, check: Check) -> tuple[bool, str]:
    try:
        return check()
    except Exception:
        logger.exception("health check %s could not run", name)
        return False, "could not be checked"


def database_answers() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, str(connection.vendor)


def migrations_applied() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return not waiting, f"{waiting} waiting"


def disk_has_room() -> tuple[bool, str]:
    """Whether documents still fit, on the disk that holds them."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return free >= settings.SAMVERKA_HEALTH_FREE_BYTES, f"{free // 1024**2} MB free"


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well and 503 when something is not, with each finding."""
    found = findings()
    well = all(is_well for is_well, _detail in found.values())
    checks = {name: {"well": is_well, "detail": detail} for name, (is_well, detail) in found.items()}
    return JsonResponse({"well": well, "checks": checks}, status=200 if well else 503)
