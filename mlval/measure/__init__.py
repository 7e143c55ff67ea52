"""Asks turned into SQL, and answered by the engine."""
