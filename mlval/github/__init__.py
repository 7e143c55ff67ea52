"""Everything said to GitHub and to its runner; handed rendered text, it decides nothing about verdicts."""
