"""The desktop viewer: radiographs read, measured, drafted and signed off at one screen."""

from unix_edge import __version__ as __version__  # before anything imports pydicom, which would open a socket
