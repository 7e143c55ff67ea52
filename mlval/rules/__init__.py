"""Data rules: one file each, named after its key in the contract."""
