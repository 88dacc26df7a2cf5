<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About UniX Edge</source>
        <translation>Über UniX Edge</translation>
    </message>
    <message>
        <source>Icon of UniX Edge</source>
        <translation>Symbol von UniX Edge</translation>
    </message>
    <message>
        <source>UniX Edge {0}</source>
        <translation>UniX Edge {0}</translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation>Nur für die Forschung. Nicht zur Diagnose.</translation>
    </message>
    <message>
        <source>It is no medical device and has not been cleared as one. It reaches no network.</source>
        <translation>Es ist kein Medizinprodukt und nicht als solches zugelassen. Es greift auf kein Netz zu.</translation>
    </message>
    <message>
        <source>Images are linked, never copied or changed. No GSDF correction is applied to the monitor.</source>
        <translation>Bilder werden verknüpft, nie kopiert oder verändert. Der Bildschirm wird nicht nach GSDF korrigiert.</translation>
    </message>
    <message>
        <source>Licensed under Apache-2.0. It uses Qt for Python under LGPL-3.0.</source>
        <translation>Lizenziert unter Apache-2.0. Es verwendet Qt für Python unter LGPL-3.0.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation>B&amp;ild</translation>
    </message>
    <message>
        <source>&amp;Adjust</source>
        <translation>&amp;Anpassen</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>&amp;Report</source>
        <translation>&amp;Befund</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open files...</source>
        <translation>Dateien öffnen...</translation>
    </message>
    <message>
        <source>Open folder...</source>
        <translation>Ordner öffnen...</translation>
    </message>
    <message>
        <source>Close image</source>
        <translation>Bild schließen</translation>
    </message>
    <message>
        <source>Save view...</source>
        <translation>Ansicht speichern...</translation>
    </message>
    <message>
        <source>Save whole image as PNG...</source>
        <translation>Ganzes Bild als PNG speichern...</translation>
    </message>
    <message>
        <source>Print...</source>
        <translation>Drucken...</translation>
    </message>
    <message>
        <source>Make anonymised copies...</source>
        <translation>Anonymisierte Kopien erstellen...</translation>
    </message>
    <message>
        <source>Files that were not opened...</source>
        <translation>Nicht geöffnete Dateien...</translation>
    </message>
    <message>
        <source>Remove study from list...</source>
        <translation>Studie aus der Liste entfernen...</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Undo measurement</source>
        <translation>Messung rückgängig</translation>
    </message>
    <message>
        <source>Redo measurement</source>
        <translation>Messung wiederholen</translation>
    </message>
    <message>
        <source>Delete measurement</source>
        <translation>Messung löschen</translation>
    </message>
    <message>
        <source>Delete all measurements of image</source>
        <translation>Alle Messungen des Bildes löschen</translation>
    </message>
    <message>
        <source>Select next measurement</source>
        <translation>Nächste Messung wählen</translation>
    </message>
    <message>
        <source>Cancel tool</source>
        <translation>Werkzeug abbrechen</translation>
    </message>
    <message>
        <source>Copy view</source>
        <translation>Ansicht kopieren</translation>
    </message>
    <message>
        <source>Search studies</source>
        <translation>Studien suchen</translation>
    </message>
    <message>
        <source>Settings...</source>
        <translation>Einstellungen...</translation>
    </message>
    <message>
        <source>One view</source>
        <translation>Eine Ansicht</translation>
    </message>
    <message>
        <source>Two views side by side</source>
        <translation>Zwei Ansichten nebeneinander</translation>
    </message>
    <message>
        <source>Two views one above the other</source>
        <translation>Zwei Ansichten übereinander</translation>
    </message>
    <message>
        <source>Four views</source>
        <translation>Vier Ansichten</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>Nächste Ansicht</translation>
    </message>
    <message>
        <source>Maximise or restore view</source>
        <translation>Ansicht maximieren oder zurücksetzen</translation>
    </message>
    <message>
        <source>Synchronise zoom and pan</source>
        <translation>Zoom und Verschieben koppeln</translation>
    </message>
    <message>
        <source>Compare with prior</source>
        <translation>Mit Voraufnahme vergleichen</translation>
    </message>
    <message>
        <source>More or less text</source>
        <translation>Mehr oder weniger Text</translation>
    </message>
    <message>
        <source>Hide patient text</source>
        <translation>Patiententext ausblenden</translation>
    </message>
    <message>
        <source>Show overlays</source>
        <translation>Overlays zeigen</translation>
    </message>
    <message>
        <source>Show shutters</source>
        <translation>Blenden zeigen</translation>
    </message>
    <message>
        <source>Show drawings of presentation state</source>
        <translation>Zeichnungen des Präsentationszustands zeigen</translation>
    </message>
    <message>
        <source>Show studies</source>
        <translation>Studien zeigen</translation>
    </message>
    <message>
        <source>Go to studies or image</source>
        <translation>Zu Studien oder Bild wechseln</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>DICOM elements...</source>
        <translation>DICOM-Elemente...</translation>
    </message>
    <message>
        <source>Previous study in list</source>
        <translation>Vorige Studie der Liste</translation>
    </message>
    <message>
        <source>Next study in list</source>
        <translation>Nächste Studie der Liste</translation>
    </message>
    <message>
        <source>Older prior</source>
        <translation>Ältere Voraufnahme</translation>
    </message>
    <message>
        <source>Newer prior</source>
        <translation>Neuere Voraufnahme</translation>
    </message>
    <message>
        <source>Previous image</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Next image</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>First image</source>
        <translation>Erstes Bild</translation>
    </message>
    <message>
        <source>Last image</source>
        <translation>Letztes Bild</translation>
    </message>
    <message>
        <source>Play or stop</source>
        <translation>Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Previous series</source>
        <translation>Vorige Serie</translation>
    </message>
    <message>
        <source>Next series</source>
        <translation>Nächste Serie</translation>
    </message>
    <message>
        <source>Key image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>Save key images of study...</source>
        <translation>Schlüsselbilder der Studie speichern...</translation>
    </message>
    <message>
        <source>Open presentation state...</source>
        <translation>Präsentationszustand öffnen...</translation>
    </message>
    <message>
        <source>Save presentation state...</source>
        <translation>Präsentationszustand speichern...</translation>
    </message>
    <message>
        <source>Remove presentation state</source>
        <translation>Präsentationszustand entfernen</translation>
    </message>
    <message>
        <source>Show measurements</source>
        <translation>Messungen zeigen</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>Fenster und Lage</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Automatic window</source>
        <translation>Automatisches Fenster</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Invertieren</translation>
    </message>
    <message>
        <source>Wider window</source>
        <translation>Breiteres Fenster</translation>
    </message>
    <message>
        <source>Narrower window</source>
        <translation>Schmaleres Fenster</translation>
    </message>
    <message>
        <source>Brighter</source>
        <translation>Heller</translation>
    </message>
    <message>
        <source>Darker</source>
        <translation>Dunkler</translation>
    </message>
    <message>
        <source>Fit to view</source>
        <translation>In Ansicht einpassen</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>Originalgröße (1:1)</translation>
    </message>
    <message>
        <source>Twice as large as the pixels</source>
        <translation>Doppelte Größe (2:1)</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>Wahre Größe</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Pan left</source>
        <translation>Nach links verschieben</translation>
    </message>
    <message>
        <source>Pan right</source>
        <translation>Nach rechts verschieben</translation>
    </message>
    <message>
        <source>Pan up</source>
        <translation>Nach oben verschieben</translation>
    </message>
    <message>
        <source>Pan down</source>
        <translation>Nach unten verschieben</translation>
    </message>
    <message>
        <source>Rotate right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Rotate left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Flip left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Flip top and bottom</source>
        <translation>Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation>Ansicht zurücksetzen</translation>
    </message>
    <message>
        <source>Text of the arrow</source>
        <translation>Text des Pfeils</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>Cardiothoracic ratio</source>
        <translation>Herz-Thorax-Quotient</translation>
    </message>
    <message>
        <source>Rectangle statistics</source>
        <translation>Rechteck-Statistik</translation>
    </message>
    <message>
        <source>Ellipse statistics</source>
        <translation>Ellipsen-Statistik</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Messpunkt</translation>
    </message>
    <message>
        <source>Arrow with text</source>
        <translation>Pfeil mit Text</translation>
    </message>
    <message>
        <source>Films in a window of their own</source>
        <translation>Aufnahmen in eigenem Fenster</translation>
    </message>
    <message>
        <source>Calibrate by selected length...</source>
        <translation>Mit gewählter Länge kalibrieren...</translation>
    </message>
    <message>
        <source>Forget the calibration</source>
        <translation>Kalibrierung verwerfen</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Open sample study</source>
        <translation>Beispielstudie öffnen</translation>
    </message>
    <message>
        <source>Monitor test pattern</source>
        <translation>Bildschirm-Testbild</translation>
    </message>
    <message>
        <source>Calibrate this monitor...</source>
        <translation>Diesen Monitor kalibrieren...</translation>
    </message>
    <message>
        <source>About UniX Edge</source>
        <translation>Über UniX Edge</translation>
    </message>
    <message>
        <source>Preset 1</source>
        <translation>Voreinstellung 1</translation>
    </message>
    <message>
        <source>Preset 2</source>
        <translation>Voreinstellung 2</translation>
    </message>
    <message>
        <source>Preset 3</source>
        <translation>Voreinstellung 3</translation>
    </message>
    <message>
        <source>Preset 4</source>
        <translation>Voreinstellung 4</translation>
    </message>
    <message>
        <source>Preset 5</source>
        <translation>Voreinstellung 5</translation>
    </message>
    <message>
        <source>Preset 6</source>
        <translation>Voreinstellung 6</translation>
    </message>
    <message>
        <source>Preset 7</source>
        <translation>Voreinstellung 7</translation>
    </message>
    <message>
        <source>Preset 8</source>
        <translation>Voreinstellung 8</translation>
    </message>
    <message>
        <source>Preset 9</source>
        <translation>Voreinstellung 9</translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation>Werkzeugleiste</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Window presets</source>
        <translation>Fenster-Voreinstellungen</translation>
    </message>
    <message>
        <source>Draft report</source>
        <translation>Befund entwerfen</translation>
    </message>
    <message>
        <source>Stop the model</source>
        <translation>Modell anhalten</translation>
    </message>
    <message>
        <source>Impression from my findings</source>
        <translation>Beurteilung aus meinem Befund</translation>
    </message>
    <message>
        <source>Next sentence of the findings</source>
        <translation>Nächster Satz des Befunds</translation>
    </message>
    <message>
        <source>Generate a picture...</source>
        <translation>Bild erzeugen...</translation>
    </message>
    <message>
        <source>Show AI panel</source>
        <translation>KI-Bereich zeigen</translation>
    </message>
    <message>
        <source>Export log of drafts...</source>
        <translation>Protokoll der Entwürfe exportieren...</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
</context>
<context>
    <name>AnonymiseDialog</name>
    <message>
        <source>Anonymised copies</source>
        <translation>Anonymisierte Kopien</translation>
    </message>
    <message>
        <source>Folder in which a new one is made</source>
        <translation>Ordner, in dem ein neuer angelegt wird</translation>
    </message>
    <message>
        <source>Choose...</source>
        <translation>Wählen...</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Patients are called</source>
        <translation>Patienten heißen</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>Files done</source>
        <translation>Fertige Dateien</translation>
    </message>
    <message>
        <source>Make copies</source>
        <translation>Kopien erstellen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Stopped; no copy was left.</source>
        <translation>Angehalten; es blieb keine Kopie zurück.</translation>
    </message>
    <message>
        <source>Copies are being made.</source>
        <translation>Kopien werden erstellt.</translation>
    </message>
    <message>
        <source>Files: {0}</source>
        <translation>Dateien: {0}</translation>
    </message>
    <message>
        <source>To be copied:</source>
        <translation>Zu kopieren:</translation>
    </message>
    <message>
        <source>New folder in:</source>
        <translation>Neuer Ordner in:</translation>
    </message>
    <message>
        <source>Patients are called:</source>
        <translation>Patienten heißen:</translation>
    </message>
    <message>
        <source>Text that is burned into an image is not looked for and cannot be excluded: look at each image before a copy leaves the house. Names, dates and all free text are left out, identifiers are replaced alike within this export, and the files themselves stay as they are.</source>
        <translation>Nach Text, der in ein Bild eingebrannt ist, wird nicht gesucht, und er kann nicht ausgeschlossen werden: Sehen Sie jedes Bild an, bevor eine Kopie das Haus verlässt. Namen, Daten und jeder freie Text entfallen, Kennungen werden innerhalb dieses Exports einheitlich ersetzt, und die Dateien selbst bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>It stops after the file that is being copied.</source>
        <translation>Es hält nach der Datei an, die gerade kopiert wird.</translation>
    </message>
    <message>
        <source>{0} copies are in {1}.</source>
        <translation>{0} Kopien liegen in {1}.</translation>
    </message>
    <message>
        <source>Not copied:</source>
        <translation>Nicht kopiert:</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
</context>
<context>
    <name>Assistance</name>
    <message>
        <source>The film of this report is not in the list of studies; open its file.</source>
        <translation>Die Aufnahme dieses Befunds ist nicht in der Studienliste; öffnen Sie ihre Datei.</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Bericht wird geschrieben</translation>
    </message>
    <message>
        <source>Making the picture</source>
        <translation>Bild wird erzeugt</translation>
    </message>
    <message>
        <source>{0} of {1} steps</source>
        <translation>{0} von {1} Schritten</translation>
    </message>
</context>
<context>
    <name>AssistantDock</name>
    <message>
        <source>AI report</source>
        <translation>KI-Befund</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>There is no image in this view.</source>
        <translation>In dieser Ansicht ist kein Bild.</translation>
    </message>
    <message>
        <source>Signed. The report was not verified by the program.</source>
        <translation>Unterschrieben. Das Programm hat den Befund nicht verifiziert.</translation>
    </message>
    <message>
        <source>Rejected; it stays in the log.</source>
        <translation>Verworfen; er bleibt im Protokoll.</translation>
    </message>
    <message>
        <source>Opening the model ({0})...</source>
        <translation>Das Modell wird geöffnet ({0})...</translation>
    </message>
    <message>
        <source>The model is opened when a film is shown.</source>
        <translation>Das Modell wird geöffnet, wenn eine Aufnahme gezeigt wird.</translation>
    </message>
    <message>
        <source>first word after {0} s, {1} tokens/s</source>
        <translation>erstes Wort nach {0} s, {1} Tokens/s</translation>
    </message>
    <message>
        <source>Random weights: its words mean nothing.</source>
        <translation>Zufallsgewichte: Seine Worte bedeuten nichts.</translation>
    </message>
</context>
<context>
    <name>Calibration</name>
    <message>
        <source>Select a length in the image first.</source>
        <translation>Wählen Sie zuerst eine Länge im Bild.</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>How many millimetres long is the selected line?</source>
        <translation>Wie viele Millimeter lang ist die gewählte Linie?</translation>
    </message>
    <message>
        <source>The image is no longer shown; nothing was done.</source>
        <translation>Das Bild wird nicht mehr angezeigt; es wurde nichts getan.</translation>
    </message>
    <message>
        <source>This image was not calibrated.</source>
        <translation>Dieses Bild wurde nicht kalibriert.</translation>
    </message>
    <message>
        <source>The image has the spacing of its file again.</source>
        <translation>Das Bild hat wieder den Pixelabstand aus seiner Datei.</translation>
    </message>
    <message>
        <source>There is no image in this view.</source>
        <translation>In dieser Ansicht ist kein Bild.</translation>
    </message>
    <message>
        <source>The size of this monitor&apos;s pixels is not known: calibrate it first, in the menu Help.</source>
        <translation>Die Pixelgröße dieses Monitors ist nicht bekannt: kalibrieren Sie ihn zuerst, im Menü Hilfe.</translation>
    </message>
    <message>
        <source>The image says nothing of millimetres: calibrate it by a length first.</source>
        <translation>Das Bild sagt nichts über Millimeter: kalibrieren Sie es zuerst anhand einer Länge.</translation>
    </message>
    <message>
        <source>Actual size: {0}</source>
        <translation>Wahre Größe: {0}</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>No image. Open or drop a file.</source>
        <translation>Kein Bild. Öffnen Sie eine Datei oder ziehen Sie sie hierher.</translation>
    </message>
    <message>
        <source>Radiograph</source>
        <translation>Röntgenbild</translation>
    </message>
    <message>
        <source>Key image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>No longer a key image</source>
        <translation>Kein Schlüsselbild mehr</translation>
    </message>
    <message>
        <source>{0} measurements</source>
        <translation>{0} Messungen</translation>
    </message>
</context>
<context>
    <name>CanvasGrid</name>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Not synchronised</source>
        <translation>Nicht synchronisiert</translation>
    </message>
    <message>
        <source>Radiograph {0}</source>
        <translation>Röntgenbild {0}</translation>
    </message>
    <message>
        <source>Views that are not known to show one patient are not synchronised.</source>
        <translation>Ansichten, von denen nicht bekannt ist, dass sie denselben Patienten zeigen, sind nicht synchronisiert.</translation>
    </message>
    <message>
        <source>Views of different body parts are not synchronised.</source>
        <translation>Ansichten verschiedener Körperteile sind nicht synchronisiert.</translation>
    </message>
    <message>
        <source>Views of different projections are not synchronised.</source>
        <translation>Ansichten verschiedener Projektionen sind nicht synchronisiert.</translation>
    </message>
    <message>
        <source>These images are of different patients.</source>
        <translation>Diese Bilder gehören zu verschiedenen Patienten.</translation>
    </message>
    <message>
        <source>It is not known whether these images are of one patient.</source>
        <translation>Es ist nicht bekannt, ob diese Bilder zu einem Patienten gehören.</translation>
    </message>
</context>
<context>
    <name>Comparing</name>
    <message>
        <source>Another image is read by now; nothing was compared.</source>
        <translation>Inzwischen wird ein anderes Bild befundet; es wurde nichts verglichen.</translation>
    </message>
    <message>
        <source>All earlier studies of this patient that show the same are seen already.</source>
        <translation>Alle früheren Studien dieses Patienten, die dasselbe zeigen, sind bereits zu sehen.</translation>
    </message>
    <message>
        <source>No earlier study of this patient in the list shows this body part in this view.</source>
        <translation>Keine frühere Studie dieses Patienten in der Liste zeigt diesen Körperteil in dieser Projektion.</translation>
    </message>
    <message>
        <source>There is no earlier study of this patient in the list.</source>
        <translation>Von diesem Patienten ist keine frühere Studie in der Liste.</translation>
    </message>
    <message>
        <source>There is no older prior in the list.</source>
        <translation>Die Liste enthält keine ältere Voraufnahme.</translation>
    </message>
    <message>
        <source>There is no newer prior in the list.</source>
        <translation>Die Liste enthält keine neuere Voraufnahme.</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>This study has no images.</source>
        <translation>Diese Studie hat keine Bilder.</translation>
    </message>
    <message>
        <source>This series has no images.</source>
        <translation>Diese Serie hat keine Bilder.</translation>
    </message>
    <message>
        <source>No image. Open or drop a file.</source>
        <translation>Kein Bild. Öffnen Sie eine Datei oder ziehen Sie sie hierher.</translation>
    </message>
    <message>
        <source>There is nothing to play: this view shows one image.</source>
        <translation>Es gibt nichts abzuspielen: Diese Ansicht zeigt ein einziges Bild.</translation>
    </message>
    <message>
        <source>Reading the image...</source>
        <translation>Das Bild wird gelesen...</translation>
    </message>
</context>
<context>
    <name>ElementsDialog</name>
    <message>
        <source>DICOM elements</source>
        <translation>DICOM-Elemente</translation>
    </message>
    <message>
        <source>Search by tag, name or value</source>
        <translation>Suche nach Tag, Name oder Wert</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>VR</source>
        <translation>VR</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Item {0}</source>
        <translation>Eintrag {0}</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Save as PNG...</source>
        <translation>Als PNG speichern...</translation>
    </message>
    <message>
        <source>Copy to clipboard</source>
        <translation>In die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>Save the view</source>
        <translation>Ansicht speichern</translation>
    </message>
    <message>
        <source>The view was copied to the clipboard.</source>
        <translation>Die Ansicht wurde in die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>Print...</source>
        <translation>Drucken...</translation>
    </message>
    <message>
        <source>Save as PDF...</source>
        <translation>Als PDF speichern...</translation>
    </message>
    <message>
        <source>Print the view</source>
        <translation>Ansicht drucken</translation>
    </message>
    <message>
        <source>PDF documents (*.pdf)</source>
        <translation>PDF-Dokumente (*.pdf)</translation>
    </message>
    <message>
        <source>Open a presentation state</source>
        <translation>Präsentationszustand öffnen</translation>
    </message>
    <message>
        <source>DICOM files (*)</source>
        <translation>DICOM-Dateien (*)</translation>
    </message>
    <message>
        <source>How is the presentation state to be applied?</source>
        <translation>Wie soll der Präsentationszustand angewandt werden?</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Drawings only</source>
        <translation>Nur Zeichnungen</translation>
    </message>
    <message>
        <source>Reading presentation states</source>
        <translation>Präsentationszustände werden gelesen</translation>
    </message>
    <message>
        <source>Some of these files could not be read.</source>
        <translation>Einige dieser Dateien konnten nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Marked as key images: {0}</source>
        <translation>Als Schlüsselbilder markiert: {0}</translation>
    </message>
    <message>
        <source>Reading key images</source>
        <translation>Schlüsselbilder werden gelesen</translation>
    </message>
    <message>
        <source>There is no image to be copied.</source>
        <translation>Es ist kein Bild zum Kopieren da.</translation>
    </message>
    <message>
        <source>Sample images are computed, once.</source>
        <translation>Beispielbilder werden berechnet, ein einziges Mal.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Sample study</source>
        <translation>Beispielstudie</translation>
    </message>
    <message>
        <source>There is no image in this view.</source>
        <translation>In dieser Ansicht ist kein Bild.</translation>
    </message>
    <message>
        <source>The view was copied to the clipboard, without text on the patient or at arrows.</source>
        <translation>Die Ansicht wurde ohne Patiententext und ohne Worte an Pfeilen in die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The image is no longer shown; nothing was done.</source>
        <translation>Das Bild wird nicht mehr angezeigt; es wurde nichts getan.</translation>
    </message>
    <message>
        <source>The view was sent to the printer.</source>
        <translation>Die Ansicht wurde an den Drucker gesendet.</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>Geschrieben: {0}</translation>
    </message>
    <message>
        <source>Stopped; nothing was left.</source>
        <translation>Angehalten; es blieb nichts zurück.</translation>
    </message>
    <message>
        <source>The presentation state was applied.</source>
        <translation>Der Präsentationszustand wurde angewandt.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>This file is open in a view, and was left as it is; choose another name.</source>
        <translation>Diese Datei ist in einer Ansicht geöffnet und blieb, wie sie ist; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
    </message>
</context>
<context>
    <name>FailureList</name>
    <message>
        <source>Files that were not opened</source>
        <translation>Nicht geöffnete Dateien</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Files that were not opened: {0}</source>
        <translation>Nicht geöffnete Dateien: {0}</translation>
    </message>
</context>
<context>
    <name>Features</name>
    <message>
        <source>All files (*);;DICOM (*.dcm *.dicom *.ima DICOMDIR);;Archives and pictures (*.zip *.png *.jpg)</source>
        <translation>Alle Dateien (*);;DICOM (*.dcm *.dicom *.ima DICOMDIR);;Archive und Bilder (*.zip *.png *.jpg)</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Choose a study in the list first.</source>
        <translation>Wählen Sie zuerst eine Studie in der Liste.</translation>
    </message>
    <message>
        <source>Remove this study from the list? Its files stay where they are, untouched.</source>
        <translation>Diese Studie aus der Liste entfernen? Ihre Dateien bleiben unangetastet, wo sie sind.</translation>
    </message>
    <message>
        <source>It is not the one in the active view.</source>
        <translation>Es ist nicht die in der aktiven Ansicht.</translation>
    </message>
    <message>
        <source>Remove study</source>
        <translation>Studie entfernen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>There is no study with images in the list.</source>
        <translation>Die Liste enthält keine Studie mit Bildern.</translation>
    </message>
    <message>
        <source>Another image is read by now; no elements are shown.</source>
        <translation>Inzwischen wird ein anderes Bild befundet; es werden keine Elemente gezeigt.</translation>
    </message>
    <message>
        <source>This is the first study in the list.</source>
        <translation>Dies ist die erste Studie der Liste.</translation>
    </message>
    <message>
        <source>More studies are being listed; press again.</source>
        <translation>Weitere Studien werden aufgelistet; drücken Sie noch einmal.</translation>
    </message>
    <message>
        <source>This is the last study in the list.</source>
        <translation>Dies ist die letzte Studie der Liste.</translation>
    </message>
    <message>
        <source>There is no image in the active view.</source>
        <translation>In der aktiven Ansicht ist kein Bild.</translation>
    </message>
    <message>
        <source>Patients are hidden, and a file names its own: show patient text first.</source>
        <translation>Patienten sind verborgen, und eine Datei nennt ihren: Zeigen Sie zuerst den Patiententext.</translation>
    </message>
    <message>
        <source>{0} or {1} leaves full screen</source>
        <translation>{0} oder {1} beendet das Vollbild</translation>
    </message>
    <message>
        <source>{0} leaves full screen</source>
        <translation>{0} beendet das Vollbild</translation>
    </message>
    <message>
        <source>The menu of a right click leaves full screen</source>
        <translation>Das Menü des Rechtsklicks beendet das Vollbild</translation>
    </message>
</context>
<context>
    <name>FilmWindow</name>
    <message>
        <source>Films</source>
        <translation>Aufnahmen</translation>
    </message>
</context>
<context>
    <name>Films</name>
    <message>
        <source>The films are in a window of their own.</source>
        <translation>Die Aufnahmen sind in einem eigenen Fenster.</translation>
    </message>
    <message>
        <source>Bring them back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Scale of text and controls</source>
        <translation>Größe von Text und Bedienelementen</translation>
    </message>
    <message>
        <source>Another language is used when the app is started again.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start des Programms.</translation>
    </message>
</context>
<context>
    <name>GenerationPanel</name>
    <message>
        <source>Pictures are synthetic and of nobody; every copy that leaves is marked so.</source>
        <translation>Bilder sind synthetisch und von niemandem; jede Kopie, die hinausgeht, ist so gekennzeichnet.</translation>
    </message>
    <message>
        <source>There is no report that a picture could be made of.</source>
        <translation>Es gibt keinen Befund, aus dem ein Bild werden könnte.</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>noch {0} s</translation>
    </message>
    <message>
        <source>Stopped; no picture was made.</source>
        <translation>Angehalten; kein Bild wurde gemacht.</translation>
    </message>
    <message>
        <source>A smaller size was chosen; try again.</source>
        <translation>Eine kleinere Größe wurde gewählt; versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Write what the picture should show.</source>
        <translation>Schreiben Sie, was das Bild zeigen soll.</translation>
    </message>
    <message>
        <source>Reading it back...</source>
        <translation>Es wird zurückgelesen...</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Both say: {0}</source>
        <translation>Beide sagen: {0}</translation>
    </message>
    <message>
        <source>Only the prompt says: {0}</source>
        <translation>Nur die Vorgabe sagt: {0}</translation>
    </message>
    <message>
        <source>Only the reading says: {0}</source>
        <translation>Nur die Lesung sagt: {0}</translation>
    </message>
    <message>
        <source>What the picture should show</source>
        <translation>Was das Bild zeigen soll</translation>
    </message>
    <message>
        <source>What the picture should show, in a report&apos;s words, in English</source>
        <translation>Was das Bild zeigen soll, in den Worten eines Befunds, auf Englisch</translation>
    </message>
    <message>
        <source>Usual prompts</source>
        <translation>Übliche Vorgaben</translation>
    </message>
    <message>
        <source>From the report</source>
        <translation>Aus dem Befund</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>As published, 49 steps</source>
        <translation>Wie veröffentlicht, 49 Schritte</translation>
    </message>
    <message>
        <source>Balanced, 19 steps</source>
        <translation>Ausgewogen, 19 Schritte</translation>
    </message>
    <message>
        <source>Fast, 11 steps</source>
        <translation>Schnell, 11 Schritte</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the picture</source>
        <translation>Bild anhalten</translation>
    </message>
    <message>
        <source>Progress of the picture</source>
        <translation>Fortschritt des Bildes</translation>
    </message>
    <message>
        <source>The picture as it comes</source>
        <translation>Das Bild, während es entsteht</translation>
    </message>
    <message>
        <source>Pictures that were made</source>
        <translation>Gemachte Bilder</translation>
    </message>
    <message>
        <source>What is said of the picture</source>
        <translation>Was vom Bild gesagt wird</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Read it back</source>
        <translation>Zurücklesen</translation>
    </message>
    <message>
        <source>Cannot be used</source>
        <translation>Unbrauchbar</translation>
    </message>
    <message>
        <source>Where the two pictures differ, brighter is more.</source>
        <translation>Wo die beiden Bilder sich unterscheiden; heller ist mehr.</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>This image has no preset {0}.</source>
        <translation>Dieses Bild hat keine Voreinstellung {0}.</translation>
    </message>
</context>
<context>
    <name>JobPlace</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop: {0}</source>
        <translation>Anhalten: {0}</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Print...</source>
        <translation>Drucken...</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>the chosen tool, at first window and level</source>
        <translation>das gewählte Werkzeug, anfangs Fenster und Lage</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>Linke Taste ziehen</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Mittlere Taste ziehen</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Rechte Taste ziehen</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>next and previous image; zoom where there is one</source>
        <translation>nächstes und voriges Bild; Zoom, wo es nur eines gibt</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>Rechtsklick</translation>
    </message>
    <message>
        <source>menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation>Strg und Rad</translation>
    </message>
    <message>
        <source>zoom at the mouse</source>
        <translation>Zoom an der Maus</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Links removed: {0}. No file was touched.</source>
        <translation>Entfernte Verknüpfungen: {0}. Keine Datei wurde angerührt.</translation>
    </message>
    <message>
        <source>Going on with what was being opened when the app ended.</source>
        <translation>Es geht weiter mit dem, was beim Ende des Programms gerade geöffnet wurde.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Only files on this machine are opened; nothing was fetched.</source>
        <translation>Nur Dateien auf diesem Rechner werden geöffnet; nichts wurde abgerufen.</translation>
    </message>
    <message>
        <source>Measurements or marks could not be saved, and are lost: {0}</source>
        <translation>Messungen oder Markierungen konnten nicht gespeichert werden und sind verloren: {0}</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>A folder with all below it, a CD or another medium</source>
        <translation>Einen Ordner mit allem darunter, eine CD oder ein anderes Medium</translation>
    </message>
    <message>
        <source>Images, a DICOMDIR, or a ZIP archive as it is</source>
        <translation>Bilder, ein DICOMDIR oder ein ZIP-Archiv, wie es ist</translation>
    </message>
    <message>
        <source>Computed phantoms, to try everything without a patient</source>
        <translation>Berechnete Phantome, um alles ohne Patienten auszuprobieren</translation>
    </message>
    <message>
        <source>This study has no images.</source>
        <translation>Diese Studie hat keine Bilder.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>{0} wird geöffnet</translation>
    </message>
    <message>
        <source>Opening files</source>
        <translation>Dateien werden geöffnet</translation>
    </message>
    <message>
        <source>{0} of {1} files</source>
        <translation>{0} von {1} Dateien</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>ModelCardDialog</name>
    <message>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>AI model</source>
        <translation>KI-Modell</translation>
    </message>
    <message>
        <source>As the commands choose</source>
        <translation>Wie die Befehle wählen</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>Engines</translation>
    </message>
    <message>
        <source>The fastest that works</source>
        <translation>Das schnellste, das geht</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Check its files</source>
        <translation>Seine Dateien prüfen</translation>
    </message>
    <message>
        <source>The last report took {0} s on {1}.</source>
        <translation>Der letzte Befund dauerte {0} s auf {1}.</translation>
    </message>
    <message>
        <source>The last picture took {0} s on {1}.</source>
        <translation>Das letzte Bild dauerte {0} s auf {1}.</translation>
    </message>
    <message>
        <source>How long a report and a picture take here is measured when they are made.</source>
        <translation>Wie lange ein Befund und ein Bild hier dauern, wird gemessen, wenn sie gemacht werden.</translation>
    </message>
    <message>
        <source>Checking the files...</source>
        <translation>Die Dateien werden geprüft...</translation>
    </message>
    <message>
        <source>Whole and unchanged.</source>
        <translation>Vollständig und unverändert.</translation>
    </message>
</context>
<context>
    <name>MonitorDialog</name>
    <message>
        <source>Calibrate this monitor</source>
        <translation>Diesen Monitor kalibrieren</translation>
    </message>
    <message>
        <source>Hold a ruler to the monitor. How long is this line, from end to end, in millimetres?</source>
        <translation>Halten Sie ein Lineal an den Monitor. Wie lang ist diese Linie von Ende zu Ende, in Millimetern?</translation>
    </message>
    <message>
        <source>The line to be measured</source>
        <translation>Die zu messende Linie</translation>
    </message>
    <message>
        <source>Length in millimetres</source>
        <translation>Länge in Millimetern</translation>
    </message>
</context>
<context>
    <name>Offer</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Opened: {0}</source>
        <translation>Geöffnet: {0}</translation>
    </message>
    <message>
        <source>Show {0}</source>
        <translation>{0} zeigen</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Measurements, overlays and drawings</source>
        <translation>Messungen, Overlays und Zeichnungen</translation>
    </message>
    <message>
        <source>Words at arrows and drawings (they may name the patient)</source>
        <translation>Worte an Pfeilen und Zeichnungen (sie können den Patienten nennen)</translation>
    </message>
    <message>
        <source>Text on patient and study, and all words</source>
        <translation>Text zu Patient und Studie und alle Worte</translation>
    </message>
    <message>
        <source>Text that is burned into the image stays in it, whatever is chosen here, and so does text in overlays where these are chosen.</source>
        <translation>In das Bild eingebrannter Text bleibt darin, was auch immer hier gewählt wird, ebenso Text in Overlays, wenn diese gewählt sind.</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Hide patient text</source>
        <translation>Patiententext ausblenden</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>{0} minutes</source>
        <translation>{0} Minuten</translation>
    </message>
    <message>
        <source>Hide everything when not used for</source>
        <translation>Alles verbergen, wenn nicht benutzt seit</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Structured report</source>
        <translation>Strukturierter Befund</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>It names nobody who wrote or verified it.</source>
        <translation>Er nennt niemanden, der ihn verfasst oder bestätigt hat.</translation>
    </message>
    <message>
        <source>AI-generated text, edited by a person</source>
        <translation>Von einer KI erzeugter Text, von einem Menschen bearbeitet</translation>
    </message>
    <message>
        <source>AI-generated text, not edited by a person</source>
        <translation>Von einer KI erzeugter Text, von keinem Menschen bearbeitet</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>unvollständig</translation>
    </message>
    <message>
        <source>preliminary</source>
        <translation>vorläufig</translation>
    </message>
    <message>
        <source>final</source>
        <translation>endgültig</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>nicht bestätigt</translation>
    </message>
    <message>
        <source>verification not stated</source>
        <translation>ohne Angabe, ob bestätigt</translation>
    </message>
    <message>
        <source>Verified by {0}, {1}</source>
        <translation>Bestätigt von {0}, {1}</translation>
    </message>
    <message>
        <source>Device: {0}</source>
        <translation>Gerät: {0}</translation>
    </message>
    <message>
        <source>Author: {0}</source>
        <translation>Verfasst von {0}</translation>
    </message>
    <message>
        <source>Section</source>
        <translation>Abschnitt</translation>
    </message>
    <message>
        <source>The report is longer; only its beginning is shown.</source>
        <translation>Der Befund ist länger; nur sein Anfang ist zu sehen.</translation>
    </message>
    <message>
        <source>see item {0}</source>
        <translation>siehe Eintrag {0}</translation>
    </message>
</context>
<context>
    <name>ReportExports</name>
    <message>
        <source>The model was cut off, so there is nothing that says where this text is from.</source>
        <translation>Das Modell wurde abgebrochen, daher sagt nichts, woher dieser Text ist.</translation>
    </message>
    <message>
        <source>The report was copied, with its mark and without the patient.</source>
        <translation>Der Befund wurde kopiert, mit seiner Kennzeichnung und ohne den Patienten.</translation>
    </message>
    <message>
        <source>PDF documents (*.pdf)</source>
        <translation>PDF-Dokumente (*.pdf)</translation>
    </message>
    <message>
        <source>DICOM files (*.dcm)</source>
        <translation>DICOM-Dateien (*.dcm)</translation>
    </message>
    <message>
        <source>PNG pictures (*.png);;DICOM files (*.dcm)</source>
        <translation>PNG-Bilder (*.png);;DICOM-Dateien (*.dcm)</translation>
    </message>
    <message>
        <source>Tables (*.csv);;JSON files (*.json)</source>
        <translation>Tabellen (*.csv);;JSON-Dateien (*.json)</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>Geschrieben: {0}</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>AI-assisted report, not verified</source>
        <translation>KI-gestützter Befund, nicht verifiziert</translation>
    </message>
    <message>
        <source>AI draft report, not reviewed</source>
        <translation>KI-Befundentwurf, nicht geprüft</translation>
    </message>
    <message>
        <source>Signed with the typed name {0}, {1}; nobody authenticated.</source>
        <translation>Unterschrieben mit dem getippten Namen {0}, {1}; niemand wurde authentifiziert.</translation>
    </message>
</context>
<context>
    <name>ReportPanel</name>
    <message>
        <source>Why nothing was drafted</source>
        <translation>Warum nichts entworfen wurde</translation>
    </message>
    <message>
        <source>State of the model</source>
        <translation>Zustand des Modells</translation>
    </message>
    <message>
        <source>Show its film</source>
        <translation>Seine Aufnahme zeigen</translation>
    </message>
    <message>
        <source>Turn to this film</source>
        <translation>Zu dieser Aufnahme wechseln</translation>
    </message>
    <message>
        <source>Draft report</source>
        <translation>Befund entwerfen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the model</source>
        <translation>Modell anhalten</translation>
    </message>
    <message>
        <source>What the model is asked</source>
        <translation>Was das Modell gefragt wird</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Impression</source>
        <translation>Beurteilung</translation>
    </message>
    <message>
        <source>Next sentence</source>
        <translation>Nächster Satz</translation>
    </message>
    <message>
        <source>Findings again</source>
        <translation>Befund noch einmal</translation>
    </message>
    <message>
        <source>From my findings</source>
        <translation>Aus meinem Befund</translation>
    </message>
    <message>
        <source>FINDINGS</source>
        <translation>BEFUND</translation>
    </message>
    <message>
        <source>IMPRESSION</source>
        <translation>BEURTEILUNG</translation>
    </message>
    <message>
        <source>What to think twice about</source>
        <translation>Was zu überdenken ist</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>Was geändert wurde</translation>
    </message>
    <message>
        <source>Your name, to sign</source>
        <translation>Ihr Name, zum Unterschreiben</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Unterschreiben</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Frontal chest: draft</source>
        <translation>Frontaler Thorax: entwerfen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Save as DICOM SR...</source>
        <translation>Als DICOM-SR speichern...</translation>
    </message>
    <message>
        <source>Save as PDF...</source>
        <translation>Als PDF speichern...</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>Show what was changed</source>
        <translation>Änderungen zeigen</translation>
    </message>
    <message>
        <source>It states what is not there</source>
        <translation>Er nennt, was nicht da ist</translation>
    </message>
    <message>
        <source>It misses what is there</source>
        <translation>Ihm fehlt, was da ist</translation>
    </message>
    <message>
        <source>Wrong side</source>
        <translation>Falsche Seite</translation>
    </message>
    <message>
        <source>It compares with what was not seen</source>
        <translation>Er vergleicht mit nie Gesehenem</translation>
    </message>
    <message>
        <source>Unusable text</source>
        <translation>Unbrauchbarer Text</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>Nicht gebraucht</translation>
    </message>
    <message>
        <source>Another reason</source>
        <translation>Ein anderer Grund</translation>
    </message>
    <message>
        <source>No film</source>
        <translation>Keine Aufnahme</translation>
    </message>
    <message>
        <source>Open a frontal chest radiograph, then press F2.</source>
        <translation>Öffnen Sie eine frontale Thoraxaufnahme und drücken Sie F2.</translation>
    </message>
    <message>
        <source>Patient hidden</source>
        <translation>Patient ausgeblendet</translation>
    </message>
    <message>
        <source>another film</source>
        <translation>eine andere Aufnahme</translation>
    </message>
    <message>
        <source>This report is about {0}, not about the film in the view.</source>
        <translation>Dieser Befund betrifft {0}, nicht die Aufnahme in der Ansicht.</translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation>Wird angehalten...</translation>
    </message>
    <message>
        <source>The model reads the film...</source>
        <translation>Das Modell liest die Aufnahme...</translation>
    </message>
    <message>
        <source>The model is writing...</source>
        <translation>Das Modell schreibt...</translation>
    </message>
    <message>
        <source>No draft of this film.</source>
        <translation>Kein Entwurf zu dieser Aufnahme.</translation>
    </message>
    <message>
        <source>AI draft, not verified.</source>
        <translation>KI-Entwurf, nicht verifiziert.</translation>
    </message>
    <message>
        <source>AI draft, edited, not verified.</source>
        <translation>KI-Entwurf, bearbeitet, nicht verifiziert.</translation>
    </message>
    <message>
        <source>Signed by the name that was typed; not verified.</source>
        <translation>Mit dem getippten Namen unterschrieben; nicht verifiziert.</translation>
    </message>
    <message>
        <source>Rejected.</source>
        <translation>Verworfen.</translation>
    </message>
</context>
<context>
    <name>Reports</name>
    <message>
        <source>Patients are hidden, and a report may name them: show patient text first.</source>
        <translation>Patienten sind verborgen, und ein Befund kann sie nennen: Erst Patiententext zeigen.</translation>
    </message>
</context>
<context>
    <name>RowTexts</name>
    <message>
        <source>Patient {0}, hidden</source>
        <translation>Patient {0}, ausgeblendet</translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation>Kein Patientenname</translation>
    </message>
    <message>
        <source>[Draft]</source>
        <translation>[Entwurf]</translation>
    </message>
    <message>
        <source>[Signed]</source>
        <translation>[Unterschrieben]</translation>
    </message>
    <message>
        <source>[Rejected]</source>
        <translation>[Verworfen]</translation>
    </message>
    <message>
        <source>Study {0}, hidden</source>
        <translation>Studie {0}, ausgeblendet</translation>
    </message>
    <message>
        <source>No date</source>
        <translation>Kein Datum</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>No image</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>Structured report</source>
        <translation>Strukturierter Befund</translation>
    </message>
    <message>
        <source>Images: {0}</source>
        <translation>Bilder: {0}</translation>
    </message>
    <message>
        <source>Synthetic</source>
        <translation>Synthetisch</translation>
    </message>
    <message>
        <source>Other files have the same UID and other content.</source>
        <translation>Andere Dateien haben dieselbe UID und einen anderen Inhalt.</translation>
    </message>
    <message>
        <source>The file is missing.</source>
        <translation>Die Datei fehlt.</translation>
    </message>
    <message>
        <source>The file has changed.</source>
        <translation>Die Datei wurde verändert.</translation>
    </message>
</context>
<context>
    <name>SeenDialog</name>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>The file&apos;s own gray.</source>
        <translation>Das Grau der Datei selbst.</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>A layer&apos;s name is taken or has other than 16 capitals and digits.</source>
        <translation>Der Name einer Ebene ist vergeben oder besteht nicht aus höchstens 16 Großbuchstaben und Ziffern.</translation>
    </message>
    <message>
        <source>A line has fewer than two points.</source>
        <translation>Eine Linie hat weniger als zwei Punkte.</translation>
    </message>
    <message>
        <source>A name has at most {0} bytes, and no \, ^ or =.</source>
        <translation>Ein Name hat höchstens {0} Bytes und weder \ noch ^ oder =.</translation>
    </message>
    <message>
        <source>A newer version of this program wrote it, so it is only read.</source>
        <translation>Eine neuere Version dieses Programms hat ihn geschrieben, deshalb wird er nur gelesen.</translation>
    </message>
    <message>
        <source>A picture of {0} pixels cannot be generated: it must be a multiple of {1} up to {2}.</source>
        <translation>Ein Bild von {0} Pixeln kann nicht erzeugt werden: Es muss ein Vielfaches von {1} bis {2} sein.</translation>
    </message>
    <message>
        <source>A place is far outside the image.</source>
        <translation>Eine Stelle liegt weit außerhalb des Bildes.</translation>
    </message>
    <message>
        <source>A shutter of unknown shape was left out: only rectangles, circles and polygons are shown.</source>
        <translation>Eine Blende unbekannter Form wurde weggelassen: Nur Rechtecke, Kreise und Vielecke werden gezeigt.</translation>
    </message>
    <message>
        <source>A text is empty, longer than {0} bytes, or nowhere.</source>
        <translation>Ein Text ist leer, länger als {0} Bytes oder ohne Ort.</translation>
    </message>
    <message>
        <source>A window or VOI LUT of the file cannot be used and was left out.</source>
        <translation>Ein Fenster oder eine VOI LUT der Datei ist unbrauchbar und wurde weggelassen.</translation>
    </message>
    <message>
        <source>All but the first window or VOI LUT was left out.</source>
        <translation>Alle Fenster und VOI LUTs außer dem ersten wurden weggelassen.</translation>
    </message>
    <message>
        <source>All its pixels are alike, so there is nothing to draft from.</source>
        <translation>Alle seine Pixel sind gleich, daher gibt es nichts zu beschreiben.</translation>
    </message>
    <message>
        <source>All pixels are alike: the image has no content.</source>
        <translation>Alle Pixel sind gleich: Das Bild hat keinen Inhalt.</translation>
    </message>
    <message>
        <source>Another file has the same SOP Instance UID and other content; both are listed, one of them is wrong.</source>
        <translation>Eine andere Datei hat dieselbe SOP Instance UID und einen anderen Inhalt; beide stehen in der Liste, und eine davon ist falsch.</translation>
    </message>
    <message>
        <source>Another window of this program has it open.</source>
        <translation>Ein anderes Fenster dieses Programms hat ihn geöffnet.</translation>
    </message>
    <message>
        <source>Another window of this program has the drafts of reports open. They are only shown here: nothing that is drafted, typed, signed or rejected in this window is kept.</source>
        <translation>Ein anderes Fenster dieses Programms hat die Befundentwürfe geöffnet. Hier werden sie nur gezeigt: Nichts, was in diesem Fenster entworfen, getippt, unterschrieben oder verworfen wird, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Another window or a newer version of this program has them.</source>
        <translation>Ein anderes Fenster oder eine neuere Version dieses Programms hat sie.</translation>
    </message>
    <message>
        <source>Archives within archives are not opened.</source>
        <translation>Archive in Archiven werden nicht geöffnet.</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Begins like a program</source>
        <translation>Beginnt wie ein Programm</translation>
    </message>
    <message>
        <source>CTR</source>
        <translation>HTQ</translation>
    </message>
    <message>
        <source>CUDA is here, but fails at the {0} graph ({1}).</source>
        <translation>CUDA ist da, scheitert aber am Graphen {0} ({1}).</translation>
    </message>
    <message>
        <source>CUDA is here.</source>
        <translation>CUDA ist da.</translation>
    </message>
    <message>
        <source>Cobb</source>
        <translation>Cobb</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Compound graphics are not supported.</source>
        <translation>Zusammengesetzte Grafiken werden nicht unterstützt.</translation>
    </message>
    <message>
        <source>Contradictory grayscale</source>
        <translation>Widersprüchliche Graustufen</translation>
    </message>
    <message>
        <source>CuDNN 9 cannot be loaded, which convolutions need.</source>
        <translation>CuDNN 9 kann nicht geladen werden; Faltungen brauchen es.</translation>
    </message>
    <message>
        <source>Decoding it needs more memory than it may have.</source>
        <translation>Sie zu dekodieren braucht mehr Speicher als erlaubt.</translation>
    </message>
    <message>
        <source>Decoding it took longer than {0} seconds.</source>
        <translation>Sie zu dekodieren dauerte länger als {0} Sekunden.</translation>
    </message>
    <message>
        <source>Dim the room as for reading. All 16 patches and both small squares in each corner patch should be seen.</source>
        <translation>Dunkeln Sie den Raum ab wie zum Befunden. Alle 16 Felder und beide kleinen Quadrate in jedem Eckfeld sollen zu sehen sein.</translation>
    </message>
    <message>
        <source>Distances are in pixels: the file&apos;s {0} is not two numbers above 0.</source>
        <translation>Abstände sind in Pixeln: {0} der Datei besteht nicht aus zwei Zahlen über 0.</translation>
    </message>
    <message>
        <source>Distances in pixels</source>
        <translation>Abstände in Pixeln</translation>
    </message>
    <message>
        <source>Drawings of more than 2,000 lines in all were left out.</source>
        <translation>Zeichnungen von zusammen mehr als 2.000 Linien wurden weggelassen.</translation>
    </message>
    <message>
        <source>Export the checkpoint again.</source>
        <translation>Exportieren Sie den Checkpoint erneut.</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Einzelbild</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>Voller Bereich</translation>
    </message>
    <message>
        <source>Generation was not started: {0}.</source>
        <translation>Die Erzeugung wurde nicht begonnen: {0}.</translation>
    </message>
    <message>
        <source>Guidance must be from 1 to 100.</source>
        <translation>Die Führung (guidance) muss von 1 bis 100 sein.</translation>
    </message>
    <message>
        <source>How much is free is unknown.</source>
        <translation>Wie viel frei ist, ist unbekannt.</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Image guidance must be from 1 to 100.</source>
        <translation>Die Bildführung muss von 1 bis 100 sein.</translation>
    </message>
    <message>
        <source>Interpolated curves are not supported.</source>
        <translation>Interpolierte Kurven werden nicht unterstützt.</translation>
    </message>
    <message>
        <source>It became shorter while it was read.</source>
        <translation>Sie wurde kürzer, während sie gelesen wurde.</translation>
    </message>
    <message>
        <source>It became unreadable while it was read.</source>
        <translation>Sie wurde unlesbar, während sie gelesen wurde.</translation>
    </message>
    <message>
        <source>It cannot be opened ({0}).</source>
        <translation>Sie kann nicht geöffnet werden ({0}).</translation>
    </message>
    <message>
        <source>It cannot be opened.</source>
        <translation>Es kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>It could not be read when it was wanted, and was left as it is; start the program again.</source>
        <translation>Sie konnte nicht gelesen werden, als sie gebraucht wurde, und wurde so gelassen, wie sie ist; starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>It does not say what its images were chosen for.</source>
        <translation>Es steht nicht darin, wofür die Bilder gewählt wurden.</translation>
    </message>
    <message>
        <source>It does not say what kind of image it is.</source>
        <translation>Es sagt nicht, was für ein Bild es ist.</translation>
    </message>
    <message>
        <source>It exists already; choose another name, for nothing is overwritten.</source>
        <translation>Es gibt sie schon; wählen Sie einen anderen Namen, denn nichts wird überschrieben.</translation>
    </message>
    <message>
        <source>It has a Presentation LUT of its own, which is not supported.</source>
        <translation>Er hat eine eigene Presentation LUT, was nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>It has format {0} and this program reads {1}.</source>
        <translation>Es hat Format {0}, und dieses Programm liest {1}.</translation>
    </message>
    <message>
        <source>It has more than {0} elements.</source>
        <translation>Sie hat mehr als {0} Elemente.</translation>
    </message>
    <message>
        <source>It has more than {0} files.</source>
        <translation>Es hat mehr als {0} Dateien.</translation>
    </message>
    <message>
        <source>It has more than {0} records.</source>
        <translation>Sie hat mehr als {0} Einträge.</translation>
    </message>
    <message>
        <source>It has no frame {0}.</source>
        <translation>Sie hat kein Einzelbild {0}.</translation>
    </message>
    <message>
        <source>It has only {0} shades of gray, too few to draft from; a radiograph has hundreds.</source>
        <translation>Es hat nur {0} Graustufen, zu wenige für einen Entwurf; eine Röntgenaufnahme hat Hunderte.</translation>
    </message>
    <message>
        <source>It has two shutters of one shape.</source>
        <translation>Es gibt zwei Blenden einer Form.</translation>
    </message>
    <message>
        <source>It holds no image (SOPClassUID missing).</source>
        <translation>Sie enthält kein Bild (SOPClassUID fehlt).</translation>
    </message>
    <message>
        <source>It holds no image (TransferSyntaxUID missing).</source>
        <translation>Sie enthält kein Bild (TransferSyntaxUID fehlt).</translation>
    </message>
    <message>
        <source>It holds no image ({0} missing).</source>
        <translation>Sie enthält kein Bild ({0} fehlt).</translation>
    </message>
    <message>
        <source>It holds no manifest.json.</source>
        <translation>Er enthält keine manifest.json.</translation>
    </message>
    <message>
        <source>It holds several frames.</source>
        <translation>Es enthält mehrere Bilder.</translation>
    </message>
    <message>
        <source>It is a CT image.</source>
        <translation>Es ist ein CT-Bild.</translation>
    </message>
    <message>
        <source>It is a PET image.</source>
        <translation>Es ist ein PET-Bild.</translation>
    </message>
    <message>
        <source>It is a dental radiograph.</source>
        <translation>Es ist eine Zahnaufnahme.</translation>
    </message>
    <message>
        <source>It is a document.</source>
        <translation>Es ist ein Dokument.</translation>
    </message>
    <message>
        <source>It is a fluoroscopy image.</source>
        <translation>Es ist ein Durchleuchtungsbild.</translation>
    </message>
    <message>
        <source>It is a link or a device, not a file.</source>
        <translation>Es ist ein Link oder ein Gerät, keine Datei.</translation>
    </message>
    <message>
        <source>It is a link, which is not followed.</source>
        <translation>Es ist ein Link, dem nicht gefolgt wird.</translation>
    </message>
    <message>
        <source>It is a mammogram.</source>
        <translation>Es ist eine Mammographie.</translation>
    </message>
    <message>
        <source>It is a microscopy image.</source>
        <translation>Es ist ein Mikroskopiebild.</translation>
    </message>
    <message>
        <source>It is a nuclear medicine image.</source>
        <translation>Es ist ein nuklearmedizinisches Bild.</translation>
    </message>
    <message>
        <source>It is a panoramic dental radiograph.</source>
        <translation>Es ist eine Panorama-Zahnaufnahme.</translation>
    </message>
    <message>
        <source>It is a presentation state.</source>
        <translation>Es ist ein Präsentationszustand.</translation>
    </message>
    <message>
        <source>It is a program or belongs to one.</source>
        <translation>Es ist ein Programm oder gehört zu einem.</translation>
    </message>
    <message>
        <source>It is a raw image, not yet processed for reading.</source>
        <translation>Es ist ein Rohbild, noch nicht zum Befunden aufbereitet.</translation>
    </message>
    <message>
        <source>It is a secondary capture that does not say that it shows a radiograph.</source>
        <translation>Es ist eine Sekundäraufnahme, die nicht sagt, dass sie eine Röntgenaufnahme zeigt.</translation>
    </message>
    <message>
        <source>It is a segmentation.</source>
        <translation>Es ist eine Segmentierung.</translation>
    </message>
    <message>
        <source>It is a structured report.</source>
        <translation>Es ist ein strukturierter Befund.</translation>
    </message>
    <message>
        <source>It is an MR image.</source>
        <translation>Es ist ein MR-Bild.</translation>
    </message>
    <message>
        <source>It is an angiogram.</source>
        <translation>Es ist ein Angiogramm.</translation>
    </message>
    <message>
        <source>It is an electrocardiogram.</source>
        <translation>Es ist ein Elektrokardiogramm.</translation>
    </message>
    <message>
        <source>It is an endoscopy image.</source>
        <translation>Es ist ein Endoskopiebild.</translation>
    </message>
    <message>
        <source>It is an ophthalmic image.</source>
        <translation>Es ist ein ophthalmologisches Bild.</translation>
    </message>
    <message>
        <source>It is an ultrasound image.</source>
        <translation>Es ist ein Ultraschallbild.</translation>
    </message>
    <message>
        <source>It is being written; stop it first.</source>
        <translation>Er wird gerade geschrieben; halten Sie das zuerst an.</translation>
    </message>
    <message>
        <source>It is called DICOMDIR, and names no file.</source>
        <translation>Sie heißt DICOMDIR und nennt keine Datei.</translation>
    </message>
    <message>
        <source>It is cut short, or an element claims to be longer than the file.</source>
        <translation>Sie ist abgeschnitten, oder ein Element gibt an, länger zu sein als die Datei.</translation>
    </message>
    <message>
        <source>It is cut short.</source>
        <translation>Sie ist abgeschnitten.</translation>
    </message>
    <message>
        <source>It is embedded in the high bits of the pixel data, which is not supported.</source>
        <translation>Es liegt in den hohen Bits der Pixeldaten, was nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Sie ist leer.</translation>
    </message>
    <message>
        <source>It is in colour or has several frames, and only single gray images are understood.</source>
        <translation>Es ist farbig oder hat mehrere Einzelbilder, und nur einzelne Graubilder werden verstanden.</translation>
    </message>
    <message>
        <source>It is larger than {0} MiB.</source>
        <translation>Sie ist größer als {0} MiB.</translation>
    </message>
    <message>
        <source>It is mirrored: the patient&apos;s left is shown on the left.</source>
        <translation>Es ist gespiegelt: Die linke Seite des Patienten liegt links.</translation>
    </message>
    <message>
        <source>It is neither DICOM, PNG nor JPEG.</source>
        <translation>Sie ist weder DICOM noch PNG noch JPEG.</translation>
    </message>
    <message>
        <source>It is no CR, DX or single Secondary Capture image, and only those are understood.</source>
        <translation>Es ist kein CR-, DX- oder einzelnes Secondary-Capture-Bild, und nur diese werden verstanden.</translation>
    </message>
    <message>
        <source>It is no DICOM file.</source>
        <translation>Es ist keine DICOM-Datei.</translation>
    </message>
    <message>
        <source>It is no Grayscale Softcopy Presentation State.</source>
        <translation>Es ist kein Grayscale Softcopy Presentation State.</translation>
    </message>
    <message>
        <source>It is no Key Object Selection Document.</source>
        <translation>Es ist kein Key Object Selection Document.</translation>
    </message>
    <message>
        <source>It is no ZIP archive, or is cut short.</source>
        <translation>Es ist kein ZIP-Archiv oder abgeschnitten.</translation>
    </message>
    <message>
        <source>It is no regular file.</source>
        <translation>Es ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>It is not about this image.</source>
        <translation>Er betrifft dieses Bild nicht.</translation>
    </message>
    <message>
        <source>It is of another kind ({0}).</source>
        <translation>Es ist von anderer Art ({0}).</translation>
    </message>
    <message>
        <source>It is packed more than {0} times smaller, as no image is.</source>
        <translation>Es ist mehr als {0}-fach gepackt, wie es kein Bild ist.</translation>
    </message>
    <message>
        <source>It is rotated or upside down.</source>
        <translation>Es ist gedreht oder steht auf dem Kopf.</translation>
    </message>
    <message>
        <source>It is signed or rejected already; begin a new version.</source>
        <translation>Er ist schon unterschrieben oder verworfen; beginnen Sie eine neue Fassung.</translation>
    </message>
    <message>
        <source>It names no body part.</source>
        <translation>Es nennt keinen Körperteil.</translation>
    </message>
    <message>
        <source>It refers to no image that its evidence lists.</source>
        <translation>Es verweist auf kein Bild, das unter seinen Belegen steht.</translation>
    </message>
    <message>
        <source>It refers to no image.</source>
        <translation>Er verweist auf kein Bild.</translation>
    </message>
    <message>
        <source>It shows its images differently, and none of them was named.</source>
        <translation>Er zeigt seine Bilder verschieden, und keines davon wurde genannt.</translation>
    </message>
    <message>
        <source>It subtracts one frame from another, which is not supported.</source>
        <translation>Er zieht ein Einzelbild von einem anderen ab, was nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>It was asked for.</source>
        <translation>Es wurde verlangt.</translation>
    </message>
    <message>
        <source>Its Columns are odd, which YBR_FULL_422 does not allow.</source>
        <translation>Columns ist ungerade, was YBR_FULL_422 nicht erlaubt.</translation>
    </message>
    <message>
        <source>Its DICOM structure is broken.</source>
        <translation>Die DICOM-Struktur ist beschädigt.</translation>
    </message>
    <message>
        <source>Its HighBit contradicts BitsStored and BitsAllocated.</source>
        <translation>HighBit widerspricht BitsStored und BitsAllocated.</translation>
    </message>
    <message>
        <source>Its JPEG 2000 components differ in size or depth.</source>
        <translation>Die JPEG-2000-Komponenten haben verschiedene Größe oder Tiefe.</translation>
    </message>
    <message>
        <source>Its JPEG 2000 data do not begin with a codestream.</source>
        <translation>Die JPEG-2000-Daten beginnen nicht mit einem Codestream.</translation>
    </message>
    <message>
        <source>Its JPEG process is not that of its transfer syntax.</source>
        <translation>Der JPEG-Prozess ist nicht der der Transfersyntax.</translation>
    </message>
    <message>
        <source>Its Modality LUT is not the image&apos;s own, which is not supported.</source>
        <translation>Die Modality LUT ist nicht die des Bildes, was nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>Its Modality LUT leaves too little of the picture to draft from.</source>
        <translation>Seine Modality-LUT lässt zu wenig vom Bild übrig, um einen Entwurf zu machen.</translation>
    </message>
    <message>
        <source>Its ModalityLUTSequence contradicts itself.</source>
        <translation>ModalityLUTSequence widerspricht sich.</translation>
    </message>
    <message>
        <source>Its NumberOfFrames is no number.</source>
        <translation>NumberOfFrames ist keine Zahl.</translation>
    </message>
    <message>
        <source>Its NumberOfFrames is not from 1 to {0}.</source>
        <translation>NumberOfFrames liegt nicht zwischen 1 und {0}.</translation>
    </message>
    <message>
        <source>Its PhotometricInterpretation is none that can be shown.</source>
        <translation>PhotometricInterpretation ist keine, die gezeigt werden kann.</translation>
    </message>
    <message>
        <source>Its PixelData are no bytes.</source>
        <translation>PixelData sind keine Bytes.</translation>
    </message>
    <message>
        <source>Its PixelRepresentation or PlanarConfiguration is neither 0 nor 1.</source>
        <translation>PixelRepresentation oder PlanarConfiguration ist weder 0 noch 1.</translation>
    </message>
    <message>
        <source>Its Presentation LUT Shape is neither IDENTITY nor INVERSE.</source>
        <translation>Presentation LUT Shape ist weder IDENTITY noch INVERSE.</translation>
    </message>
    <message>
        <source>Its Rescale Slope contradicts the image&apos;s.</source>
        <translation>Rescale Slope widerspricht der des Bildes.</translation>
    </message>
    <message>
        <source>Its RescaleSlope or RescaleIntercept cannot be.</source>
        <translation>RescaleSlope oder RescaleIntercept kann nicht sein.</translation>
    </message>
    <message>
        <source>Its Rows and Columns are not from 1 to {0} pixels.</source>
        <translation>Rows und Columns liegen nicht zwischen 1 und {0} Pixeln.</translation>
    </message>
    <message>
        <source>Its SamplesPerPixel contradicts its PhotometricInterpretation.</source>
        <translation>SamplesPerPixel widerspricht PhotometricInterpretation.</translation>
    </message>
    <message>
        <source>Its bit depth, BitsAllocated and BitsStored, is none from 8 to 16 bits.</source>
        <translation>Die Bittiefe, BitsAllocated und BitsStored, liegt nicht zwischen 8 und 16 Bit.</translation>
    </message>
    <message>
        <source>Its colour palette is missing, segmented, or contradicts itself.</source>
        <translation>Die Farbpalette fehlt, ist segmentiert oder widerspricht sich.</translation>
    </message>
    <message>
        <source>Its compressed pixel data are incomplete.</source>
        <translation>Die komprimierten Pixeldaten sind unvollständig.</translation>
    </message>
    <message>
        <source>Its compressed pixel data contradict themselves.</source>
        <translation>Die komprimierten Pixeldaten widersprechen sich.</translation>
    </message>
    <message>
        <source>Its compression, one that DICOM does not register, is not supported.</source>
        <translation>Seine Kompression, eine, die DICOM nicht verzeichnet, wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>Its compression, {0}, is not supported.</source>
        <translation>Seine Kompression, {0}, wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>Its data are cut short.</source>
        <translation>Seine Daten sind abgeschnitten.</translation>
    </message>
    <message>
        <source>Its deflated data are broken.</source>
        <translation>Die Deflate-Daten sind beschädigt.</translation>
    </message>
    <message>
        <source>Its deflated data are larger than {0} MiB.</source>
        <translation>Die Deflate-Daten sind größer als {0} MiB.</translation>
    </message>
    <message>
        <source>Its description is broken.</source>
        <translation>Seine Beschreibung ist fehlerhaft.</translation>
    </message>
    <message>
        <source>Its driver is too old.</source>
        <translation>Ihr Treiber ist zu alt.</translation>
    </message>
    <message>
        <source>Its embedding table cannot be read.</source>
        <translation>Ihre Einbettungstabelle kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Its embedding table has not the manifest&apos;s shape.</source>
        <translation>Ihre Einbettungstabelle hat nicht die Form, die das Manifest nennt.</translation>
    </message>
    <message>
        <source>Its file cannot be opened or made.</source>
        <translation>Seine Datei kann nicht geöffnet oder angelegt werden.</translation>
    </message>
    <message>
        <source>Its file is broken.</source>
        <translation>Ihre Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Its files are larger than {0} GiB together.</source>
        <translation>Die Dateien sind zusammen größer als {0} GiB.</translation>
    </message>
    <message>
        <source>Its frames are not from 1 to {0}.</source>
        <translation>Seine Bilder sind nicht von 1 bis {0}.</translation>
    </message>
    <message>
        <source>Its header is broken ({0}).</source>
        <translation>Sein Dateikopf ist fehlerhaft ({0}).</translation>
    </message>
    <message>
        <source>Its header names a body part that is not known to be the chest.</source>
        <translation>Sein Dateikopf nennt einen Körperteil, von dem nicht bekannt ist, dass er der Thorax ist.</translation>
    </message>
    <message>
        <source>Its header names a view that is not frontal.</source>
        <translation>Sein Dateikopf nennt eine Projektion, die nicht frontal ist.</translation>
    </message>
    <message>
        <source>Its header says that it shows another part of the body ({0}).</source>
        <translation>Sein Dateikopf sagt, dass es einen anderen Körperteil zeigt ({0}).</translation>
    </message>
    <message>
        <source>Its image data are broken or cut short ({0}).</source>
        <translation>Die Bilddaten sind beschädigt oder abgeschnitten ({0}).</translation>
    </message>
    <message>
        <source>Its manifest does not list every graph.</source>
        <translation>Ihr Manifest führt nicht alle Graphen auf.</translation>
    </message>
    <message>
        <source>Its manifest is none.</source>
        <translation>Ihr Manifest ist keines.</translation>
    </message>
    <message>
        <source>Its manifest was changed.</source>
        <translation>Ihr Manifest wurde verändert.</translation>
    </message>
    <message>
        <source>Its name cannot be.</source>
        <translation>Einen solchen Namen kann es nicht geben.</translation>
    </message>
    <message>
        <source>Its name leads out of the archive.</source>
        <translation>Ihr Name führt aus dem Archiv hinaus.</translation>
    </message>
    <message>
        <source>Its orientation is that of a lateral image.</source>
        <translation>Seine Ausrichtung ist die eines seitlichen Bildes.</translation>
    </message>
    <message>
        <source>Its origin is no place near the image.</source>
        <translation>Sein Ursprung liegt nicht in der Nähe des Bildes.</translation>
    </message>
    <message>
        <source>Its pixel data are cut short.</source>
        <translation>Die Pixeldaten sind abgeschnitten.</translation>
    </message>
    <message>
        <source>Its pixel data use more bits than its BitsStored and HighBit say.</source>
        <translation>Die Pixeldaten nutzen mehr Bits, als BitsStored und HighBit sagen.</translation>
    </message>
    <message>
        <source>The image is in colour; what is measured, and what the model sees, is its luminance.</source>
        <translation>Das Bild ist farbig; gemessen wird seine Helligkeit, und nur sie sieht das Modell.</translation>
    </message>
    <message>
        <source>luminance</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>{0}&apos;s {1} {2} is {3} {4}.</source>
        <translation>{0}: {1} {2} ist {3} {4}.</translation>
    </message>
    <message>
        <source>{0}; what it was at is lost, and nothing else was harmed. {1}.</source>
        <translation>{0}; woran er war, ist verloren, sonst kam nichts zu Schaden. {1}.</translation>
    </message>
    <message>
        <source>Its pixel data have {0} bytes, and the size and bits in its header make {1}.</source>
        <translation>Die Pixeldaten haben {0} Bytes, und Größe und Bits im Dateikopf ergeben {1}.</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; compares with an earlier image, and the model has seen none.</source>
        <translation>„{0}“ vergleicht mit einer früheren Aufnahme, und das Modell hat keine gesehen.</translation>
    </message>
    <message>
        <source>&quot;{0}&quot; is {1} in the impression and {2} in the findings.</source>
        <translation>„{0}“ ist in der Beurteilung {1} und im Befund {2}.</translation>
    </message>
    <message>
        <source>A bitmap shutter was left out: only rectangles, circles and polygons are shown.</source>
        <translation>Eine Bitmap-Blende wurde weggelassen: Nur Rechtecke, Kreise und Vielecke werden gezeigt.</translation>
    </message>
    <message>
        <source>Differences from the reference path: {0}.</source>
        <translation>Abweichungen vom Referenzweg: {0}.</translation>
    </message>
    <message>
        <source>It reads single frontal chest radiographs, in English; no lateral views, no other parts of the body, and no earlier image.</source>
        <translation>Es liest einzelne frontale Thoraxaufnahmen, auf Englisch; keine seitlichen, keine anderen Körperteile und keine frühere Aufnahme.</translation>
    </message>
    <message>
        <source>Its pixel data are deeper than its header says.</source>
        <translation>Die Pixeldaten sind tiefer, als der Dateikopf sagt.</translation>
    </message>
    <message>
        <source>Its pixel data are not encapsulated as they must be.</source>
        <translation>Die Pixeldaten sind nicht gekapselt, wie sie es müssen.</translation>
    </message>
    <message>
        <source>Its pixel data are of another size than its header says.</source>
        <translation>Die Pixeldaten haben eine andere Größe, als der Dateikopf sagt.</translation>
    </message>
    <message>
        <source>Its pixel data cannot be decoded ({0}).</source>
        <translation>Die Pixeldaten können nicht dekodiert werden ({0}).</translation>
    </message>
    <message>
        <source>Its pixel data do not say where each frame begins.</source>
        <translation>Die Pixeldaten sagen nicht, wo jedes Einzelbild beginnt.</translation>
    </message>
    <message>
        <source>Its provider did not start.</source>
        <translation>Ihr Provider ist nicht gestartet.</translation>
    </message>
    <message>
        <source>Its provider failed.</source>
        <translation>Ihr Provider ist gescheitert.</translation>
    </message>
    <message>
        <source>Its rotation is none by right angles, or its flip is neither Y nor N.</source>
        <translation>Die Drehung ist keine um rechte Winkel, oder die Spiegelung ist weder Y noch N.</translation>
    </message>
    <message>
        <source>Its rotation is none by right angles, or its label no Code String.</source>
        <translation>Die Drehung ist keine um rechte Winkel, oder die Bezeichnung ist kein Code String.</translation>
    </message>
    <message>
        <source>Its rows and columns are not from 1 to {0}.</source>
        <translation>Seine Zeilen und Spalten sind nicht von 1 bis {0}.</translation>
    </message>
    <message>
        <source>Its sequences are nested more than {0} deep.</source>
        <translation>Die Sequenzen sind mehr als {0}-fach geschachtelt.</translation>
    </message>
    <message>
        <source>Its shape {0} is neither (H, W) nor (H, W, 3).</source>
        <translation>Die Form {0} ist weder (H, W) noch (H, W, 3).</translation>
    </message>
    <message>
        <source>Its sides are not from 1 to {0} pixels.</source>
        <translation>Die Seiten liegen nicht zwischen 1 und {0} Pixeln.</translation>
    </message>
    <message>
        <source>Its smaller side is {0} px, and {1} px is the least.</source>
        <translation>Seine kürzere Seite hat {0} px, und {1} px sind das Mindeste.</translation>
    </message>
    <message>
        <source>Its structure is nested too deeply.</source>
        <translation>Die Struktur ist zu tief geschachtelt.</translation>
    </message>
    <message>
        <source>Its structure or its pixel data are broken ({0}).</source>
        <translation>Die Struktur oder die Pixeldaten sind beschädigt ({0}).</translation>
    </message>
    <message>
        <source>Its table of frames contradicts its pixel data.</source>
        <translation>Die Tabelle der Einzelbilder widerspricht den Pixeldaten.</translation>
    </message>
    <message>
        <source>Its tokenizer cannot be read ({0}).</source>
        <translation>Ihr Tokenizer kann nicht gelesen werden ({0}).</translation>
    </message>
    <message>
        <source>Its type is neither graphics nor region.</source>
        <translation>Seine Art ist weder Grafik noch Region.</translation>
    </message>
    <message>
        <source>Its values are {0}, not uint8 or, for gray, uint16.</source>
        <translation>Die Werte sind {0}, nicht uint8 oder, für Grau, uint16.</translation>
    </message>
    <message>
        <source>Its values do not fit DICOM ({0}).</source>
        <translation>Seine Werte passen nicht in DICOM ({0}).</translation>
    </message>
    <message>
        <source>Its window is a threshold in other values than the image&apos;s.</source>
        <translation>Das Fenster ist ein Schwellwert in anderen Werten als denen des Bildes.</translation>
    </message>
    <message>
        <source>Its window or VOI LUT contradicts itself.</source>
        <translation>Das Fenster oder die VOI LUT widerspricht sich.</translation>
    </message>
    <message>
        <source>Its {0} is not one unsigned short number.</source>
        <translation>{0} ist nicht eine vorzeichenlose kurze Zahl.</translation>
    </message>
    <message>
        <source>LOSSY</source>
        <translation>VERLUSTBEHAFTET</translation>
    </message>
    <message>
        <source>Left out: {0} entries that are neither image nor description.</source>
        <translation>Weggelassen: {0} Einträge, die weder Bild noch Beschreibung sind.</translation>
    </message>
    <message>
        <source>Left out: {0} references to images that its evidence does not list.</source>
        <translation>Weggelassen: {0} Verweise auf Bilder, die seine Belege nicht aufführen.</translation>
    </message>
    <message>
        <source>Left out: {0} references to presentation states.</source>
        <translation>Weggelassen: {0} Verweise auf Präsentationszustände.</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manuell</translation>
    </message>
    <message>
        <source>Millimetres are by the reader&apos;s own calibration.</source>
        <translation>Millimeter beruhen auf der eigenen Kalibrierung.</translation>
    </message>
    <message>
        <source>Modality LUT</source>
        <translation>Modality-LUT</translation>
    </message>
    <message>
        <source>Nearly all its pixels are alike, so there is next to nothing to draft from.</source>
        <translation>Fast alle seine Pixel sind gleich, daher gibt es so gut wie nichts zu beschreiben.</translation>
    </message>
    <message>
        <source>No GSDF correction applied.</source>
        <translation>Keine GSDF-Korrektur angewandt.</translation>
    </message>
    <message>
        <source>No anonymised copy was made: {0}.</source>
        <translation>Es wurde keine anonymisierte Kopie erstellt: {0}.</translation>
    </message>
    <message>
        <source>No content</source>
        <translation>Kein Inhalt</translation>
    </message>
    <message>
        <source>No finding was understood in the prompt, nor a device or a normal state: the picture has nothing to do with it. Prompts are a report&apos;s words, in English.</source>
        <translation>In der Vorgabe wurde kein Befund erkannt, auch kein Gerät und kein Normalzustand: Das Bild hat nichts mit ihr zu tun. Vorgaben sind die Worte eines Befunds, auf Englisch.</translation>
    </message>
    <message>
        <source>No image of this study is marked.</source>
        <translation>Kein Bild dieser Studie ist markiert.</translation>
    </message>
    <message>
        <source>No model is open; nothing was begun. Choose its engines in the settings.</source>
        <translation>Kein Modell ist geöffnet; nichts wurde begonnen. Wählen Sie seine Engines in den Einstellungen.</translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation>Kein Patientenname</translation>
    </message>
    <message>
        <source>No picture was written, as nothing of what was named can be shown: {0}.</source>
        <translation>Kein Bild wurde geschrieben, da nichts vom Genannten gezeigt werden kann: {0}.</translation>
    </message>
    <message>
        <source>No process could be started to decode it; close others and try again.</source>
        <translation>Es konnte kein Prozess zum Dekodieren gestartet werden; beenden Sie andere und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Of archives only ZIP is opened.</source>
        <translation>Von Archiven wird nur ZIP geöffnet.</translation>
    </message>
    <message>
        <source>On both sides.</source>
        <translation>beidseits.</translation>
    </message>
    <message>
        <source>On the left.</source>
        <translation>links.</translation>
    </message>
    <message>
        <source>On the right.</source>
        <translation>rechts.</translation>
    </message>
    <message>
        <source>One mouse button must be left for the chosen tool; nothing was changed.</source>
        <translation>Eine Maustaste muss für das gewählte Werkzeug bleiben; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>One of its images is of another study.</source>
        <translation>Eines der Bilder gehört zu einer anderen Studie.</translation>
    </message>
    <message>
        <source>1 of the annotations was left out: {0}.</source>
        <translation>1 der Anmerkungen wurde weggelassen: {0}.</translation>
    </message>
    <message>
        <source>A folder or a device has that name.</source>
        <translation>Ein Ordner oder ein Gerät hat diesen Namen.</translation>
    </message>
    <message>
        <source>A line of the ratio has no length; nothing was changed. Mark each from border to border.</source>
        <translation>Eine Linie des Quotienten hat keine Länge; nichts wurde geändert. Markieren Sie jede von Rand zu Rand.</translation>
    </message>
    <message>
        <source>Another run is writing drafts into the same folder; wait for it, or name another.</source>
        <translation>Ein anderer Lauf schreibt Entwürfe in denselben Ordner; warten Sie auf ihn, oder nennen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Guidance must be renewed every 1 to 100 steps.</source>
        <translation>Die Führung muss alle 1 bis 100 Schritte erneuert werden.</translation>
    </message>
    <message>
        <source>Heart</source>
        <translation>Herz</translation>
    </message>
    <message>
        <source>How this image was left could not be read: it is shown as it was opened first, and what was kept was put aside.</source>
        <translation>Wie dieses Bild verlassen wurde, war nicht zu lesen: Es wird gezeigt wie beim ersten Öffnen, und die Aufzeichnung wurde beiseitegelegt.</translation>
    </message>
    <message>
        <source>It cannot be opened (its name or a link in it cannot be followed).</source>
        <translation>Es kann nicht geöffnet werden (sein Name oder ein Verweis darin kann nicht verfolgt werden).</translation>
    </message>
    <message>
        <source>It has no content.</source>
        <translation>Er hat keinen Inhalt.</translation>
    </message>
    <message>
        <source>It is no structured report.</source>
        <translation>Es ist kein strukturierter Befund.</translation>
    </message>
    <message>
        <source>Its file cannot be opened.</source>
        <translation>Seine Datei lässt sich nicht öffnen.</translation>
    </message>
    <message>
        <source>Its file is gone or has changed since it was listed.</source>
        <translation>Seine Datei ist weg oder hat sich geändert, seit sie aufgelistet wurde.</translation>
    </message>
    <message>
        <source>Its folder is missing or cannot be written to.</source>
        <translation>Der Ordner fehlt oder lässt sich nicht beschreiben.</translation>
    </message>
    <message>
        <source>Its manifest does not follow the format.</source>
        <translation>Ihr Manifest folgt nicht dem Format.</translation>
    </message>
    <message>
        <source>Its manifest holds a value that cannot be.</source>
        <translation>Ihr Manifest enthält einen Wert, den es nicht geben kann.</translation>
    </message>
    <message>
        <source>Its tokenizer knows words that its embedding table does not.</source>
        <translation>Ihr Tokenizer kennt Wörter, die ihre Einbettungstabelle nicht kennt.</translation>
    </message>
    <message>
        <source>Mark the greatest width of the heart, from border to border. Esc leaves the tool.</source>
        <translation>Markieren Sie die größte Breite des Herzens, von Rand zu Rand. Esc verlässt das Werkzeug.</translation>
    </message>
    <message>
        <source>Now mark the greatest inner width of the thorax, from border to border. Esc leaves the tool.</source>
        <translation>Markieren Sie nun die größte innere Breite des Thorax, von Rand zu Rand. Esc verlässt das Werkzeug.</translation>
    </message>
    <message>
        <source>On {0} computed phantoms {1} of its reports are word for word those of float32; differences in points: {2}.</source>
        <translation>Auf {0} berechneten Phantomen sind {1} der Berichte Wort für Wort die von float32; Unterschiede in Punkten: {2}.</translation>
    </message>
    <message>
        <source>One of the images is of another study, or chosen twice.</source>
        <translation>Eines der Bilder gehört zu einer anderen Studie oder wurde zweimal gewählt.</translation>
    </message>
    <message>
        <source>One side is more than {0} times the other.</source>
        <translation>Eine Seite ist mehr als {0}-mal so lang wie die andere.</translation>
    </message>
    <message>
        <source>Overlay {0} was left out: {1}.</source>
        <translation>Overlay {0} wurde weggelassen: {1}.</translation>
    </message>
    <message>
        <source>Padding ignored</source>
        <translation>Randwert ignoriert</translation>
    </message>
    <message>
        <source>Parity with the reference path was not measured.</source>
        <translation>Die Übereinstimmung mit dem Referenzweg wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>Password-protected archives are not supported.</source>
        <translation>Archive mit Passwort werden nicht unterstützt.</translation>
    </message>
    <message>
        <source>Presentation LUT Shape contradicts Photometric Interpretation; Photometric Interpretation was followed.</source>
        <translation>Presentation LUT Shape widerspricht Photometric Interpretation; Photometric Interpretation wurde befolgt.</translation>
    </message>
    <message>
        <source>Presentation state</source>
        <translation>Präsentationszustand</translation>
    </message>
    <message>
        <source>Reading its header needs more memory than it may have.</source>
        <translation>Seinen Dateikopf zu lesen braucht mehr Speicher, als es haben darf.</translation>
    </message>
    <message>
        <source>Reading its header took longer than {0} seconds.</source>
        <translation>Den Dateikopf zu lesen dauerte länger als {0} Sekunden.</translation>
    </message>
    <message>
        <source>Remove it.</source>
        <translation>Entfernen Sie es.</translation>
    </message>
    <message>
        <source>Renorm_min must be from 0 to 1.</source>
        <translation>Renorm_min muss von 0 bis 1 sein.</translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation>Nur für die Forschung. Nicht zur Diagnose.</translation>
    </message>
    <message>
        <source>Running engines.</source>
        <translation>Das Ausführen der Engines.</translation>
    </message>
    <message>
        <source>SD</source>
        <translation>SD</translation>
    </message>
    <message>
        <source>SYNTHETIC - not a patient</source>
        <translation>SYNTHETISCH - kein Patient</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Several files in the archive have its name.</source>
        <translation>Mehrere Dateien im Archiv heißen so.</translation>
    </message>
    <message>
        <source>Shift must be above 0 and at most 100.</source>
        <translation>Shift muss über 0 und höchstens 100 sein.</translation>
    </message>
    <message>
        <source>Some text of the header could not be decoded.</source>
        <translation>Ein Teil der Texte im Dateikopf ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Something failed that should not ({0}); nothing unfinished was kept.</source>
        <translation>Etwas ist gescheitert, das nicht scheitern sollte ({0}); nichts Unfertiges wurde behalten.</translation>
    </message>
    <message>
        <source>Something left out</source>
        <translation>Etwas ausgelassen</translation>
    </message>
    <message>
        <source>Start again.</source>
        <translation>Beginnen Sie von vorn.</translation>
    </message>
    <message>
        <source>Stopped before anything was finished.</source>
        <translation>Angehalten, bevor etwas fertig war.</translation>
    </message>
    <message>
        <source>TensorRT-RTX cannot build the {0} graph ({1}). The bundle itself is complete and runs on other devices; for TensorRT-RTX export it with --fp16.</source>
        <translation>TensorRT-RTX kann den Graphen {0} nicht bauen ({1}). Das Bündel selbst ist vollständig und läuft auf anderen Geräten; exportieren Sie es für TensorRT-RTX mit --fp16.</translation>
    </message>
    <message>
        <source>Text burned into the image was not looked for and cannot be excluded. The file does not say whether there is any; look at the image.</source>
        <translation>Nach eingebranntem Text wurde nicht gesucht, und er kann nicht ausgeschlossen werden. Die Datei sagt nicht, ob es welchen gibt; sehen Sie das Bild an.</translation>
    </message>
    <message>
        <source>Text burned into the image was not looked for and cannot be excluded. The file says that there is none; look at the image.</source>
        <translation>Nach eingebranntem Text wurde nicht gesucht, und er kann nicht ausgeschlossen werden. Laut der Datei gibt es keinen; sehen Sie das Bild an.</translation>
    </message>
    <message>
        <source>Text not decoded</source>
        <translation>Text nicht lesbar</translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it is a DICOMDIR.</source>
        <translation>Die DICOMDIR nennt sie, und sie ist eine DICOMDIR.</translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it is not there.</source>
        <translation>Die DICOMDIR nennt sie, und sie ist nicht da.</translation>
    </message>
    <message>
        <source>The DICOMDIR names it, and it would lie outside the DICOMDIR&apos;s folder.</source>
        <translation>Die DICOMDIR nennt sie, und sie läge außerhalb des Ordners der DICOMDIR.</translation>
    </message>
    <message>
        <source>The Modality LUT of the file leaves too little of the picture.</source>
        <translation>Die Modality-LUT der Datei lässt zu wenig vom Bild übrig.</translation>
    </message>
    <message>
        <source>The archive is broken ({0}).</source>
        <translation>Das Archiv ist beschädigt ({0}).</translation>
    </message>
    <message>
        <source>The bundle is {0}, which runs on CPUs and by CUDA.</source>
        <translation>Die Engines sind {0}, was auf Prozessoren und mit CUDA läuft.</translation>
    </message>
    <message>
        <source>The calibration was not used: its line must have a length above 0 mm.</source>
        <translation>Die Kalibrierung wurde nicht verwendet: Ihre Linie muss länger als 0 mm sein.</translation>
    </message>
    <message>
        <source>The card failed in cuBLAS.</source>
        <translation>Die Karte ist in cuBLAS gescheitert.</translation>
    </message>
    <message>
        <source>The card failed in cuDNN.</source>
        <translation>Die Karte ist in cuDNN gescheitert.</translation>
    </message>
    <message>
        <source>The card failed.</source>
        <translation>Die Karte ist gescheitert.</translation>
    </message>
    <message>
        <source>The checkpoint does not fit float16: {0} overflow. Nothing was written; export it with --fp32.</source>
        <translation>Der Checkpoint passt nicht in float16: {0} laufen über. Nichts wurde geschrieben; exportieren Sie ihn mit --fp32.</translation>
    </message>
    <message>
        <source>The checkpoint {0} was not loaded: {1}.</source>
        <translation>Der Checkpoint {0} wurde nicht geladen: {1}.</translation>
    </message>
    <message>
        <source>The circular shutter was left out: it contradicts itself.</source>
        <translation>Die kreisförmige Blende wurde weggelassen: Sie widerspricht sich.</translation>
    </message>
    <message>
        <source>The device &apos;{0}&apos; cannot be used here: {1}. Use --device cpu or --device auto.</source>
        <translation>Das Gerät „{0}“ kann hier nicht verwendet werden: {1}. Verwenden Sie --device cpu oder --device auto.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Der Datenträger ist voll.</translation>
    </message>
    <message>
        <source>The displayed area has no pixel spacing or magnification to show it by.</source>
        <translation>Der gezeigte Ausschnitt hat weder Pixelabstand noch Vergrößerung.</translation>
    </message>
    <message>
        <source>The displayed area was left out: it contradicts itself or the rotation.</source>
        <translation>Der gezeigte Ausschnitt wurde weggelassen: Er widerspricht sich oder der Drehung.</translation>
    </message>
    <message>
        <source>The displayed area&apos;s corners contradict the rotation.</source>
        <translation>Die Ecken des gezeigten Ausschnitts widersprechen der Drehung.</translation>
    </message>
    <message>
        <source>The draft is cut at its longest: the model had not ended it.</source>
        <translation>Der Entwurf ist bei seiner größten Länge abgeschnitten: Das Modell hatte ihn nicht beendet.</translation>
    </message>
    <message>
        <source>The draft is empty.</source>
        <translation>Der Entwurf ist leer.</translation>
    </message>
    <message>
        <source>The draft was cut off as the model failed.</source>
        <translation>Der Entwurf brach ab, weil das Modell versagte.</translation>
    </message>
    <message>
        <source>The draft was stopped: the model had not ended it.</source>
        <translation>Der Entwurf wurde angehalten: Das Modell hatte ihn nicht beendet.</translation>
    </message>
    <message>
        <source>The drafts of reports in {0} cannot be used: {1}. What is shown stays as it is; do not close the window before it has been copied or saved.</source>
        <translation>Die Befundentwürfe in {0} können nicht verwendet werden: {1}. Was gezeigt wird, bleibt, wie es ist; schließen Sie das Fenster nicht, bevor es kopiert oder gespeichert ist.</translation>
    </message>
    <message>
        <source>The drafts of reports were broken, and there was no copy of them: they were set aside as {0}, and none are left.</source>
        <translation>Die Befundentwürfe waren beschädigt, und es gab keine Kopie davon: Sie wurden als {0} beiseitegelegt, und keine sind übrig.</translation>
    </message>
    <message>
        <source>The drafts of reports were broken: they were set aside as {0}, and the copy of {1} was taken. What was written after that is missing.</source>
        <translation>Die Befundentwürfe waren beschädigt: Sie wurden als {0} beiseitegelegt, und die Kopie von {1} wurde genommen. Was danach geschrieben wurde, fehlt.</translation>
    </message>
    <message>
        <source>The drafts of reports were written by a newer version of this program, and are only read.</source>
        <translation>Die Befundentwürfe wurden von einer neueren Version dieses Programms geschrieben und werden nur gelesen.</translation>
    </message>
    <message>
        <source>The engines differ from the reference path in {0}. The export was discarded and nothing was written; report it, with the checkpoint&apos;s name and the versions of the packages.</source>
        <translation>Die Engines weichen vom Referenzweg ab in {0}. Der Export wurde verworfen und nichts geschrieben; melden Sie es, mit dem Namen des Checkpoints und den Versionen der Pakete.</translation>
    </message>
    <message>
        <source>The engines in {0} were not used: {1}. {2}.</source>
        <translation>Die Engines in {0} wurden nicht verwendet: {1}. {2}.</translation>
    </message>
    <message>
        <source>The file begins like a program; do not copy or run it.</source>
        <translation>Die Datei beginnt wie ein Programm; kopieren Sie sie nicht und führen Sie sie nicht aus.</translation>
    </message>
    <message>
        <source>The file holds several frames; one of them was read.</source>
        <translation>Die Datei enthält mehrere Bilder; eines davon wurde gelesen.</translation>
    </message>
    <message>
        <source>The file says that text which identifies the patient is burned into the image: it is still there.</source>
        <translation>Laut der Datei ist Text in das Bild eingebrannt, der den Patienten erkennen lässt: Er ist noch da.</translation>
    </message>
    <message>
        <source>The file&apos;s pixel padding cannot be used and was ignored.</source>
        <translation>Das Pixel Padding der Datei ist unbrauchbar und wurde nicht beachtet.</translation>
    </message>
    <message>
        <source>The findings state &quot;{0}&quot;, and the impression calls the chest normal.</source>
        <translation>Der Befund nennt „{0}“, und die Beurteilung nennt den Thorax normal.</translation>
    </message>
    <message>
        <source>The findings state &quot;{0}&quot;, of which the impression says nothing.</source>
        <translation>Der Befund nennt „{0}“, wovon die Beurteilung nichts sagt.</translation>
    </message>
    <message>
        <source>The findings state &quot;{0}&quot;, which the impression denies or leaves open.</source>
        <translation>Der Befund nennt „{0}“, was die Beurteilung verneint oder offen lässt.</translation>
    </message>
    <message>
        <source>The folder cannot be made ({0}).</source>
        <translation>Der Ordner kann nicht angelegt werden ({0}).</translation>
    </message>
    <message>
        <source>The folder holds no file.</source>
        <translation>Der Ordner enthält keine Datei.</translation>
    </message>
    <message>
        <source>The guidance interval must rise within 0 and 1.</source>
        <translation>Das Führungsintervall muss innerhalb von 0 und 1 steigen.</translation>
    </message>
    <message>
        <source>The heart cannot be wider than the thorax; nothing was changed. Mark the heart first, then the thorax.</source>
        <translation>Das Herz kann nicht breiter als der Thorax sein; nichts wurde geändert. Markieren Sie zuerst das Herz, dann den Thorax.</translation>
    </message>
    <message>
        <source>The image is in colour, and such a state is of gray images.</source>
        <translation>Das Bild ist farbig, und ein solcher Zustand gilt für Graubilder.</translation>
    </message>
    <message>
        <source>The image is not DICOM, so there is no study that the report would belong to.</source>
        <translation>Das Bild ist nicht DICOM, daher gibt es keine Studie, zu der der Befund gehören würde.</translation>
    </message>
    <message>
        <source>The image was compressed with loss; fine detail may be missing.</source>
        <translation>Das Bild wurde verlustbehaftet komprimiert; feine Einzelheiten können fehlen.</translation>
    </message>
    <message>
        <source>The image&apos;s header has no Rows and Columns.</source>
        <translation>Der Kopf des Bildes hat weder Rows noch Columns.</translation>
    </message>
    <message>
        <source>The image&apos;s header has no valid {0}, so the report could not say what it is about.</source>
        <translation>Der Kopf des Bildes hat kein gültiges {0}, daher könnte der Befund nicht sagen, wovon er handelt.</translation>
    </message>
    <message>
        <source>The image&apos;s header has no valid {0}.</source>
        <translation>Der Kopf des Bildes hat kein gültiges {0}.</translation>
    </message>
    <message>
        <source>The image&apos;s header has no {0}.</source>
        <translation>Der Kopf des Bildes hat kein {0}.</translation>
    </message>
    <message>
        <source>The impression states &quot;{0}&quot;, of which the findings say nothing.</source>
        <translation>Die Beurteilung nennt „{0}“, wovon der Befund nichts sagt.</translation>
    </message>
    <message>
        <source>The impression states &quot;{0}&quot;, which the findings deny or leave open.</source>
        <translation>Die Beurteilung nennt „{0}“, was der Befund verneint oder offen lässt.</translation>
    </message>
    <message>
        <source>The index of studies in {0} cannot be used: {1}. No image was touched; files can be opened without it.</source>
        <translation>Der Studienindex in {0} kann nicht verwendet werden: {1}. Kein Bild wurde angerührt; Dateien können ohne ihn geöffnet werden.</translation>
    </message>
    <message>
        <source>The index of studies was broken: it was set aside as {0}, and an empty one was begun. Open your folders again to fill it.</source>
        <translation>Der Studienindex war beschädigt: Er wurde als {0} beiseitegelegt und ein leerer begonnen. Öffnen Sie Ihre Ordner erneut, um ihn zu füllen.</translation>
    </message>
    <message>
        <source>The index of studies was written by a newer version of this program, and is only read.</source>
        <translation>Der Studienindex wurde von einer neueren Version dieses Programms geschrieben und wird nur gelesen.</translation>
    </message>
    <message>
        <source>The installed ONNX Runtime has no {0} (extra {1}).</source>
        <translation>Die installierte ONNX Runtime hat keinen {0} (Extra {1}).</translation>
    </message>
    <message>
        <source>The key {0} already belongs to &quot;{1}&quot;; nothing was changed. Choose another, or take it away there first.</source>
        <translation>Die Taste {0} gehört schon zu „{1}“; nichts wurde geändert. Wählen Sie eine andere oder nehmen Sie sie dort zuerst weg.</translation>
    </message>
    <message>
        <source>The key {0} moves the focus or closes the window; nothing was changed. Choose another.</source>
        <translation>Die Taste {0} bewegt den Fokus oder schließt das Fenster; nichts wurde geändert. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The key {0} would be triggered by typing, as &quot;{1}&quot; counts in the whole window; nothing was changed. Add Ctrl or Alt, or choose a function key.</source>
        <translation>Die Taste {0} würde beim Tippen ausgelöst, da „{1}“ im ganzen Fenster gilt; nichts wurde geändert. Fügen Sie Strg oder Alt hinzu oder wählen Sie eine Funktionstaste.</translation>
    </message>
    <message>
        <source>The machine was cut off before it said which model it is; draft again.</source>
        <translation>Die Maschine wurde abgebrochen, bevor sie sagte, welches Modell sie ist; entwerfen Sie neu.</translation>
    </message>
    <message>
        <source>The memory of &apos;{0}&apos; is too small for the {1} graph: {2}.</source>
        <translation>Der Speicher von „{0}“ ist zu klein für den Graphen {1}: {2}.</translation>
    </message>
    <message>
        <source>The memory of &apos;{0}&apos; is too small for the {1} graph: {2}. Nothing was written; close other programs that use the card, generate a smaller picture, or use --device cpu.</source>
        <translation>Der Speicher von „{0}“ ist zu klein für den Graphen {1}: {2}. Nichts wurde geschrieben; schließen Sie andere Programme, die die Karte benutzen, erzeugen Sie ein kleineres Bild oder verwenden Sie --device cpu.</translation>
    </message>
    <message>
        <source>The model is opened again.</source>
        <translation>Das Modell wird erneut geöffnet.</translation>
    </message>
    <message>
        <source>The model stays closed until it is opened again.</source>
        <translation>Das Modell bleibt geschlossen, bis es erneut geöffnet wird.</translation>
    </message>
    <message>
        <source>The names&apos; beginning is not of 1 to {0} letters and digits.</source>
        <translation>Der Anfang der Namen besteht nicht aus 1 bis {0} Buchstaben und Ziffern.</translation>
    </message>
    <message>
        <source>The overlays of the presentation state were left out.</source>
        <translation>Die Overlays des Präsentationszustands wurden weggelassen.</translation>
    </message>
    <message>
        <source>The page cannot be drawn.</source>
        <translation>Die Seite kann nicht gezeichnet werden.</translation>
    </message>
    <message>
        <source>The plugin found no card of this number.</source>
        <translation>Das Plugin hat keine Karte dieser Nummer gefunden.</translation>
    </message>
    <message>
        <source>The polygonal shutter was left out: it contradicts itself.</source>
        <translation>Die vieleckige Blende wurde weggelassen: Sie widerspricht sich.</translation>
    </message>
    <message>
        <source>The presentation state was not applied: {0}.</source>
        <translation>Der Präsentationszustand wurde nicht angewendet: {0}.</translation>
    </message>
    <message>
        <source>The presentation state was not read: {0}.</source>
        <translation>Der Präsentationszustand wurde nicht gelesen: {0}.</translation>
    </message>
    <message>
        <source>The presentation state was not written: {0}.</source>
        <translation>Der Präsentationszustand wurde nicht geschrieben: {0}.</translation>
    </message>
    <message>
        <source>The printer does not take it.</source>
        <translation>Der Drucker nimmt es nicht an.</translation>
    </message>
    <message>
        <source>The process that computes it died, or the disk is full.</source>
        <translation>Der Prozess, der sie berechnet, ist gestorben, oder der Datenträger ist voll.</translation>
    </message>
    <message>
        <source>The process that decodes it died; nothing else was harmed.</source>
        <translation>Der Prozess, der sie dekodiert, ist gestorben; sonst kam nichts zu Schaden.</translation>
    </message>
    <message>
        <source>The process that reads its header died; nothing else was harmed.</source>
        <translation>Der Prozess, der den Dateikopf liest, ist gestorben; sonst kam nichts zu Schaden.</translation>
    </message>
    <message>
        <source>The process that runs the model could not be started.</source>
        <translation>Der Prozess, der das Modell ausführt, konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>The process that runs the model died.</source>
        <translation>Der Prozess, der das Modell ausführt, ist gestorben.</translation>
    </message>
    <message>
        <source>The process that runs the model no longer answered and was ended.</source>
        <translation>Der Prozess, der das Modell ausführt, hat nicht mehr geantwortet und wurde beendet.</translation>
    </message>
    <message>
        <source>The process that runs the model said what makes no sense and was ended.</source>
        <translation>Der Prozess, der das Modell ausführt, hat Unsinniges gesagt und wurde beendet.</translation>
    </message>
    <message>
        <source>The prompt has {0} tokens and {1} is the most; nothing was generated. Shorten it.</source>
        <translation>Die Vorgabe hat {0} Tokens, und {1} sind das Meiste; nichts wurde erzeugt. Kürzen Sie sie.</translation>
    </message>
    <message>
        <source>The prompt has {0} tokens and {1} too many for these engines, which hold {2} positions; nothing was drafted. Shorten it, or export with a larger --context.</source>
        <translation>Die Vorgabe hat {0} Tokens und damit {1} zu viele für diese Engines, die {2} Positionen fassen; nichts wurde entworfen. Kürzen Sie sie, oder exportieren Sie mit größerem --context.</translation>
    </message>
    <message>
        <source>The prompt holds bytes that are no text in UTF-8; nothing was drafted.</source>
        <translation>Die Vorgabe enthält Bytes, die kein Text in UTF-8 sind; nichts wurde entworfen.</translation>
    </message>
    <message>
        <source>The prompt holds bytes that are no text in UTF-8; nothing was generated.</source>
        <translation>Die Vorgabe enthält Bytes, die kein Text in UTF-8 sind; nichts wurde erzeugt.</translation>
    </message>
    <message>
        <source>The prompt is empty; nothing was drafted. Say what the report should hold.</source>
        <translation>Die Vorgabe ist leer; nichts wurde entworfen. Sagen Sie, was der Befund enthalten soll.</translation>
    </message>
    <message>
        <source>The prompt is empty; nothing was generated. Describe what the picture should show.</source>
        <translation>Die Vorgabe ist leer; nichts wurde erzeugt. Beschreiben Sie, was das Bild zeigen soll.</translation>
    </message>
    <message>
        <source>The pseudonym is empty, has more than {0} bytes, or control characters, \ or =.</source>
        <translation>Das Pseudonym ist leer, hat mehr als {0} Bytes oder enthält Steuerzeichen, \ oder =.</translation>
    </message>
    <message>
        <source>The pseudonym is the patient&apos;s own name or ID.</source>
        <translation>Das Pseudonym ist der Name oder die ID des Patienten.</translation>
    </message>
    <message>
        <source>The rectangular shutter was left out: it contradicts itself.</source>
        <translation>Die rechteckige Blende wurde weggelassen: Sie widerspricht sich.</translation>
    </message>
    <message>
        <source>The report is too long for one page.</source>
        <translation>Der Befund ist zu lang für eine Seite.</translation>
    </message>
    <message>
        <source>The report was not signed: {0}.</source>
        <translation>Der Befund wurde nicht unterschrieben: {0}.</translation>
    </message>
    <message>
        <source>The secret is shorter than {0} bytes.</source>
        <translation>Das Geheimnis ist kürzer als {0} Bytes.</translation>
    </message>
    <message>
        <source>The seed must be from 0 to 2**63 - 1.</source>
        <translation>Der Startwert (seed) muss von 0 bis 2**63 - 1 sein.</translation>
    </message>
    <message>
        <source>The selection of key images was not changed: {0}.</source>
        <translation>Die Auswahl der Schlüsselbilder wurde nicht geändert: {0}.</translation>
    </message>
    <message>
        <source>The selection of key images was not read: {0}.</source>
        <translation>Die Auswahl der Schlüsselbilder wurde nicht gelesen: {0}.</translation>
    </message>
    <message>
        <source>The selection of key images was not written: {0}.</source>
        <translation>Die Auswahl der Schlüsselbilder wurde nicht geschrieben: {0}.</translation>
    </message>
    <message>
        <source>The size in millimetres that the presentation state asks for was left out: the image was fitted.</source>
        <translation>Die Größe in Millimetern, die der Präsentationszustand verlangt, wurde weggelassen: Das Bild wurde eingepasst.</translation>
    </message>
    <message>
        <source>The starting noise is {0}; {1} pixels take {2}.</source>
        <translation>Das Anfangsrauschen ist {0}; {1} Pixel brauchen {2}.</translation>
    </message>
    <message>
        <source>The stride must be from 1 to 100.</source>
        <translation>Die Schrittweite muss zwischen 1 und 100 liegen.</translation>
    </message>
    <message>
        <source>The structured report was not read: {0}.</source>
        <translation>Der strukturierte Befund wurde nicht gelesen: {0}.</translation>
    </message>
    <message>
        <source>The system ended the process that decodes it, as when memory is short; close other programs and try again.</source>
        <translation>Das System hat den Prozess beendet, der sie dekodiert, etwa weil der Arbeitsspeicher knapp ist; schließen Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The system ended the process that runs the model, as when memory is short.</source>
        <translation>Das System hat den Prozess beendet, der das Modell ausführt, etwa weil der Arbeitsspeicher knapp ist.</translation>
    </message>
    <message>
        <source>The text is too long; nothing was begun. Shorten it.</source>
        <translation>Der Text ist zu lang; nichts wurde begonnen. Kürzen Sie ihn.</translation>
    </message>
    <message>
        <source>The viewer cannot open a window: {0}. {1}.</source>
        <translation>Der Viewer kann kein Fenster öffnen: {0}. {1}.</translation>
    </message>
    <message>
        <source>The way in which it is packed is not supported.</source>
        <translation>Die Art, in der sie gepackt ist, wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>The window or VOI LUT of the file leaves too little of the picture; it is shown from its 0.5 to its 99.5 percentile instead.</source>
        <translation>Fenster oder VOI-LUT der Datei lassen zu wenig vom Bild übrig; es wird stattdessen vom 0,5. bis zum 99,5. Perzentil gezeigt.</translation>
    </message>
    <message>
        <source>The {0} engine computed values that are no numbers; the result was discarded. Export the checkpoint with --fp32, or verify the engines with unix-edge verify.</source>
        <translation>Die Engine {0} hat Werte berechnet, die keine Zahlen sind; das Ergebnis wurde verworfen. Exportieren Sie den Checkpoint mit --fp32, oder prüfen Sie die Engines mit unix-edge verify.</translation>
    </message>
    <message>
        <source>The {0} graph is built for this card, which can take minutes.</source>
        <translation>Der Graph {0} wird für diese Karte übersetzt, was Minuten dauern kann.</translation>
    </message>
    <message>
        <source>There are more than {0} points.</source>
        <translation>Es sind mehr als {0} Punkte.</translation>
    </message>
    <message>
        <source>There is no card of this number (the first is 0).</source>
        <translation>Es gibt keine Karte dieser Nummer (die erste ist 0).</translation>
    </message>
    <message>
        <source>There is no device called &apos;{0}&apos;: use auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx.</source>
        <translation>Ein Gerät namens „{0}“ gibt es nicht: Verwenden Sie auto, cpu, cuda, cuda:N, tensorrt oder tensorrt-rtx.</translation>
    </message>
    <message>
        <source>There is no image.</source>
        <translation>Es ist kein Bild da.</translation>
    </message>
    <message>
        <source>There is no such file in the archive.</source>
        <translation>Diese Datei gibt es im Archiv nicht.</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>Diese Datei gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no such mouse button or no such use of one; nothing was changed.</source>
        <translation>Diese Maustaste oder diese Verwendung gibt es nicht; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>There is not enough memory for this; nothing was written. Close other programs and try again.</source>
        <translation>Dafür reicht der Speicher nicht; nichts wurde geschrieben. Beenden Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>There is not enough space in {0} ({1} GB needed, {2} GB free). Nothing was left there; free some and try again.</source>
        <translation>In {0} ist nicht genug Platz ({1} GB nötig, {2} GB frei). Dort blieb nichts zurück; schaffen Sie Platz und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>There is not enough space in {0}. Nothing was left there; free some and try again.</source>
        <translation>In {0} ist nicht genug Platz. Dort blieb nichts zurück; schaffen Sie Platz und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>These engines hold random weights: their words and pictures mean nothing.</source>
        <translation>Diese Engines enthalten Zufallsgewichte: Ihre Worte und Bilder bedeuten nichts.</translation>
    </message>
    <message>
        <source>They are only read by this window.</source>
        <translation>Sie werden von diesem Fenster nur gelesen.</translation>
    </message>
    <message>
        <source>They are placed on the screen and not on the image.</source>
        <translation>Sie liegen auf dem Bildschirm und nicht auf dem Bild.</translation>
    </message>
    <message>
        <source>They contradict themselves.</source>
        <translation>Sie widersprechen sich.</translation>
    </message>
    <message>
        <source>They were replaced or changed while they were in use.</source>
        <translation>Sie wurden ersetzt oder geändert, während sie in Gebrauch waren.</translation>
    </message>
    <message>
        <source>This model has only seen computed phantoms, and the image is none.</source>
        <translation>Dieses Modell hat nur berechnete Phantome gesehen, und das Bild ist keines.</translation>
    </message>
    <message>
        <source>This model has only seen computed phantoms: on a real radiograph its text means nothing.</source>
        <translation>Dieses Modell hat nur berechnete Phantome gesehen: Auf einer echten Röntgenaufnahme bedeutet sein Text nichts.</translation>
    </message>
    <message>
        <source>Thorax</source>
        <translation>Thorax</translation>
    </message>
    <message>
        <source>Timesteps must be from 2 to 1000.</source>
        <translation>Die Zeitschritte müssen von 2 bis 1000 sein.</translation>
    </message>
    <message>
        <source>Two images of one UID</source>
        <translation>Zwei Bilder unter einer UID</translation>
    </message>
    <message>
        <source>Type your name first.</source>
        <translation>Tippen Sie zuerst Ihren Namen.</translation>
    </message>
    <message>
        <source>Update UniX Edge.</source>
        <translation>Aktualisieren Sie UniX Edge.</translation>
    </message>
    <message>
        <source>VOI LUT</source>
        <translation>VOI LUT</translation>
    </message>
    <message>
        <source>Weights SHA-256: {0}.</source>
        <translation>SHA-256 der Gewichte: {0}.</translation>
    </message>
    <message>
        <source>What is opened, measured or marked now is forgotten when the program ends.</source>
        <translation>Was jetzt geöffnet, gemessen oder markiert wird, ist vergessen, wenn das Programm endet.</translation>
    </message>
    <message>
        <source>What this precision costs in findings was not counted.</source>
        <translation>Was diese Genauigkeit an Befunden kostet, wurde nicht gezählt.</translation>
    </message>
    <message>
        <source>What was printed could not be written ({0}).</source>
        <translation>Was ausgegeben wurde, ließ sich nicht schreiben ({0}).</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Window left out</source>
        <translation>Fenster ausgelassen</translation>
    </message>
    <message>
        <source>Window replaced</source>
        <translation>Fenster ersetzt</translation>
    </message>
    <message>
        <source>Your own keys could not be read, so the usual ones are in force; the file was left as it is until you change a key.</source>
        <translation>Ihre eigenen Tasten konnten nicht gelesen werden, deshalb gelten die üblichen; die Datei bleibt, wie sie ist, bis Sie eine Taste ändern.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>area</source>
        <translation>Fläche</translation>
    </message>
    <message>
        <source>born</source>
        <translation>geb.</translation>
    </message>
    <message>
        <source>compares with what was not seen</source>
        <translation>vergleicht mit Ungesehenem</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>invertiert</translation>
    </message>
    <message>
        <source>max</source>
        <translation>max</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>misses what is there</source>
        <translation>übersieht, was da ist</translation>
    </message>
    <message>
        <source>mm at detector (not corrected for magnification)</source>
        <translation>mm am Detektor (Vergrößerung nicht korrigiert)</translation>
    </message>
    <message>
        <source>mm calibrated by user</source>
        <translation>mm vom Benutzer kalibriert</translation>
    </message>
    <message>
        <source>mm calibrated: calibration unknown</source>
        <translation>mm kalibriert: Kalibrierung unbekannt</translation>
    </message>
    <message>
        <source>mm on scanned film</source>
        <translation>mm auf gescanntem Film</translation>
    </message>
    <message>
        <source>mm, meaning unknown</source>
        <translation>mm, Bedeutung unbekannt</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>nicht gebraucht</translation>
    </message>
    <message>
        <source>orientation unknown</source>
        <translation>Ausrichtung unbekannt</translation>
    </message>
    <message>
        <source>other</source>
        <translation>anderes</translation>
    </message>
    <message>
        <source>patient hidden</source>
        <translation>Patient ausgeblendet</translation>
    </message>
    <message>
        <source>prior</source>
        <translation>Voraufnahme</translation>
    </message>
    <message>
        <source>prior, 1 day</source>
        <translation>Voraufnahme, 1 Tag</translation>
    </message>
    <message>
        <source>prior, 1 month</source>
        <translation>Voraufnahme, 1 Monat</translation>
    </message>
    <message>
        <source>prior, 1 year</source>
        <translation>Voraufnahme, 1 Jahr</translation>
    </message>
    <message>
        <source>prior, the same day</source>
        <translation>Voraufnahme, selber Tag</translation>
    </message>
    <message>
        <source>prior, {0} days</source>
        <translation>Voraufnahme, {0} Tage</translation>
    </message>
    <message>
        <source>prior, {0} months</source>
        <translation>Voraufnahme, {0} Monate</translation>
    </message>
    <message>
        <source>prior, {0} years</source>
        <translation>Voraufnahme, {0} Jahre</translation>
    </message>
    <message>
        <source>states what is not there</source>
        <translation>nennt, was nicht da ist</translation>
    </message>
    <message>
        <source>unusable text</source>
        <translation>unbrauchbarer Text</translation>
    </message>
    <message>
        <source>wrong side</source>
        <translation>falsche Seite</translation>
    </message>
    <message>
        <source>{0} did not start (no card, or its libraries are missing: see unix-edge doctor).</source>
        <translation>{0} ist nicht gestartet (keine Karte, oder ihre Bibliotheken fehlen: siehe unix-edge doctor).</translation>
    </message>
    <message>
        <source>{0} does not belong to it.</source>
        <translation>{0} gehört nicht dazu.</translation>
    </message>
    <message>
        <source>{0} has not the {1}s that this version knows.</source>
        <translation>{0} hat nicht die {1}s, die diese Version kennt.</translation>
    </message>
    <message>
        <source>{0} holds {1}, which no graph of ours does.</source>
        <translation>{0} enthält {1}, was keiner unserer Graphen tut.</translation>
    </message>
    <message>
        <source>{0} is missing.</source>
        <translation>{0} fehlt.</translation>
    </message>
    <message>
        <source>{0} is not installed (extra tensorrt-rtx).</source>
        <translation>{0} ist nicht installiert (Extra tensorrt-rtx).</translation>
    </message>
    <message>
        <source>{0} needs {1}, which is not installed: pip install &apos;unix-edge[{2}]&apos;.</source>
        <translation>{0} braucht {1}, das nicht installiert ist: pip install &apos;unix-edge[{2}]&apos;.</translation>
    </message>
    <message>
        <source>{0} of the annotations were left out: {1}.</source>
        <translation>{0} der Anmerkungen wurden weggelassen: {1}.</translation>
    </message>
    <message>
        <source>{0} of {1} MiB are free.</source>
        <translation>{0} von {1} MiB sind frei.</translation>
    </message>
    <message>
        <source>{0} was changed or cannot be read.</source>
        <translation>{0} wurde verändert oder kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>{0} was not read: {1}.</source>
        <translation>{0} wurde nicht gelesen: {1}.</translation>
    </message>
    <message>
        <source>{0} was not read: {1}. If you have seen that it is a frontal chest radiograph, repeat with --assume-frontal-chest (in Python: assume_frontal_chest=True).</source>
        <translation>{0} wurde nicht gelesen: {1}. Wenn Sie gesehen haben, dass es eine frontale Thoraxaufnahme ist, wiederholen Sie es mit --assume-frontal-chest (in Python: assume_frontal_chest=True).</translation>
    </message>
    <message>
        <source>{0} was not read: {1}. The model reads single frontal chest radiographs only (CR, DX or secondary capture).</source>
        <translation>{0} wurde nicht gelesen: {1}. Das Modell liest nur einzelne frontale Thoraxaufnahmen (CR, DX oder Sekundäraufnahme).</translation>
    </message>
    <message>
        <source>{0} was not written: {1}.</source>
        <translation>{0} wurde nicht geschrieben: {1}.</translation>
    </message>
    <message>
        <source>It is no image.</source>
        <translation>Es ist kein Bild.</translation>
    </message>
    <message>
        <source>No structured report was written: {0}.</source>
        <translation>Kein strukturierter Befund wurde geschrieben: {0}.</translation>
    </message>
    <message>
        <source>None of the files holds an image that can be copied.</source>
        <translation>Keine der Dateien enthält ein Bild, das kopiert werden kann.</translation>
    </message>
    <message>
        <source>None of the files holds an image that can be copied: {0}.</source>
        <translation>Keine der Dateien enthält ein Bild, das kopiert werden kann: {0}.</translation>
    </message>
    <message>
        <source>Nothing was drafted: max tokens must be from 1, the temperature from 0 to 100, the seed from 0.</source>
        <translation>Nichts wurde entworfen: Die Tokens müssen ab 1, die Temperatur von 0 bis 100 und der Startwert ab 0 sein.</translation>
    </message>
    <message>
        <source>ONNX Runtime cannot open {0}.onnx.</source>
        <translation>ONNX Runtime kann {0}.onnx nicht öffnen.</translation>
    </message>
    <message>
        <source>ONNX Runtime holds no machine code for this card.</source>
        <translation>ONNX Runtime enthält keinen Maschinencode für diese Karte.</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Die Datei ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The file has changed since it was opened.</source>
        <translation>Die Datei wurde verändert, seit sie geöffnet wurde.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>Die Datei kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>The disk failed, or allows no more.</source>
        <translation>Der Datenträger ist gescheitert oder lässt nicht mehr zu.</translation>
    </message>
    <message>
        <source>Its file may not be written.</source>
        <translation>Seine Datei darf nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Its file is broken, and is set aside when the program is started again.</source>
        <translation>Seine Datei ist beschädigt und wird beim nächsten Start beiseitegelegt.</translation>
    </message>
    <message>
        <source>SQLite failed ({0}).</source>
        <translation>SQLite ist gescheitert ({0}).</translation>
    </message>
    <message>
        <source>A newer version of this program wrote the index of studies. It was left as it is; what is opened, measured or marked now is forgotten when the program ends.</source>
        <translation>Eine neuere Version dieses Programms hat den Studienindex geschrieben. Er blieb, wie er ist; was jetzt geöffnet, gemessen oder markiert wird, ist mit dem Ende des Programms vergessen.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>Wegnehmen</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>Wie üblich</translation>
    </message>
    <message>
        <source>Chosen tool</source>
        <translation>Gewähltes Werkzeug</translation>
    </message>
    <message>
        <source>Left button</source>
        <translation>Linke Taste</translation>
    </message>
    <message>
        <source>Middle button</source>
        <translation>Mittlere Taste</translation>
    </message>
    <message>
        <source>Right button</source>
        <translation>Rechte Taste</translation>
    </message>
    <message>
        <source>Reverse window and level: left is wider, down is brighter</source>
        <translation>Fenster und Lage umkehren: links ist breiter, unten ist heller</translation>
    </message>
    <message>
        <source>The wheel zooms, also where there are several images</source>
        <translation>Das Rad zoomt, auch wo es mehrere Bilder gibt</translation>
    </message>
    <message>
        <source>Press the new key in the field first.</source>
        <translation>Drücken Sie zuerst die neue Taste im Feld.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Value under the mouse</source>
        <translation>Wert unter der Maus</translation>
    </message>
    <message>
        <source>Reading the image...</source>
        <translation>Das Bild wird gelesen...</translation>
    </message>
    <message>
        <source>Progress of opening</source>
        <translation>Fortschritt des Öffnens</translation>
    </message>
    <message>
        <source>Stop opening</source>
        <translation>Öffnen anhalten</translation>
    </message>
    <message>
        <source>Measurements are not saved.</source>
        <translation>Messungen sind nicht gespeichert.</translation>
    </message>
    <message>
        <source>Research use only. Not for diagnosis.</source>
        <translation>Nur für die Forschung. Nicht zur Diagnose.</translation>
    </message>
    <message>
        <source>Files not opened: {0}</source>
        <translation>Nicht geöffnet: {0}</translation>
    </message>
</context>
<context>
    <name>StudyTree</name>
    <message>
        <source>Search studies</source>
        <translation>Studien suchen</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>The list has just changed; nothing was opened. Click again.</source>
        <translation>Die Liste hat sich eben geändert; es wurde nichts geöffnet. Klicken Sie noch einmal.</translation>
    </message>
    <message>
        <source>Name, ID, date, modality, description</source>
        <translation>Name, ID, Datum, Modalität, Beschreibung</translation>
    </message>
    <message>
        <source>Order of studies</source>
        <translation>Reihenfolge der Studien</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
    <message>
        <source>By time of day</source>
        <translation>Nach Uhrzeit</translation>
    </message>
    <message>
        <source>{0} of {1} studies are shown. Scroll on for more, or search.</source>
        <translation>{0} von {1} Studien werden gezeigt. Blättern Sie weiter, oder suchen Sie.</translation>
    </message>
    <message>
        <source>No study found.</source>
        <translation>Keine Studie gefunden.</translation>
    </message>
    <message>
        <source>No studies yet. Open or drop files.</source>
        <translation>Noch keine Studien. Öffnen Sie Dateien oder ziehen Sie sie hierher.</translation>
    </message>
    <message>
        <source>Studies: {0}</source>
        <translation>Studien: {0}</translation>
    </message>
    <message>
        <source>The study in the active view is not in this list.</source>
        <translation>Die Studie in der aktiven Ansicht ist nicht in dieser Liste.</translation>
    </message>
    <message>
        <source>in the active view</source>
        <translation>in der aktiven Ansicht</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Ways to begin</source>
        <translation>Wege zu beginnen</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Nichts ist geöffnet</translation>
    </message>
    <message>
        <source>Drop files or folders anywhere in this window, or</source>
        <translation>Dateien oder Ordner irgendwo in dieses Fenster ziehen, oder</translation>
    </message>
</context>
<context>
    <name>WordsField</name>
    <message>
        <source>Text, or nothing</source>
        <translation>Text oder nichts</translation>
    </message>
    <message>
        <source>Text of the arrow</source>
        <translation>Text des Pfeils</translation>
    </message>
</context>
<context>
    <name>_Cover</name>
    <message>
        <source>Hidden, because nobody used the program for a while. Press a key or click to go on.</source>
        <translation>Verborgen, weil das Programm eine Weile nicht benutzt wurde. Drücken Sie eine Taste oder klicken Sie, um fortzufahren.</translation>
    </message>
</context>
</TS>
