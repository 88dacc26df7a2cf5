"""UniX checkpoints to ONNX engines, and the PyTorch reference path that they are measured against."""

import unix_edge  # noqa: F401, I001 - first: it takes the current folder off the path

import socket

# Some of what is imported below would bind a socket just to see whether there is IPv6; an export opens none.
socket.has_ipv6 = False
