"""Drafts of reports, without Qt: the process that makes them, their text as it is written, and where it is kept."""
