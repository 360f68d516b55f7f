"""Charts: how they are drawn and saved."""
