"""The product's settings with the stock flow's app beside it. Used by ``python -m benchmarks`` alone."""

from config.settings import *  # noqa: F403 all of the product's own settings
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.apps.BenchmarksConfig"]
LOGGING = {"version": 1}
LOGGING_CONFIG = None
