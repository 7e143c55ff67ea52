"""The one judge: measurements in, outcomes and a verdict out."""
