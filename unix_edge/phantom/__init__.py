"""Computed phantom chest radiographs: what they show, in words and as images."""

from .compute import VERSION, Phantom, compute_phantom

__all__ = ["VERSION", "Phantom", "compute_phantom"]
