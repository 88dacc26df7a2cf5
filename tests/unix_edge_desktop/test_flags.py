"""A reader's eye is led to what a draft cannot know, to what it says against itself, and to where it is cut."""

import pytest

from unix_edge.domain import OUT_OF_DOMAIN
from unix_edge.report import Ended
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.flags import Flagged, find_flags
from unix_edge_desktop.drafts.prior_phrases import find_comparisons

DONE = Ended.FINISHED


def compared(text):
    return [text[start:end].lower() for start, end in find_comparisons(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The heart is unchanged.", "unchanged"),
        ("Interval increase of the effusion.", "interval"),
        ("Compared with the study of Monday, clear.", "compared with"),
        ("In comparison to the last film.", "in comparison to"),
        ("Stable cardiomegaly.", "stable"),
        ("New left lower lobe consolidation.", "new"),
        ("No new consolidation.", "new"),
        ("The effusion has increased.", "has increased"),
        ("Opacities increased since yesterday.", "increased since"),
        ("Edema, improved since the prior.", "improved since"),
        ("Again seen is a nodule.", "again seen"),
        ("A nodule is again noted.", "again noted"),
        ("The tube is no longer seen.", "no longer"),
        ("Heart size remains normal.", "remains"),
        ("Persistent left effusion.", "persistent"),
        ("No significant interval change.", "no significant interval change"),
        ("The previously described nodule.", "previously described"),
        ("As on the prior chest radiograph.", "on the prior"),
        ("Worsening edema.", "worsening"),
        ("There is now a right effusion.", "now"),
        ("Redemonstrated scarring.", "redemonstrated"),
    ],
)
def test_a_comparison_with_what_was_never_seen_is_found(text, words):
    assert words in compared(text)


@pytest.mark.parametrize(
    "text",
    [
        "No prior study available for comparison.",
        "COMPARISON: None.",
        "Comparison is not available.",
        "No previous radiographs.",
        "Evidence of prior sternotomy.",
        "Sequelae of prior granulomatous disease.",
        "Old healed rib fractures.",
        "Changes from prior surgery.",
        "Increased interstitial markings.",
        "Decreased lung volumes.",
        "The heart size is increased.",
        "Degenerative changes of the spine.",
        "The remainder of the lungs is clear.",
        "The patient is clinically stable.",
        "Bedside film of a newborn.",
        "The heart is normal. No effusion or pneumothorax.",
        "Since the patient is rotated, the mediastinum cannot be judged.",
        "Postsurgical change of the left breast.",
    ],
)
def test_what_only_sounds_like_a_comparison_is_not(text):
    assert compared(text) == []


def test_only_the_sentence_that_says_there_is_no_prior_is_passed_over():
    assert compared("No prior for comparison. The heart is unchanged.\nStable.") == ["unchanged", "stable"]


def flagged(findings, impression, ended=DONE, in_domain=None):
    texts = {Section.FINDINGS: findings, Section.IMPRESSION: impression}
    return [
        (each.what, each.section, texts[each.section][each.start : each.end] if each.section else "")
        for each in find_flags(findings, impression, ended, in_domain)
    ]


def test_a_clean_draft_has_no_flag():
    assert flagged("The heart is enlarged. No effusion.", "Cardiomegaly.") == []
    assert flagged("The lungs are clear. No effusion.", "No acute disease.") == []
    assert flagged("", "") == [] and flagged("Left effusion.", " ") == []


def test_a_comparison_is_flagged_at_its_words():
    (flag,) = find_flags("Large heart, unchanged.", "Cardiomegaly.", DONE, None)
    assert (flag.what, flag.section, flag.start, flag.end) == (Flagged.PRIOR, Section.FINDINGS, 13, 22)
    assert str(flag.reason) == '"unchanged" compares with an earlier image, and the model has seen none.'


@pytest.mark.parametrize(
    ("findings", "impression", "expected"),
    [
        ("No pleural effusion.", "Left effusion.", (Flagged.CONTRADICTION, Section.IMPRESSION, "effusion")),
        ("Left\nEffusion.", "No effusion.", (Flagged.CONTRADICTION, Section.FINDINGS, "Effusion")),
        ("The heart is enlarged.", "Normal chest.", (Flagged.CONTRADICTION, Section.FINDINGS, "heart is enlarged")),
        ("Possible pneumonia.", "Pneumonia.", (Flagged.CONTRADICTION, Section.IMPRESSION, "Pneumonia")),
        ("Left effusion.", "Right effusion.", (Flagged.SIDE, Section.IMPRESSION, "effusion")),
        ("Left effusion.", "Bilateral effusions.", (Flagged.SIDE, Section.IMPRESSION, "effusions")),
        ("Clear lungs.", "Left pneumothorax.", (Flagged.ONE_SECTION, Section.IMPRESSION, "pneumothorax")),
        ("Rib fracture. Left effusion.", "Left effusion.", (Flagged.ONE_SECTION, Section.FINDINGS, "fracture")),
    ],
)
def test_what_the_sections_do_not_both_say_is_flagged_at_its_words(findings, impression, expected):
    assert flagged(findings, impression) == [expected]
    (flag,) = find_flags(findings, impression, DONE, None)
    assert expected[2] in str(flag.reason)


def test_sides_that_differ_are_told_in_words():
    (flag,) = find_flags("Left effusion.", "Bilateral effusions.", DONE, None)
    assert str(flag.reason) == '"effusions" is on both sides in the impression and on the left in the findings.'


def test_devices_and_sides_that_are_not_told_twice_are_not_flagged():
    assert flagged("A left pacemaker. Large heart.", "Cardiomegaly.") == []
    assert flagged("Left effusion.", "Effusion.") == []


def test_the_place_is_that_of_what_is_asserted():
    findings = "No effusion on the right. There is a left effusion."
    ((_, _, words),) = flagged(findings, "Clear lungs.")
    (flag,) = find_flags(findings, "Clear lungs.", DONE, None)
    assert words == "effusion" and flag.start == findings.rindex("effusion")


@pytest.mark.parametrize(
    ("ended", "said"), [(Ended.STOPPED, "stopped"), (Ended.MAX_TOKENS, "at its longest"), (None, "failed")]
)
def test_a_cut_draft_is_flagged_where_it_ends(ended, said):
    (flag,) = find_flags("The lungs", "", ended, None)
    assert (flag.what, flag.section, flag.start, flag.end) == (Flagged.CUT, Section.FINDINGS, 9, 9)
    assert said in str(flag.reason)
    assert find_flags("The lungs", "Cl", ended, None)[0].section is Section.IMPRESSION


def test_an_image_of_a_kind_that_the_model_does_not_know_is_flagged_first():
    flag = find_flags("Stable.", "", DONE, False)[0]
    assert flag.what is Flagged.DOMAIN and flag.section is None and flag.reason == OUT_OF_DOMAIN
    assert find_flags("", "", DONE, True) == find_flags("", "", DONE, None) == []
