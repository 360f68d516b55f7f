"""A made-up county, deterministic, on which the whole job can be tried."""
