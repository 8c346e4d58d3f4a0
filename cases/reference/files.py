"""Reading YAML files into typed values, with every fault named by file, line and field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

#: Where the files of the house lie.
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

Where = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML whose dates stay text: a day that the calendar does not have is then a fault of its field."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Shape(BaseModel):
    """What is in a file. Unknown fields are faults: a misspelt one must not be passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


T = TypeVar("T", bound=Shape)


class FixtureFault(Exception):
    """A file does not hold. ``faults`` are lines such as ``people.yaml:12: people.3.roles.1.body: …``."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class FixtureFile(Generic[T]):
    """A validated file, which still knows its lines, for faults that are only seen beside other files."""

    name: str
    content: T
    root: yaml.Node

    def fault(self, where: Where, message: str) -> str:
        """The message with file, line and field before it; list positions are counted from 1."""
        return _fault(self.name, self.root, where, message)


def _line_of(node: yaml.Node, where: Where) -> int:
    """The line, counted from 1, of the deepest place on the way that exists."""
    line = node.start_mark.line + 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _fault(name: str, root: yaml.Node, where: Where, message: str) -> str:
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)
    return f"{name}:{_line_of(root, where)}: {field + ': ' if field else ''}{message}"


def read_fixture(path: Path, shape: type[T]) -> FixtureFile[T]:
    """Read and validate a file. Raises :class:`FixtureFault` with every fault that was found."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FixtureFault([f"{path.name}: {error}"]) from error
    try:
        raw: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 a SafeLoader
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name}:{mark.line + 1}" if mark is not None else path.name
        raise FixtureFault([f"{place}: {getattr(error, 'problem', None) or error}"]) from error
    if root is None or not isinstance(raw, dict):
        raise FixtureFault([f"{path.name}:1: the file is not a mapping of fields"])
    try:
        content = shape.model_validate(raw)
    except ValidationError as error:
        raise FixtureFault(
            _fault(
                path.name,
                root,
                tuple(part for part in fault["loc"] if part != "[key]"),
                fault["msg"].removeprefix("Value error, "),
            )
            for fault in error.errors(include_url=False)
        ) from error
    return FixtureFile(path.name, content, root)
