"""Files of strangers, read in child processes that may die of them: the children, and what they answer."""
