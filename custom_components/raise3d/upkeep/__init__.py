"""Counts what a printer has done since its maintenance; imports no Home Assistant."""

from .amounts import Amounts, Counted, counters
from .failed import FailedPrints
from .ledger import Ledger
from .meter import Meter
from .task import Task, TaskState

__all__ = [
    "Amounts",
    "Counted",
    "FailedPrints",
    "Ledger",
    "Meter",
    "Task",
    "TaskState",
    "counters",
]
