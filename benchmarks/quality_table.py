"""The figures of quality for people: a table, the targets beside it, and a plot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from unix_edge.findings import LABELS

Figures = dict[str, Any]

_NAMES = ("micro_f1_14", "macro_f1_14", "micro_f1_5", "macro_f1_5", "sided_f1", "sides")
_SETS = ("phantoms", "phantoms again", "through the vae")
_COLOURS = ((60, 60, 60), (40, 90, 160), (90, 150, 210), (200, 120, 40), (230, 180, 90), (70, 140, 80), (150, 60, 120))
_ROW, _LEFT, _WIDTH = 9, 190, 480


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and what it is to reach."""

    what: str
    value: float
    limit: float
    aim: float | None = None
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self._reaches(self.limit)

    @property
    def verdict(self) -> str:
        """Say whether it is reached, or even what is aimed at."""
        if not self.met:
            return "missed"
        return "met, and the aim" if self.aim is not None and self._reaches(self.aim) else "met"

    def _reaches(self, limit: float) -> bool:
        return self.value <= limit if self.at_most else self.value >= limit


def targets(told: Figures) -> Iterator[Target]:
    """Yield what was measured of that which has a target."""
    yield Target("phantoms of the rarest label", min(told["labels"].values()), 40)
    if guards := told.get("guards"):
        for name, limit in (("logistic regression", 0.70), ("most frequent label", 0.40)):
            yield Target(f"{name}, micro-F1-14", guards[name]["micro_f1_14"]["value"], limit, at_most=True)
    if vae := told.get("vae"):
        ratio = vae["reconstructions"]["sided_f1"]["value"] / max(1e-9, vae["originals"]["sided_f1"]["value"])
        yield Target("findings through the VAE / originals", ratio, 0.90, 0.95)
        yield Target("PSNR through the VAE, dB", vae["psnr"], 40)
    for arm, row in told.get("understanding", {}).items():
        yield Target(f"{arm}: reports, micro-F1-14", row["micro_f1_14"]["value"], 0.88, 0.94)
        yield Target(f"{arm}: reports, macro-F1-14", row["macro_f1_14"]["value"], 0.75, 0.85)
        yield Target(f"{arm}: sides right", row["sides"]["value"], 0.93)
        if "difference" in row:
            yield Target(f"{arm}: points of F1 from the reference", _points(row), 0.5, at_most=True)
            yield Target(f"{arm}: reports identical", row["identical"], 0.98)
    if generation := told.get("generation"):
        ceiling = generation["through the vae"]["sided_f1"]["value"]
        floor = generation["phantoms again"]["frechet"]
        for arm, row in generation.items():
            if arm not in (*_SETS, "shrunk"):
                yield Target(f"{arm}: pictures' F1 / ceiling", row["sided_f1"]["value"] / max(1e-9, ceiling), 0.75, 0.9)
                yield Target(f"{arm}: Frechet / floor", row["frechet"] / max(1e-9, floor), 3, 1.5, at_most=True)
                if "difference" in row:
                    yield Target(f"{arm}: points of pictures' F1 from the reference", _points(row), 0.5, at_most=True)


def _points(row: Figures) -> float:
    """Return by how many points of F1 an arm differs, in either direction."""
    return 100 * max(abs(row["difference"][name]["value"]) for name in ("micro_f1_14", "sided_f1"))


def tell(told: Figures) -> None:
    """Print the table, and put the targets into what is told."""
    print(
        f"\n{told['phantoms']} phantoms held out, {told['prompts']} prompts, {told['points']} points; [95 % bootstrap]"
    )
    print("phantoms with " + ", ".join(f"{name} {number}" for name, number in told["labels"].items()))
    _tell_rows("toys", told.get("guards", {}))
    if vae := told.get("vae"):
        stick = {"the classifier on phantoms": vae["originals"], "on reconstructions": vae["reconstructions"]}
        _tell_rows("VAE, as the classifier reads it", {**stick, "difference": vae["difference"]})
    _tell_rows("reports", told.get("understanding", {}))
    for arm, row in told.get("understanding", {}).items():
        _tell_conspicuity(arm, row["conspicuity"])
    generation = {name: row for name, row in told.get("generation", {}).items() if name != "shrunk"}
    _tell_rows("pictures, as the classifier reads them", generation)
    for name, row in generation.items():
        cells = [f"Frechet {row['frechet']:.3f}"] if "frechet" in row else []
        if "frechet_other_cases" in row:
            cells.append(f"from phantoms of other cases {row['frechet_other_cases']:.3f}")
        cells += [f"diversity {_cell(row['diversity'])}"] if "diversity" in row else []
        print(f"  {name:32}" + "  ".join(cells))
    if generation and (shrunk := told["generation"]["shrunk"]):
        print(f"  covariances shrunk by {shrunk:.2f} towards even ones: the pictures are few for their features")
    print("\ntargets")
    reached = list(targets(told))
    for each in reached:
        sign, aim = "<=" if each.at_most else ">=", "" if each.aim is None else f" (aim {each.aim:g})"
        print(f"  {each.what:58} {each.value:8.3f} {sign} {each.limit:g}{aim}: {each.verdict}")
    told["targets"] = [
        {"what": each.what, "value": each.value, "limit": each.limit, "aim": each.aim, "met": each.met}
        for each in reached
    ]
    print("seconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in told["seconds"].items()))


def _tell_rows(title: str, rows: Figures) -> None:
    if not rows:
        return
    print(f"\n{title:34}" + "".join(f"{name:>22}" for name in _NAMES))
    for name, row in rows.items():
        print(f"  {name:32}" + "".join(f"{_cell(row[figure]):>22}" for figure in _NAMES))
        if "difference" in row:
            print(
                f"  {'  less the reference':32}" + "".join(f"{_cell(row['difference'][each]):>22}" for each in _NAMES)
            )


def _cell(figure: Figures) -> str:
    low, high = figure["interval"]
    return f"{figure['value']:.3f} [{low:.3f} {high:.3f}]"


def _tell_conspicuity(arm: str, rows: Figures) -> None:
    print(f"\n{f'found by {arm}':34}{'number':>10}{'all':>10}{'barely':>10}{'fairly':>10}{'clearly':>10} visible")
    for name, row in rows.items():
        cells = [row[each] for each in ("recall", "barely", "fairly", "clearly")]
        told = "".join(f"{'-' if cell is None else f'{cell:.2f}':>10}" for cell in cells)
        print(f"  {name:32}{row['count']:>10}{told}")


def plot(told: Figures, path: Path) -> None:
    """Draw F1 by label, a bar for each arm, where there is any."""
    series = {f"reports, {arm}": row["by_label"] for arm, row in told.get("understanding", {}).items()}
    if vae := told.get("vae"):
        series["phantoms, by the classifier"] = vae["originals"]["by_label"]
        series["through the VAE, by the classifier"] = vae["reconstructions"]["by_label"]
    arms = {arm: row for arm, row in told.get("generation", {}).items() if arm not in (*_SETS, "shrunk")}
    series |= {f"pictures, {arm}, by the classifier": row["by_label"] for arm, row in arms.items()}
    if not series:
        return
    height = _ROW * len(series) + 8
    picture = Image.new("RGB", (_LEFT + _WIDTH + 60, 20 + height * len(LABELS) + 16 * len(series)), "white")
    draw = ImageDraw.Draw(picture)
    for number, label in enumerate(LABELS):
        top = 10 + number * height
        draw.text((8, top), label.value, fill="black")
        for place, values in enumerate(series.values()):
            y, right = top + _ROW * place, _LEFT + _WIDTH * values[label.value]
            draw.rectangle((_LEFT, y, right, y + _ROW - 2), fill=_COLOURS[place % len(_COLOURS)])
            draw.text((right + 4, y - 2), f"{values[label.value]:.2f}", fill="black", font_size=9)
    for place, name in enumerate(series):
        y = 10 + height * len(LABELS) + 16 * place
        draw.rectangle((_LEFT - 16, y + 2, _LEFT - 6, y + 12), fill=_COLOURS[place % len(_COLOURS)])
        draw.text((_LEFT, y), name, fill="black")
    picture.save(path)
    print(f"plot: {path}")
