"""UniX checkpoints to ONNX engines, and the PyTorch reference path that they are measured against."""
