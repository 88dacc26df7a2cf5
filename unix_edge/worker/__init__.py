"""The model in a process of its own: what the app asks of it and hears from it, and the process (`serve`)."""
