"""What was signed: frozen, and held against what has changed since."""
