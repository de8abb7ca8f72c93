"""What a run's processes share: the first that wants it makes it, the others find it made."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def folder_of_the_run(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run have; it goes with the folders of their tests."""
    own = factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


def once_in_a_run(folder: Path, name: str, make: Callable[[], None]) -> None:
    """Make what has this name, unless a process of the run has; who comes meanwhile waits.

    If making it fails, the next one tries again.
    """
    is_done = folder / f"{name}-made"
    with (folder / f"{name}-turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not is_done.exists():
            make()
            is_done.touch()
