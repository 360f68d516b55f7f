"""Facts into documents people sign and read: self-assessment drafts, charts, the overview."""
