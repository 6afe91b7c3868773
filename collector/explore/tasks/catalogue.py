"""Every task by its id; a new one is a line in its site's or program's module."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

from collector.explore.tasks import desktop, web
from collector.explore.tasks.task import Task


def _found() -> dict[str, Task]:
    tasks: dict[str, Task] = {}
    for package in (web, desktop):
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            made = importlib.import_module(f"{package.__name__}.{module}")
            for task in made.TASKS:
                assert task.id not in tasks, task.id
                tasks[task.id] = task
    return tasks


TASKS: Final = _found()
