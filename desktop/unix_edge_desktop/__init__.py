"""The desktop viewer: radiographs read, measured, drafted and signed off at one screen."""
