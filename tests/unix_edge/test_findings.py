"""Reading what a report asserts: labels, sides, what is denied."""

import pytest

from unix_edge.findings import FIVE, LABELS, Label, find_labels, find_unasserted, locate

SENTENCES = """
The heart is normal in size and the lungs are clear. | No Finding
Heart size is within normal limits. Mediastinal contours are unremarkable. | No Finding
No effusion, pneumothorax or focal consolidation. | No Finding
Lungs are clear without evidence of pneumonia, edema, or effusion | No Finding
The chest is free of effusions, masses or nodules; negative for fracture. | No Finding
Absence of pleural effusion and pneumothorax. Costophrenic angles are sharp. | No Finding
The heart is not enlarged, and the mediastinum is not widened. | No Finding
Pneumothorax is absent. An effusion is not seen. | No Finding
Pneumonia cannot be excluded. A possible nodule may represent artefact. | No Finding
No finding consistent with pneumonia. | No Finding
The endotracheal tube has been removed. | No Finding
No mass effect. There is a pericardial effusion. | No Finding
No focal consolidation,\\neffusion or pneumothorax. | No Finding
Moderate left pleural effusion. Cardiomegaly. | Cardiomegaly, Pleural Effusion left
No effusion\\nCardiomegaly | Cardiomegaly
SMALL BILATERAL PLEURAL EFFUSIONS | Pleural Effusion bilateral
Small right effusion. Small left effusion | Pleural Effusion bilateral
Small left and moderate right pleural effusions. | Pleural Effusion bilateral
Pleural effusions, left greater than right. | Pleural Effusion bilateral
Pleural fluid on the right, no pneumothorax. | Pleural Effusion right
There is blunting of the left costophrenic angle. | Pleural Effusion left
Left pleural effusion with adjacent atelectasis. | Atelectasis left, Pleural Effusion left
Left pleural effusion and right basal atelectasis. | Atelectasis right, Pleural Effusion left
Collapse of the left lower lobe. | Atelectasis left
Bibasilar atelectasis, but no effusion. | Atelectasis bilateral
No pneumothorax but a large effusion on the left. | Pleural Effusion left
No pneumothorax; however, there is a right effusion. | Pleural Effusion right
No pneumothorax the heart is moderately enlarged | Cardiomegaly
Enlarged heart. Widened mediastinum. | Enlarged Cardiomediastinum, Cardiomegaly
The heart and mediastinum are enlarged. | Enlarged Cardiomediastinum, Cardiomegaly
The cardiomediastinal silhouette is widened. | Enlarged Cardiomediastinum
Severe interstitial edema with vascular congestion on both sides. | Edema
Right upper lobe mass and left nodules. | Lung Lesion bilateral
2.5 cm nodule in the right lung, left effusion. | Lung Lesion right, Pleural Effusion left
Right lower lobe airspace disease. | Lung Opacity right
RLL opacity, likely pneumonia. | Lung Opacity right, Pneumonia right
Consolidative opacity in the left upper zone. | Lung Opacity left, Consolidation left
The left lung is clear and there is consolidation at the right base. | Consolidation right
Left apical pneumothorax with a right chest tube. | Pneumothorax left, Support Devices right
Biapical pleural thickening and a calcified plaque. | Pleural Other bilateral
Thickening of the left pleura. Displaced right fourth rib fractures. | Pleural Other left, Fracture right
Right PICC with its tip in the superior vena cava. | No Finding, Support Devices right
Left chest port. Right central catheter. | No Finding, Support Devices bilateral
A left pacemaker has leads in the right ventricle and right atrium. | No Finding, Support Devices left
Endotracheal and nasogastric tubes. No other support devices. | No Finding, Support Devices
FINDINGS No effusion IMPRESSION Right pneumothorax | Pneumothorax right
Consolidation in the left lower and right upper lobes. | Consolidation bilateral
The left clavicle is fractured and the right lung is normal. | Fracture left
No left effusion and no right effusion; left pneumothorax | Pneumothorax left
Opacity at the left base may represent atelectasis. | Lung Opacity left
Lungs are free of nodules and the left costophrenic angle is blunted. | Pleural Effusion left
No change in the left effusion. | Pleural Effusion left
Left effus\ufffdon. Right \ufffdpneumothorax | Pneumothorax right
Moderate cardiomegaly. There is a small left pleur | Cardiomegaly
There is a small right pleural effusion. There is no | Pleural Effusion right
"""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_what_a_person_or_a_model_writes_is_read(line):
    text, expected = line.split(" | ")
    found = find_labels(text.replace("\\n", "\n"))
    assert ", ".join(f"{label} {side or ''}".strip() for label, side in found.items()) == expected


@pytest.mark.parametrize("word", ["No", "Without", "Free of", "Absence of", "Negative for", "There is no evidence of"])
def test_a_list_is_denied_as_a_whole(word):
    assert find_labels(f"{word} edema, pneumothorax, left effusion, or fracture.") == {Label.NO_FINDING: None}


@pytest.mark.parametrize("end", [".", ";", ", but with", "; however", "\n\n"])
def test_a_denial_ends(end):
    assert Label.PLEURAL_EFFUSION in find_labels(f"No pneumothorax{end} Left effusion.")


def test_labels_are_read_by_their_own_names():
    for label in set(LABELS) - {Label.PLEURAL_OTHER}:
        assert label in find_labels(label.value)


def test_the_names_are_chexpert_s():
    assert len(LABELS) == 14 and set(FIVE) < set(LABELS)
    assert LABELS[0] == "No Finding" and LABELS[-1] == "Support Devices" and tuple(Label) == LABELS


@pytest.mark.parametrize("text", ["", " ", ".", "\ufffd" * 50, "no " * 500, "left right " * 300, "a" * 10_000])
def test_nothing_is_read_from_nothing(text):
    assert find_labels(text) == {Label.NO_FINDING: None}


def test_what_a_text_denies_or_only_suspects_is_told_apart_from_what_it_asserts():
    text = "No effusion. Possible pneumonia. The heart is large. No edema on the left. Edema on the right."
    assert find_unasserted(text) == {Label.PLEURAL_EFFUSION, Label.PNEUMONIA}


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("No effusion on the right. Small\nleft Effusion.", Label.PLEURAL_EFFUSION, "Effusion"),
        ("İ. The heart is\nlarge.", Label.CARDIOMEGALY, "heart is\nlarge"),
        ("No effusion.", Label.PLEURAL_EFFUSION, None),
        ("Clear lungs.", Label.NO_FINDING, None),
    ],
)
def test_a_label_is_located_at_the_words_that_assert_it(text, label, words):
    place = locate(text, label)
    assert (place and text[slice(*place)]) == words
