"""The words of the project as frozen types; nothing here reads, writes or decides."""
