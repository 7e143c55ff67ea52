"""What an edit of a contract does to its demands, and on which terms failures pass: no files, no network."""
