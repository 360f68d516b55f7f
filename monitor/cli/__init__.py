"""The command line: one module a command group; `output` is the one printer."""
