"""What is traced: one module for each graph of a bundle, made of the reference path's own layers."""
