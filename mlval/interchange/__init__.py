"""Contracts and suites of other tools, read and written: plain data in, plain data and its coverage out."""
