"""The settings as the test suite and the type checker see them, whatever the environment says about the mode."""

import os

os.environ["SAMVERKA_MODE"] = "test"

from config.settings import *  # noqa: F403  (the mode must be set first, and a settings module is its names)
