"""Arrays or counts in, numbers out: this room sees no table, no threshold and no contract."""
