"""Opening a file: its container, what no cell shows, personal numbers, markup, the project's own layout."""
