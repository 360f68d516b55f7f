"""`python -m monitor` and the command `monitor`."""

from __future__ import annotations

from monitor import collector


def main() -> None:
    """Runs the command line as a program of its own; see `monitor.cli.main`."""
    collector.seldom()
    from monitor.cli.main import main as run

    try:
        run()
    finally:
        collector.leave_all()


if __name__ == "__main__":
    main()
