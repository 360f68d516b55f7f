"""`python -m monitor` and the command `monitor`."""

from __future__ import annotations

import sys

from monitor import collector


def main() -> None:
    """Runs the command line as a program of its own; see `monitor.cli.main`."""
    collector.seldom()
    try:
        from monitor.cli import interrupts
        from monitor.cli.main import main as run

        interrupts.tell_once()
        run()
    except KeyboardInterrupt:  # while the program starts or ends
        sys.stderr.write("已中止。\n")
        sys.exit(130)
    finally:
        collector.leave_all()


if __name__ == "__main__":
    main()
