"""Reference data from files: goals, organisations, partnerships, bodies, people and their roles.

Files are YAML in the shapes of :mod:`cases.reference.shapes`; ``docs/demo-data.md`` describes them. Every fault is
named by file, line and field (:class:`FixtureFault`), and nothing is written when there is one.
"""

from cases.reference.files import FIXTURES, FixtureFault, FixtureFile, read_fixture
from cases.reference.load import Counts, load_reference

__all__ = ["FIXTURES", "Counts", "FixtureFault", "FixtureFile", "load_reference", "read_fixture"]
