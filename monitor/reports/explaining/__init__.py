"""Every figure of a project, down to file and line."""
