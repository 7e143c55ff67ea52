"""The stories: one readable order of work a file; every effect is an argument."""
