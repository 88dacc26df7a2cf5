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
        <source>Text that is burned into an image is not looked for and cannot be excluded: look at each image before a copy leaves the house. Names, dates and all free text are left out, identifiers are replaced alike within this export, and the files themselves stay as they are.</source>
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
        <source>Drawings of more than 2,000 lines in all were left out.</source>
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
    <name>Sentences</name>
    <message>
        <source>A layer&apos;s name is taken or has other than 16 capitals and digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A line has fewer than two points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A newer version of this program wrote it, so it is only read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A place is far outside the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A text is empty, longer than {0} bytes, or nowhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another window of this program has it open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archives within archives are not opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoding it needs more memory than it may have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoding it took longer than {0} seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It became shorter while it was read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It became unreadable while it was read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be opened ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not say what its images were chosen for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It exists already; choose another name, for nothing is overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has a Presentation LUT of its own, which is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has more than {0} elements.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has more than {0} files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has more than {0} records.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no frame {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has two shutters of one shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It holds no image (SOPClassUID missing).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It holds no image (TransferSyntaxUID missing).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It holds no image ({0} missing).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is a link or a device, not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is a link, which is not followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is a program or belongs to one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is called DICOMDIR, and names no file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is cut short, or an element claims to be longer than the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is in colour or has several frames, and only single gray images are understood.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is larger than {0} MiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is neither DICOM, PNG nor JPEG.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no CR, DX or single Secondary Capture image, and only those are understood.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no DICOM file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no Grayscale Softcopy Presentation State.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no Key Object Selection Document.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no ZIP archive, or is cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is no regular file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is packed more than {0} times smaller, as no image is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It refers to no image that its evidence lists.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It shows its images differently, and none of them was named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It subtracts one frame from another, which is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its Columns are odd, which YBR_FULL_422 does not allow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its DICOM structure is broken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its HighBit contradicts BitsStored and BitsAllocated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its JPEG 2000 components differ in size or depth.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its JPEG 2000 data do not begin with a codestream.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its JPEG process is not that of its transfer syntax.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its Modality LUT is not the image&apos;s own, which is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its ModalityLUTSequence contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its NumberOfFrames is no number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its NumberOfFrames is not from 1 to {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its PhotometricInterpretation is none that can be shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its PixelData are no bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its PixelRepresentation or PlanarConfiguration is neither 0 nor 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its Presentation LUT Shape is neither IDENTITY nor INVERSE.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its Rescale Slope contradicts the image&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its RescaleSlope or RescaleIntercept cannot be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its Rows and Columns are not from 1 to {0} pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its SamplesPerPixel contradicts its PhotometricInterpretation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its bit depth, BitsAllocated and BitsStored, is none from 8 to 16 bits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its colour palette is missing, segmented, or contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its compressed pixel data are incomplete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its compressed pixel data contradict themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its deflated data are broken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its deflated data are larger than {0} MiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its file cannot be opened or made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its files are larger than {0} GiB together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its image data are broken or cut short ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its name leads out of the archive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data are cut short.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data are deeper than its header says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data are not encapsulated as they must be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data are of another size than its header says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data cannot be decoded ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixel data do not say where each frame begins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its rotation is none by right angles, or its flip is neither Y nor N.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its rotation is none by right angles, or its label no Code String.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its sequences are nested more than {0} deep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its shape {0} is neither (H, W) nor (H, W, 3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its sides are not from 1 to {0} pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its structure is nested too deeply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its structure or its pixel data are broken ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its table of frames contradicts its pixel data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its values are {0}, not uint8 or, for gray, uint16.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its window is a threshold in other values than the image&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its window or VOI LUT contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its {0} is not one unsigned short number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No anonymised copy was made: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of this study is marked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No process could be started to decode it; close others and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the files holds an image that can be copied{0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of archives only ZIP is opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One mouse button must be left for the chosen tool; nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One of its images is of another study.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One of the images is of another study, or chosen twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password-protected archives are not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading its header took longer than {0} seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several files in the archive have its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something failed that should not ({0}); nothing unfinished was kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped before anything was finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it is a DICOMDIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it would lie outside the DICOMDIR&apos;s folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The archive is broken ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calibration was not used: its line must have a length above 0 mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The displayed area has no pixel spacing or magnification to show it by.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The displayed area&apos;s corners contradict the rotation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder cannot be made ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is in colour, and such a state is of gray images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image&apos;s header has no Rows and Columns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image&apos;s header has no valid {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image&apos;s header has no {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of studies in {0} cannot be used: {1}. No image was touched; files can be opened without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of studies was broken: it was set aside as {0}, and an empty one was begun. Open your folders again to fill it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The index of studies was written by a newer version of this program, and is only read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key {0} already belongs to &quot;{1}&quot;; nothing was changed. Choose another, or take it away there first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key {0} moves the focus or closes the window; nothing was changed. Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key {0} would be triggered by typing, as &quot;{1}&quot; counts in the whole window; nothing was changed. Add Ctrl or Alt, or choose a function key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The names&apos; beginning is not of 1 to {0} letters and digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The presentation state was not read: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The presentation state was not written: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The printer does not take it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that computes it died, or the disk is full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that decodes it died; nothing else was harmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that reads its header died; nothing else was harmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pseudonym is empty, has more than {0} bytes, or control characters, \ or =.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pseudonym is the patient&apos;s own name or ID.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret is shorter than {0} bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selection of key images was not changed: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selection of key images was not read: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selection of key images was not written: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The way in which it is packed is not supported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such file in the archive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such mouse button or no such use of one; nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for this; nothing was written. Close other programs and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough space in {0}. Nothing was left there; free some and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own keys could not be read, so the usual ones are in force; the file was left as it is until you change a key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} was not read: {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} was not written: {1}.</source>
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
