"""What checks share: evidence gathered by asks, compared, and told as measurements."""
