"""A paper as a page shows it: the same words as on the printed one."""

from __future__ import annotations

from typing import Any

from cases.papers.paper import Block, Paper, Section, Table, cleaned

Item = dict[str, Any]


def paper_view(paper: Paper) -> Item:
    """The paper's parts for ``workflows/papers/paper.html``."""
    paper = cleaned(paper)
    return {
        "kind": paper.kind,
        "sender": paper.sender,
        "number": paper.number,
        "facts": paper.facts,
        "sections": [_section(section) for section in paper.sections],
        "footer": paper.footer,
    }


def _section(section: Section) -> Item:
    heading = f"{section.sign} {section.heading}".strip()
    return {"heading": heading, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> Item:
    item: Item = {"kind": type(block).__name__.lower(), "block": block}
    if isinstance(block, Table):
        item["rows"] = [
            [{"label": column.label, "text": text} for column, text in zip(block.columns, row, strict=True)]
            for row in block.rows
        ]
    return item
