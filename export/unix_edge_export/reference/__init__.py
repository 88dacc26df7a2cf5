"""The PyTorch reference path: the UniX model as published, written to be read beside the paper's figure."""
