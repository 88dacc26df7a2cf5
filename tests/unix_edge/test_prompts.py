"""What is no report is noticed before a picture is made of it; whatever a person may want drawn is not in the way."""

import json

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from unix_edge import GenerationSettings
from unix_edge.errors import PromptError
from unix_edge.phantom.cases import draw_case
from unix_edge.phantom.wording import write_prompt, write_report
from unix_edge.prompts import NOT_UNDERSTOOD, names_something_of_a_chest

UNDERSTOOD = [
    "Moderate left pleural effusion. Moderate cardiomegaly.",
    "Normal.",
    "normal chest radiograph",
    "No acute cardiopulmonary process",
    "no acute findings",
    "Unremarkable study.",
    "Clear lungs.",
    "The heart is normal in size",
    "No pleural effusion or pneumothorax.",
    "FINDINGS: The cardiomediastinal silhouette is normal. IMPRESSION: No acute disease.",
    "Right PICC line",
    "Endotracheal tube",
    "Feeding tube in place",
    "Left chest tube",
    "pacemaker",
    "Port-a-cath",
    "Swan-Ganz catheter",
    "Median sternotomy wires",
    "Fracture of the left fifth rib",
    "Mass in the right upper lobe",
    "Left lower lobe collapse",
    "hazy opacity in the right base",
    "bilateral infiltrates",
    "Consolidation",
    "Possible pneumonia",
    "Hiatal hernia",
    "Emphysema with hyperinflated lungs",
    "Elevated left hemidiaphragm",
    "Low lung volumes",
    "Mediastinal shift to the right",
    "Free air under the diaphragm",
    "NG tube",
    "Sternal wires and surgical clips",
    "Pulmonary embolism",
    "Bilateral LE edema",
    "1½ cm nodule in the right lung",
    "Patient: José. Cardiomegaly.",
]
NOT = [
    "A photo of a cat on a sofa",
    "A clear blue sky over the sea",
    "A sharp photo of a normal dog",
    "A mass of people at the port",
    "A hazy beach at dawn",
    "A chest of drawers",
    "Ein Foto einer Katze auf dem Sofa",
    "Mäßiger Pleuraerguss links",
    "Kein Pneumothorax, kein Erguss.",
    "Derrame pleural derecho",
    "Kleiner Pneumothorax rechts",
    "pneumonia basale destra",
    "Épanchement pleural gauche",
    "Une photo d'un chat",
    "一只猫坐在沙发上",
    "左侧胸腔积液",
    "Правосторонний пневмоторакс",
    "plural efusion",
    "hello",
    "?!",
]


@pytest.mark.parametrize("prompt", UNDERSTOOD)
def test_findings_devices_and_normal_states_are_understood(prompt):
    assert names_something_of_a_chest(prompt) and names_something_of_a_chest(prompt.upper())


@pytest.mark.parametrize("prompt", NOT)
def test_what_names_nothing_of_a_chest_is_noticed(prompt):
    assert not names_something_of_a_chest(prompt)


def test_all_that_phantoms_are_described_by_is_understood():
    for seed in range(300):
        random = np.random.default_rng(seed)
        case = draw_case(random)
        for words in (write_prompt(case, random), write_report(case, random)):
            assert names_something_of_a_chest(words), words


def test_the_library_draws_and_says_what_it_did_not_understand(unix):
    for prompt, understood in (("Clear lungs.", True), ("A cat.", False)):
        assert unix.check_prompt(prompt) is understood
        made = unix.generate(prompt, GenerationSettings(timesteps=2)).provenance
        assert made.parameters["prompt_understood"] is understood
    with pytest.raises(PromptError, match="512 is the most"):
        unix.check_prompt("cat " * 900)


@pytest.fixture
def generate(run_python, engines, tmp_path):
    quick = ("--engines", str(engines), "--quality", "fast")
    return lambda *args: run_python("-m", "unix_edge.cli", "generate", *args, *quick, cwd=tmp_path)


def test_without_a_terminal_nothing_is_drawn_from_what_was_not_understood(generate, tmp_path):
    result = generate("A photo of a cat on a sofa")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert str(NOT_UNDERSTOOD) in result.stderr and "repeat with --any-prompt" in result.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_any_prompt_is_drawn_where_that_is_wanted_and_json_and_files_say_so(generate, tmp_path):
    result = generate("A photo of a cat on a sofa", "--any-prompt", "--json", "--out", "cat.png")
    assert result.returncode == 0 and str(NOT_UNDERSTOOD) in result.stderr
    told = json.loads(result.stdout)
    assert told["understood"] is False and told["findings"] == {}
    assert told["provenance"]["parameters"]["prompt_understood"] is False
    with Image.open(tmp_path / "cat.png") as written:
        assert any('"prompt_understood": false' in str(words) for words in written.info.values())
    result = generate("A photo of a cat on a sofa", "--any-prompt", "--out", "cat.dcm")
    assert result.returncode == 0
    assert "in which nothing was understood" in dcmread(tmp_path / "cat.dcm").DerivationDescription


def test_what_was_understood_is_in_the_json(generate):
    told = json.loads(generate("Large left pleural effusion.", "--json").stdout)
    assert told["understood"] is True and told["findings"] == {"Pleural Effusion": "left"}


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_it_is_a_question(answer_on_terminal, engines, tmp_path, answer, code):
    command = ["generate", "A cat", "--engines", engines, "--quality", "fast", "--out", "a.png"]
    ended, said = answer_on_terminal(command, answer, tmp_path)
    assert ended == code
    assert b"No finding was understood" in said and (tmp_path / "a.png").exists() is (code == 0)
