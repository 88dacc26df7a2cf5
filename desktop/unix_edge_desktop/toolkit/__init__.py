"""Qt in general: background work, the look, what outlives a mistake. Nothing of radiology."""
