"""Words that are translated where there is no Qt."""
