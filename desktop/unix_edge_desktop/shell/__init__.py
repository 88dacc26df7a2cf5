"""The window and what only it may name: menus, keys, settings, and the features that join several parts."""
