"""From a report to text: Markdown, result.json, JUnit, terminal. Nothing here posts, prints or decides."""
