"""A gate for machine learning changes: contract in, verdict out."""

__version__ = "0.1.0"
