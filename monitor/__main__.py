"""`python -m monitor` and the command `monitor`."""

from monitor.cli.main import main

if __name__ == "__main__":
    main()
