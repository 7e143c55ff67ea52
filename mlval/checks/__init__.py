"""Checks: one file each, named after the `type:` of a validation."""
