"""One image, without Qt: its window, its place in a view, and what is measured on it."""
