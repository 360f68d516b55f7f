"""Random sets of payment lists through the real import, each held against its known truth.

    python -m bench.fuzz_payments [--cases 2000] [--seed 1]

What is checked, and how the lists are made: tests/ingest/test_generated_lists.py. A failing case
is shrunk to a small one and printed with a traceback; exit status 1 then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

TESTS = "tests/ingest/test_generated_lists.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", TESTS]
    command += [f"--hypothesis-seed={said.seed}", "--hypothesis-show-statistics"]
    environment = os.environ | {"MONITOR_LIST_EXAMPLES": str(said.cases)}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
