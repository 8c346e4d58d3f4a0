"""The house's own nodes on the engine's base classes, so that a flow reads like the process that it draws.

* :class:`Step` - a task for a role at a scope, with a deadline (BPMN user task).
* :class:`ForEach` - one branch per party or per member (parallel gateway; its targets are multi-instance).
* :class:`ChainStep` - a party's decision chain, as many steps as its profile says (sequential multi-instance).
* :class:`Meet` - where branches meet again; can end the other branches when the outcome is settled.
* :class:`Choice` - which way to go (exclusive gateway). :class:`Pause` - wait until a date (timer event).
* :class:`Begin`, :class:`Finish`, :class:`Aside` - start, ends, and a start beside the main path.

The engine saves a task several times as it passes; these nodes write each row once and all rows of a split
together, so that a step costs a constant number of statements. What they need to know of the moment, they find
in the act that ``process.act`` holds.
"""

from workflows.nodes.events import Aside, Begin, Finish, Script
from workflows.nodes.gateways import Choice, ForEach, Meet, outcome
from workflows.nodes.pauses import Pause
from workflows.nodes.rows import Holder
from workflows.nodes.steps import ChainStep, Step

__all__ = [
    "Aside",
    "Begin",
    "ChainStep",
    "Choice",
    "Finish",
    "ForEach",
    "Holder",
    "Meet",
    "Pause",
    "Script",
    "Step",
    "outcome",
]
