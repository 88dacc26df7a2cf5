"""The widgets that show an image, and all that is drawn over it."""
