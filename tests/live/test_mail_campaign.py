"""A small sample of bench/mail_campaign.py: faults of a real server, senders killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]


def test_no_mail_is_lost_and_none_doubled_outside_of_its_window() -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.mail_campaign",
         "--mails", "60", "--faults", "45", "--kills", "10", "--seed", "3", "--limit", "60"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr

    figures = json.loads(ran.stdout)
    assert figures["kills"] == 10
    assert figures["faults put in"] >= 30
    assert figures["states"]["sent"] >= 58
    assert (figures["lost"], figures["doubled outside of the window"]) == (0, 0)
    assert (figures["altered"], figures["told more than once"]) == (0, 0)
    assert figures["never@"].startswith("failed")
    assert figures["later@"].startswith("waiting")
