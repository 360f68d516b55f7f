"""A unit's own report (单位自评报告) and the summary of all projects."""
