"""The cage: a program that nobody trusts runs with what it was given, and with nothing else."""
