"""What the documents show is what comes out: their examples run for real, on the sample county."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.examples import blocks, examples, outputs


@pytest.mark.parametrize("name", ["README.md", "docs/manual.zh.md"])
def test_every_example_prints_what_the_document_shows(name: str, beside_the_demo: Path) -> None:
    shown = examples((ROOT / name).read_text(encoding="utf-8"))

    printed = outputs([example.command for example in shown], beside_the_demo)

    assert len(shown) > 5
    for example, output in zip(shown, printed, strict=True):
        assert re.fullmatch(example.pattern, output), f"$ {example.command}\n{output}"


def test_the_notebook_of_the_readme_gives_a_sum_for_each_unit(beside_the_demo: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [notebook] = blocks(readme, "python")
    script = notebook.rstrip().replace("\nframe.", "\nresult = frame.")
    (beside_the_demo / "notebook.py").write_text(f"{script}\nprint(len(result))\n")

    printed = outputs(
        [
            "monitor init office",
            "cd office",
            "monitor targets import --year 2025 ../demo/sample/targets/*.txt",
            "python ../notebook.py",
        ],
        beside_the_demo,
    )

    assert printed[-1] == "12\n"
