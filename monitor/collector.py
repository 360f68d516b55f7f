"""Python's search for cyclic garbage, put off while very many plain values are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def seldom() -> None:
    """For a program that makes ten thousands of values at its start, nearly all of which stay."""
    gc.set_threshold(20_000)


def leave_all() -> None:
    """The program ends: there is no use in looking through all that it holds."""
    gc.freeze()


@contextmanager
def put_off() -> Iterator[None]:
    """Values without cycles need no search: of a long list it takes a tenth of the time, of the
    check of 50,000 projects a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
