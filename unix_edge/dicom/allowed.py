"""The allow-list of anonymised copies: what of a radiograph's header identifies nobody, and with which values."""

from pydicom.sr.coding import Code
from pydicom.uid import SecondaryCaptureImageStorage

from .chest import CHESTS, OTHER_PARTS, RADIOGRAPHS

SOP_CLASSES = RADIOGRAPHS | {SecondaryCaptureImageStorage}
_YES_NO = frozenset({"YES", "NO"})
# fmt: off
TERMS: dict[str, frozenset[str]] = {
    "ImageType": frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY"}),
    "SyntheticData": _YES_NO, "BurnedInAnnotation": _YES_NO, "RecognizableVisualFeatures": _YES_NO,
    "Modality": frozenset({"CR", "DX", "OT", "RG"}), "BodyPartExamined": CHESTS | OTHER_PARTS,
    "ConversionType": frozenset({"DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN"}),
    "PresentationIntentType": frozenset({"FOR PRESENTATION", "FOR PROCESSING"}),
    "ViewPosition": frozenset({"AP", "PA", "LL", "RL", "RLD", "LLD", "RLO", "LLO", "LPO", "RPO", "LAT", "LATERAL"}),
    "Laterality": frozenset({"R", "L"}), "ImageLaterality": frozenset({"R", "L", "U", "B"}),
    "PositionerType": frozenset({"CARM", "COLUMN", "NONE"}), "Grid": frozenset({"IN", "NONE"}),
    "PatientOrientation": frozenset("ARLPHF") | {a + b for a in "ARLPHF" for b in "ARLPHF"},
    "DetectorType": frozenset({"DIRECT", "SCINTILLATOR", "STORAGE", "FILM"}),
    "DetectorConfiguration": frozenset({"AREA", "SLOT"}), "FieldOfViewHorizontalFlip": _YES_NO,
    "FieldOfViewShape": frozenset({"RECTANGLE", "ROUND", "HEXAGONAL"}),
    "CollimatorShape": frozenset({"RECTANGULAR", "CIRCULAR", "POLYGONAL"}),
    "ShutterShape": frozenset({"RECTANGULAR", "CIRCULAR", "POLYGONAL"}),
    "PixelIntensityRelationship": frozenset({"LIN", "LOG", "DISP"}), "RescaleType": frozenset({"US", "OD", "HU"}),
    "VOILUTFunction": frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"}),
    "PresentationLUTShape": frozenset({"IDENTITY", "INVERSE"}),
    "PixelSpacingCalibrationType": frozenset({"GEOMETRY", "FIDUCIAL"}),
    "LossyImageCompression": frozenset({"00", "01"}),
    "LossyImageCompressionMethod": frozenset({"ISO_10918_1", "ISO_14495_1", "ISO_15444_1"}),
    "QualityControlImage": _YES_NO,
}
"""Elements that survive with one of these values."""
NUMBERS = (
    "SeriesNumber", "InstanceNumber", "AcquisitionNumber", "PixelSpacing", "ImagerPixelSpacing",
    "NominalScannedPixelSpacing", "PixelAspectRatio", "EstimatedRadiographicMagnificationFactor",
    "DistanceSourceToDetector", "DistanceSourceToPatient", "KVP", "XRayTubeCurrent", "ExposureTime", "Exposure",
    "ExposureInuAs", "ExposureTimeInuS", "ImageAndFluoroscopyAreaDoseProduct", "FocalSpots", "Sensitivity",
    "RelativeXRayExposure", "ExposureIndex", "TargetExposureIndex", "DeviationIndex", "FieldOfViewDimensions",
    "FieldOfViewRotation", "FieldOfViewOrigin", "CollimatorLeftVerticalEdge", "CollimatorRightVerticalEdge",
    "CollimatorUpperHorizontalEdge", "CollimatorLowerHorizontalEdge", "CenterOfCircularCollimator",
    "RadiusOfCircularCollimator", "VerticesOfThePolygonalCollimator", "ShutterLeftVerticalEdge",
    "ShutterRightVerticalEdge", "ShutterUpperHorizontalEdge", "ShutterLowerHorizontalEdge", "CenterOfCircularShutter",
    "RadiusOfCircularShutter", "VerticesOfThePolygonalShutter", "ShutterPresentationValue",
    "PixelIntensityRelationshipSign", "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleIntercept",
    "RescaleSlope", "WindowCenter", "WindowWidth", "LossyImageCompressionRatio",
)
"""Elements that survive where they are numbers."""
LUTS = ("ModalityLUTSequence", "VOILUTSequence")
CODES = ("AnatomicRegionSequence", "ViewCodeSequence")
REFERENCES = ("SourceImageSequence", "ReferencedImageSequence")
EMPTIED = (
    "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID", "PatientBirthDate",
    "PatientSex", "Manufacturer",
)
"""Elements of Type 2: always there, never with a value."""
EMPTY_WHERE_REFUSED = (
    "SeriesNumber", "InstanceNumber", "PatientOrientation", "BodyPartExamined", "ViewPosition", "DetectorType",
    "PositionerType", "Laterality", "AcquisitionContextSequence", "AnatomicRegionSequence",
    "PositionReferenceIndicator",
)
KNOWN_CODES = {
    (code.value, code.scheme_designator): code
    for code in (
        Code("816094009", "SCT", "Chest"),
        Code("51185008", "SCT", "Chest"), Code("T-D3000", "SRT", "Chest"), Code("T-D3000", "SNM3", "Chest"),
        Code("39607008", "SCT", "Lung"), Code("T-28000", "SRT", "Lung"),
        Code("399348003", "SCT", "antero-posterior"), Code("R-10206", "SRT", "antero-posterior"),
        Code("272479007", "SCT", "postero-anterior"), Code("R-10214", "SRT", "postero-anterior"),
        Code("399033003", "SCT", "frontal"), Code("R-10202", "SRT", "frontal"),
        Code("399067008", "SCT", "lateral"), Code("R-102CD", "SRT", "lateral"),
        Code("399173006", "SCT", "left lateral"), Code("R-10236", "SRT", "left lateral"),
        Code("399198007", "SCT", "right lateral"), Code("R-10232", "SRT", "right lateral"),
    )
}
# fmt: on
"""The codes of PS3.16 CID 4009 and 4010 that a chest radiograph has, and their older forms."""
