"""Text of a contract to frozen values: every mistake is found at once, with its place and a way out."""
