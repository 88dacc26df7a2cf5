"""How well a small UniX reads and draws computed phantoms that it was not trained on.

    python benchmarks/quality.py [--full]                                         # the model that ships
    python benchmarks/quality.py --checkpoint DIR [--engines DIR ...] [--devices cpu ...]
    python benchmarks/quality.py --stages out/nano --parts vae,understanding     # while it is being trained

Drafts are read by `find_labels`, pictures by a small classifier that is trained on phantoms only and knows nothing of
UniX; the first run computes its phantoms and trains it, about a quarter of an hour on two cores. Every arm reads the
same phantoms and draws from the same prompts and noise, so that differences are paired. Rows go to files as they are
made, and a run that was killed goes on after the last. Without --engines a bundle is run as it is and a checkpoint is
exported to float16; --full has float32 too, and more of everything.
Prints a table, draws a plot, and prints one JSON object as its last line.
"""

import argparse
import base64
import hashlib
import json
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from quality_arms import MOST_TOKENS, PARTS, Arm, EnginesArm, QualityArm, ReferenceArm
from quality_classifier import Classifier, load_classifier, logistic_regression, most_frequent, split
from quality_data import AGAIN, CLASSIFIER, HELD_OUT, SIZE, Phantoms, Pictures, Rows, compute_phantoms, resize
from quality_metrics import count_labels, diversity, frechet_of, gaussian, recall_by_conspicuity
from quality_table import plot, tell

from unix_edge import GenerationSettings
from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle
from unix_edge.findings import find_labels
from unix_edge.phantom import VERSION
from unix_edge.sampler import Quality
from unix_edge_export.export import export
from unix_edge_export.finding_counts import Floats, count, difference, f1_by_label, summary
from unix_edge_export.reference.checkpoint import open_checkpoint
from unix_edge_export.reference.precision import Precision

GUARDS = "guards"
Figures = dict[str, Any]


def main() -> None:
    """Measure what was asked for and print."""
    options = parse()
    torch.set_num_threads(options.workers)
    held = compute_phantoms(options.out / "phantoms", HELD_OUT, options.phantoms, workers=options.workers)
    benchmark = Benchmark(options, held)
    told: Figures = {
        "phantoms": len(held),
        "prompts": min(options.prompts, len(held)),
        "points": options.points,
        "guidance": options.guidance,
        "labels": count_labels(held.labels),
    }
    for part in (GUARDS, *PARTS):
        if part in options.parts and (part == GUARDS or part in benchmark.reference.weights):
            with benchmark.timed(part):
                told[part] = getattr(benchmark, part)()
        elif part in options.parts:
            print(f"{part}: not trained yet, left out", flush=True)
    told |= {"seconds": benchmark.seconds, "simulator": VERSION, "torch": torch.__version__}
    told |= {"onnxruntime": onnxruntime.__version__, "unix-edge": version("unix-edge")}
    tell(told)
    plot(told, options.out / "quality.png")
    print(json.dumps(told))


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--checkpoint", type=Path, default=EMBEDDED, help="folder in the release's layout, or a bundle")
    source.add_argument("--stages", type=Path, help="folder of a training, as far as it is")
    parser.add_argument("--engines", type=Path, nargs="*", default=[])
    parser.add_argument("--devices", nargs="*", default=["cpu"])
    parser.add_argument("--parts", type=lambda text: text.split(","), default=[GUARDS, *PARTS])
    parser.add_argument("--out", type=Path, default=Path("out/quality"))
    parser.add_argument("--full", action="store_true", help="hours: 2,000 phantoms, 1,000 prompts, both precisions")
    parser.add_argument("--phantoms", type=int, help="held out, 500 by default")
    parser.add_argument("--prompts", type=int, help="of the first of them, 300 by default")
    parser.add_argument("--pairs", type=int, help="prompts that are drawn twice, for diversity; 60 by default")
    parser.add_argument("--points", type=int, default=50, help="of the schedule")
    parser.add_argument("--qualities", type=Quality, nargs="*", default=[], help="of the sampler, beside --points")
    parser.add_argument("--guidance", type=float, default=GenerationSettings().guidance, help="1 is none")
    parser.add_argument("--learnt", type=int, default=7000, help="phantoms that the classifier is trained on")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if unknown := set(options.parts) - {GUARDS, *PARTS}:
        parser.error(f"no such parts: {', '.join(sorted(unknown))}")
    for name, usual, full in (("phantoms", 500, 2000), ("prompts", 300, 1000), ("pairs", 60, 1000)):
        if getattr(options, name) is None:
            setattr(options, name, full if options.full else usual)
    return options


class Benchmark:
    """The arms, the phantoms and the parts."""

    def __init__(self, options: argparse.Namespace, held: Phantoms) -> None:
        self.options, self.held = options, held
        self.drawn = held.head(options.prompts)
        self.reference = (
            ReferenceArm.of_stages(options.stages) if options.stages else ReferenceArm.of_checkpoint(options.checkpoint)
        )
        self.seconds: dict[str, float] = {}
        self._arms: list[Arm] | None = None
        self._stick: Classifier | None = None

    @property
    def arms(self) -> list[Arm]:
        """Every arm, the reference first; opened when first asked for."""
        if self._arms is None:
            with self.timed("export"):
                folders = self.options.engines or self._export()
            engines = [EnginesArm(folder, device) for folder in folders for device in self.options.devices]
            self._arms = [self.reference, *engines]
        return self._arms

    @property
    def stick(self) -> Classifier:
        """The classifier; trained when first asked for."""
        if self._stick is None:
            with self.timed("classifier"):
                self._stick = load_classifier(self.options.out, self.options.learnt, self.options.epochs)
        return self._stick

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Take the time, what is timed within left out."""
        began, within = time.monotonic(), sum(self.seconds.values())
        yield
        self.seconds[what] = round(time.monotonic() - began - (sum(self.seconds.values()) - within), 1)

    def guards(self) -> Figures:
        """Measure what knows next to nothing."""
        learnt, chosen_on = split(compute_phantoms(self.options.out / "phantoms", CLASSIFIER, self.options.learnt))
        toys = {
            "logistic regression": logistic_regression(learnt, chosen_on, self.held.pixels),
            "most frequent label": most_frequent(learnt.labels, len(self.held)),
        }
        return {
            name: {**summary(count(found, self.held.labels)), "learnt": len(learnt)} for name, found in toys.items()
        }

    def vae(self) -> Figures:
        """Measure what the autoencoder keeps."""
        pictures, loudness = self._through_vae(self.held)
        originals, kept = (self._read(pixels, self.held)[0] for pixels in (self.held.pixels, pictures))
        return {
            "classifier": {"validation": self.stick.validation, "training_seconds": round(self.stick.seconds)},
            "psnr": float(np.mean(loudness)),
            "originals": _figures(originals),
            "reconstructions": _figures(kept),
            "difference": difference(kept, originals),
        }

    def understanding(self) -> Figures:
        """Measure drafts."""
        told: Figures = {}
        first: tuple[Floats, list[str]] | None = None
        for arm in self.arms:
            with closing(self._rows("understanding", arm, MOST_TOKENS)) as rows:
                missing = [index for index, seed in enumerate(self.held.seeds) if str(seed) not in rows]
                drafts = arm.reports(self.held.pixels[missing]) if missing else iter(())
                for index, text in zip(missing, drafts, strict=True):
                    rows.add(str(self.held.seeds[index]), text=text)
                    _progress(f"understanding, {arm.name}", len(rows), len(self.held))
                texts = [rows[str(seed)]["text"] for seed in self.held.seeds]
            found = [find_labels(text) for text in texts]
            counts = count(found, self.held.labels)
            told[arm.name] = {**_figures(counts), "conspicuity": recall_by_conspicuity(found, self.held.cases)}
            if first is None:
                first = counts, texts
                told[arm.name]["batched"] = self.reference.batched
            else:
                same = [one == other for one, other in zip(texts, first[1], strict=True)]
                told[arm.name] |= {"identical": float(np.mean(same)), "difference": difference(counts, first[0])}
        return told

    def generation(self) -> Figures:
        """Measure pictures: by the labels read from them, by how they lie in feature space, by how they vary.

        The Frechet distance is taken from phantoms of the same cases, whose floor is that of the cases computed again;
        and from phantoms of other cases, as is usual where no two sets have cases in common.
        """
        again = compute_phantoms(
            self.options.out / "phantoms", HELD_OUT, len(self.drawn), again=True, workers=self.options.workers
        )
        pairs = min(self.options.pairs, len(self.drawn))
        real, features = self._read(self.drawn.pixels, self.drawn)
        same_cases, others = self._read(again.pixels, self.drawn)
        rest = self.held.tail(len(self.drawn))
        strangers = self._read(rest.pixels, rest)[1] if len(rest) > 1 else None

        def far(found: Floats) -> Figures:
            same = {} if found is features else {"frechet": frechet_of(found, features)}
            return same if strangers is None else {**same, "frechet_other_cases": frechet_of(found, strangers)}

        ceiling, kept = self._read(self._through_vae(self.drawn)[0], self.drawn)
        told: Figures = {
            "shrunk": gaussian(features)[2],
            "phantoms": {**_figures(real), **far(features), "diversity": diversity(features[:pairs], others[:pairs])},
            "phantoms again": {**_figures(same_cases), **far(others)},
            "through the vae": {**_figures(ceiling), **far(kept)},
        }
        first: Floats | None = None
        others_of_quality = [QualityArm(self.arms[0], quality) for quality in self.options.qualities]
        for arm in [*self.arms, *others_of_quality]:
            pictures, twice = self._draw(arm, pairs)
            counts, drawn = self._read(pictures, self.drawn)
            told[arm.name] = {
                **_figures(counts),
                **far(drawn),
                "diversity": diversity(drawn[:pairs], self.stick.read(twice)[1]),
            }
            if first is None:
                first = counts
            else:
                told[arm.name]["difference"] = difference(counts, first)
        return told

    def _draw(self, arm: Arm, pairs: int) -> tuple[Pictures, Pictures]:
        """Return a picture of each prompt, and of the first ones another."""
        wanted = [(index, seed, seed) for index, seed in enumerate(self.drawn.seeds)]
        wanted += [(index, seed, seed + AGAIN) for index, seed, _ in wanted[:pairs]]
        points, guidance = self.options.points, self.options.guidance
        with closing(self._rows("generation", arm, points, guidance)) as rows:
            missing = [(index, seed, noise) for index, seed, noise in wanted if f"{seed}:{noise}" not in rows]
            settings = [GenerationSettings(timesteps=points, guidance=guidance, seed=noise) for _, _, noise in missing]
            prompts = [self.drawn.prompts[index] for index, _, _ in missing]
            # So small a network keeps no more than one core busy, so pictures are drawn side by side.
            torch.set_num_threads(1)
            with ThreadPoolExecutor(self.options.workers) as pool:
                drawn = pool.map(arm.draw, prompts, settings)
                for (_, seed, noise), picture in zip(missing, drawn, strict=True):
                    rows.add(f"{seed}:{noise}", pixels=_pack(resize(picture, SIZE)))
                    _progress(f"generation, {arm.name}", len(rows), len(wanted))
            torch.set_num_threads(self.options.workers)
            pictures = np.stack([_unpack(rows[f"{seed}:{noise}"]["pixels"]) for _, seed, noise in wanted])
        return pictures[: len(self.drawn)], pictures[len(self.drawn) :]

    def _through_vae(self, phantoms: Phantoms) -> tuple[Pictures, list[float]]:
        with closing(self._rows("vae", self.reference)) as rows:
            for index, seed in enumerate(phantoms.seeds):
                if str(seed) not in rows:
                    picture, loudness = self.reference.through_vae(phantoms.pixels[index])
                    rows.add(str(seed), psnr=loudness, pixels=_pack(picture))
                    _progress("vae", len(rows), len(phantoms))
            kept = [rows[str(seed)] for seed in phantoms.seeds]
        return np.stack([_unpack(row["pixels"]) for row in kept]), [row["psnr"] for row in kept]

    def _read(self, pixels: Pictures, phantoms: Phantoms) -> tuple[Floats, Floats]:
        """Let the classifier read pictures; return counts against the phantoms' labels, and features."""
        found, features = self.stick.read(pixels)
        return count(found, phantoms.labels), features

    def _rows(self, part: str, arm: Arm, *settings: object) -> Rows:
        """Open the rows of one arm, of these weights, settings and phantoms."""
        key = hashlib.sha256(json.dumps([arm.weights[part], VERSION, *settings]).encode()).hexdigest()[:12]
        return Rows(self.options.out / "rows" / f"{part}-{arm.name.replace(' ', '-')}-{key}.jsonl")

    def _export(self) -> list[Path]:
        """Export the checkpoint, unless that was done, or it is such a bundle; a training has none yet."""
        if self.options.stages:
            return []
        checkpoint, folders = self.options.checkpoint, []
        bundled = Bundle.open(checkpoint).manifest.precision if (checkpoint / MANIFEST).is_file() else None
        name = open_checkpoint(checkpoint).sha256()[:12]
        for precision in Precision if self.options.full else (Precision.FP16,):
            exported = self.options.out / "engines" / f"{precision.value}-{name}"
            folders.append(checkpoint if precision.value == bundled else exported)
            if not folders[-1].is_dir():
                export(checkpoint, exported, precision, prove=False)
        return folders


def _figures(counts: Floats) -> Figures:
    return {**summary(counts), "by_label": f1_by_label(counts)}


def _pack(picture: NDArray[np.uint8]) -> str:
    """Write pixels for a row; a picture file would have to be marked as synthetic in the pixels that are measured."""
    return base64.b64encode(zlib.compress(picture.tobytes())).decode()


def _unpack(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(SIZE, SIZE)


def _progress(what: str, done: int, wanted: int) -> None:
    if done % 50 == 0 or done == wanted:
        print(f"{what}: {done} of {wanted}", flush=True)


if __name__ == "__main__":
    main()
