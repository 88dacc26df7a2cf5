"""Drafts of reports as they are written, without Qt: their text, where it is kept, and what is odd about it."""
