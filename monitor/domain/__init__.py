"""What the field knows: money, codes, checkpoints, targets, payments, progress, scoring.

Pure values and functions. Nothing here reads a file, a database or the clock.
"""
