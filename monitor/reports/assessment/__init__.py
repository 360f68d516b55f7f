"""The self-assessment (绩效自评): its facts, its draft, its layout."""
