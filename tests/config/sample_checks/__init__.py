"""Two small checks that have everything a check may have, to test the loader without the real ones."""
