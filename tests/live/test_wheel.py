"""The wheel: complete, and at work where there is no checkout."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.live


def pip(*args: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, *map(str, args)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", ROOT, "--no-deps", "-w", folder)
    [built] = folder.glob("monitor-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    folder = wheel.parent / "installed"
    pip("install", wheel, "--no-deps", "--target", folder)
    return folder


Run = Callable[..., str]


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs Python with the installed package, and only the libraries of this environment."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
    libraries = os.pathsep.join([str(installed), *site.getsitepackages()])

    # -S leaves out site and with it the editable install's path to the checkout.
    def run(*args: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, "-S", *map(str, args)],
            cwd=tmp_path,
            env=clean | {"PYTHONPATH": libraries},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_wheel_holds_all_that_the_program_reads_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    config = {each.relative_to(ROOT / "config") for each in (ROOT / "config").rglob("*.*")}
    package = {each.relative_to(ROOT) for each in (ROOT / "monitor").rglob("*.*")}
    wanted = {f"monitor/defaults/{each.as_posix()}" for each in config}
    wanted |= {each.as_posix() for each in package if each.suffix not in (".pyc", ".swp")}

    assert {
        "monitor/py.typed",
        "monitor/reports/fonts/NotoSansSC-gbk.ttf",
        "monitor/reports/fonts/OFL.txt",
        "monitor/alerts/templates/mail.html",
        "monitor/alerts/templates/mail.txt",
        "monitor/reports/templates/overview.html.j2",
        "monitor/defaults/rules/columns.toml",
    } <= names
    assert wanted - names == set()
    assert not [name for name in names if name.startswith(("tests/", "bench/", "config/"))]


def test_the_installed_package_is_the_wheels_and_not_the_checkout(
    run: Run, installed: Path
) -> None:
    where = run("-c", "import monitor; print(monitor.__file__)").strip()

    assert Path(where) == installed / "monitor" / "__init__.py"


def test_the_installed_command_does_the_job_without_the_checkout(
    run: Run, samples: Path, tmp_path: Path
) -> None:
    document = samples / "targets" / "000_693a2733444ec33a.txt"
    office = ("--workspace", tmp_path / "办公室")
    run("-m", "monitor", "init", tmp_path / "办公室")
    run("-m", "monitor", "targets", "import", *office, document)
    run("-m", "monitor", "report", "self-assessment", *office,
        "--year", year_of(run, tmp_path / "办公室"), "--provisional", "--out", "草稿")  # fmt: skip

    drafts = list((tmp_path / "草稿").rglob("*.docx"))
    assert drafts
    assert all(zipfile.is_zipfile(each) for each in drafts)


def year_of(run: Run, folder: Path) -> str:
    ask = f"import monitor; print(monitor.open({str(folder)!r}).plan_months().popitem()[0])"
    return run("-c", ask).strip()
