"""DICOM in and out."""

DICOM_IMAGE = "The DICOM image"
"""What a DICOM image is called in a sentence, where it has no file name."""
