"""The mark of every text that leaves: that a machine wrote it, and whether a person edited it.

People read it and machines find it (EU AI Act, Art. 50(2)): a line in plain text, members in JSON, attributes in DICOM,
XMP in PDF. Each names IPTC's digital source type, which programs that know nothing of this one look for.
"""

import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from pydicom import Dataset

from ..dicom.writing import LO, MANUFACTURER
from ..provenance import Provenance
from .equipment import device_uid, model_name

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_MADE, _MADE_AND_EDITED = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
_LINE = re.compile(r"^AI-generated text: yes; edited by a person: (?P<edited>yes|no);", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AiMark:
    """What is said of a text."""

    made: Provenance
    edited: bool
    """By a person."""
    signer: str = ""
    """Who signed it; nobody was authenticated."""
    synthetic: bool = False
    """Whether its image is."""

    @property
    def source_type(self) -> str:
        """IPTC's digital source type."""
        return _SOURCE_TYPES + (_MADE_AND_EDITED if self.edited else _MADE)

    def as_line(self) -> str:
        """Return it as the line that goes with plain text."""
        made = self.made
        parts = [
            "AI-generated text: yes",
            f"edited by a person: {'yes' if self.edited else 'no'}",
            f"signed: {'yes' if self.signer else 'no'}",
            *(["of a synthetic image: yes"] if self.synthetic else []),
            f"model: {model_name(made).replace(';', ',')} ({made.precision})",
            f"weights SHA-256: {made.checkpoint_sha256}",
            f"software: {made.software}",
            f"source type: {self.source_type}",
        ]
        return "; ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return it as members of JSON."""
        return {
            "ai_generated": True,
            "edited_by_person": self.edited,
            "signed": bool(self.signer),
            "digital_source_type": self.source_type,
        }

    def authors(self) -> list[Dataset]:
        """Return the items of AuthorObserverSequence (0040,A078): the model, and whoever edited its text."""
        device = Dataset()
        device.ObserverType = "DEV"
        device.StationName = ""
        device.DeviceUID = device_uid(self.made)
        device.Manufacturer, device.ManufacturerModelName = MANUFACTURER, model_name(self.made)
        device.InstitutionName, device.InstitutionCodeSequence = "", []
        return [device, *([person_item(self.signer)] if self.edited and self.signer else [])]

    def as_xmp(self, title: str) -> bytes:
        """Return it as an XMP packet, with the title of what it is in."""
        edited = "True" if self.edited else "False"
        said = {
            "xmp:CreatorTool": self.made.software,
            "Iptc4xmpExt:DigitalSourceType": self.source_type,
            "uex:AIGenerated": "True",
            "uex:EditedByPerson": edited,
            "uex:Signed": "True" if self.signer else "False",
            "uex:SyntheticData": "True" if self.synthetic else "False",
            "uex:Model": model_name(self.made),
            "uex:WeightsSHA256": self.made.checkpoint_sha256,
        }
        members = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())
        alternatives = "".join(
            f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></dc:{name}>'
            for name, value in (("title", title), ("description", self.as_line()))
        )
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
            ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:uex="urn:unix-edge:mark#">'
            f'{members}{alternatives}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
        ).encode()


def person_item(name: str) -> Dataset:
    """Return a person as an item of AuthorObserverSequence; nobody knows more than the name that was typed."""
    person = Dataset()
    person.ObserverType = "PSN"
    person.PersonName = person_name(name)
    person.PersonIdentificationCodeSequence = []
    person.InstitutionName, person.InstitutionCodeSequence = "", []
    return person


def person_name(name: str) -> str:
    """Return a name that was typed as a Person Name of one component, which is what is known of it."""
    plain = "".join(" " if each in "\\^=" or not each.isprintable() else each for each in name)
    return plain.encode()[:LO].decode(errors="ignore").strip()


def find_mark(text: str) -> bool | None:
    """Return whether a marked text says that a person edited it; None where it bears no mark."""
    found = _LINE.search(text)
    return None if found is None else found["edited"] == "yes"
