"""LibreOffice, where the machine has it: a tool of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest.form_documents import Truth, documents


def writer() -> str:
    """The program that converts text documents; skips the test where there is none."""
    return shutil.which("soffice") or _missing("LibreOffice", "libreoffice-writer-nogui")


def calc() -> str:
    """The program that converts workbooks, which is a part of its own; skips likewise."""
    found = shutil.which("soffice")
    if found is None or not list(Path(found).resolve().parent.glob("libsclo*")):
        return _missing("LibreOffice Calc", "libreoffice-calc-nogui")
    return found


def _missing(name: str, package: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is missing: apt-get install {package}")
    pytest.skip(f"{name} is not on this machine")


def convert(soffice: str, sources: list[Path], form: str, folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, timeout=120, capture_output=True)


def convert_samples(
    soffice: str, truth: Truth, make: Callable[[Truth], bytes], forms: tuple[str, str], folder: Path
) -> Iterator[tuple[str, bytes]]:
    """The samples made in the first form and converted to the second, by name and bytes."""
    made, form = forms
    sources = []
    for source, projects in documents(truth).items():
        sources.append(folder / f"{source}.{made}")
        sources[-1].write_bytes(make(projects))
    convert(soffice, sources, form, folder / "written")
    for path in sorted((folder / "written").glob(f"*.{form}")):
        yield path.stem, path.read_bytes()
