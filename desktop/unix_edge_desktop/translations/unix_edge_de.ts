<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About UniX Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Icon of UniX Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UniX Edge {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no medical device and has not been cleared as one. It reaches no network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images are linked, never copied or changed. No GSDF correction is applied to the monitor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licensed under Apache-2.0. It uses Qt for Python under LGPL-3.0.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Adjust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save view...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save whole image as PNG...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make anonymised copies...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that were not opened...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove study from list...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select next measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two views side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two views one above the other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Four views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximise or restore view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Synchronise zoom and pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with prior</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More or less text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide patient text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show overlays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show shutters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show drawings of presentation state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to studies or image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save key images of study...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open presentation state...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save presentation state...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove presentation state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wider window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Narrower window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Darker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit to view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Twice as large as the pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip left and right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip top and bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cardiothoracic ratio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate by selected length...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open sample study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Monitor test pattern</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About UniX Edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset 9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window presets</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AnonymiseDialog</name>
    <message>
        <source>Anonymised copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder in which a new one is made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patients are called</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped; no copy was left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies are being made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To be copied:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New folder in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patients are called:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text that is burned into an image is not looked for and cannot be excluded: look at each image before a copy leaves the house. Dates, names, numbers and all free text are left out, identifiers are replaced alike within this export, and the files themselves stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It stops after the file that is being copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} copies are in {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not copied:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>No image. Open or drop a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Radiograph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No longer a key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SYNTHETIC - not a patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>born</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>orientation unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inverted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LOSSY</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patient hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VOI LUT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presentation state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>n</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>median</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cobb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CTR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm at detector (not corrected for magnification)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm calibrated: calibration unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm calibrated by user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm, meaning unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm on scanned film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presentation LUT Shape contradicts Photometric Interpretation; Photometric Interpretation was followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A window or VOI LUT of the file cannot be used and was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file&apos;s pixel padding cannot be used and was ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All pixels are alike: the image has no content.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is in colour; its luminance is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some text of the header could not be decoded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file begins like a program; do not copy or run it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The size in millimetres that the presentation state asks for was left out: the image was fitted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No GSDF correction applied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dim the room as for reading. All 16 patches and both small squares in each corner patch should be seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bitmap shutter was left out: only rectangles, circles and polygons are shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A shutter of unknown shape was left out: only rectangles, circles and polygons are shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rectangular shutter was left out: it contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The circular shutter was left out: it contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The polygonal shutter was left out: it contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The overlays of the presentation state were left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All but the first window or VOI LUT was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The displayed area was left out: it contradicts itself or the rotation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file says that text which identifies the patient is burned into the image: it is still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text burned into the image was not looked for and cannot be excluded. The file says that there is none; look at the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text burned into the image was not looked for and cannot be excluded. The file does not say whether there is any; look at the image.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CanvasGrid</name>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Radiograph {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These images are of different patients.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not known whether these images are of one patient.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>This study has no images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series has no images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no earlier study of this patient in the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image. Open or drop a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the image...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Save as PNG...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy to clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The view was copied to the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The view was copied to the clipboard, without text on the patient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PDF...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF documents (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a presentation state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DICOM files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How is the presentation state to be applied?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawings only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} images are marked as key images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image to be copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample images are computed, once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image in this view.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The view was sent to the printer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped; nothing was left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The presentation state was applied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailureList</name>
    <message>
        <source>Files that were not opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that were not opened: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>This image has no preset {0}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Keys and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the chosen tool, at first window and level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next and previous image; zoom where there is one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zoom at the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Links removed: {0}. No file was touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going on with what was being opened when the app ended.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>All files (*);;DICOM (*.dcm *.dicom *.ima DICOMDIR);;Archives and pictures (*.zip *.png *.jpg)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a study in the list first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this study from the list? Its files stay where they are, untouched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a length in the image first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many millimetres long is the selected line?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only files on this machine are opened; nothing was fetched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of opening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop opening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files not opened: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Measurements, overlays and drawings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text on patient and study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text that is burned into the image stays in it, whatever is chosen here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale of text and controls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide patient text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another language is used when the app is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As usual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reverse window and level: left is wider, down is brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The wheel zooms, also where there are several images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the new key in the field first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StudyTree</name>
    <message>
        <source>Name, ID, date, description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest {0} of {1} studies are shown. Search for others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No study found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No studies yet. Open or drop files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient {0}, hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study {0}, hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Synthetic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has changed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
