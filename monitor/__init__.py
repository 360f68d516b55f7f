"""Budget-execution monitor: `app = monitor.open("folder"); app.progress(as_of=...)`."""

__version__ = "0.1.0"
