"""Predictions of a model that nobody trusts: the cage, what runs in it, what its files show before."""
