"""What a reader reads: the list of studies, loading, and which picture hangs where."""
