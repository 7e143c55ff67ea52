"""References to tables: where they may lead, what their files are, and that they can be read."""
