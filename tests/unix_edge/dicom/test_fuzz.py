"""Mutated files of every transfer syntax through the real decode child."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from unix_edge.errors import ImageError
from unix_edge.isolated.decode import decode


def flip(data, chance):
    mutated = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        mutated[chance.randrange(len(mutated))] ^= 1 << chance.randrange(8)
    return bytes(mutated)


def change_header(data, chance):
    """Most of a file is pixels; here the first kilobyte suffers."""
    mutated = bytearray(data)
    for _ in range(chance.choice((1, 2, 5))):
        mutated[128 + chance.randrange(min(900, len(mutated) - 128))] = chance.randrange(256)
    return bytes(mutated)


def change_length(data, chance):
    mutated = bytearray(data)
    place = chance.randrange(132, len(mutated) - 4)
    mutated[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\xf0\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x7f"))
    return bytes(mutated)


def splice(data, chance):
    start, stop, place = (chance.randrange(len(data)) for _ in range(3))
    return data[:place] + data[min(start, stop) : max(start, stop)] + data[place:]


def drop(data, chance):
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 2, 50, 1000)) :]


def cut(data, chance):
    return data[: chance.randrange(len(data))]


MUTATIONS = (flip, change_header, change_length, splice, drop, cut, cut)


@pytest.mark.soak
def test_a_mutated_file_is_an_image_or_one_sentence(files, tmp_path, soak):
    """Whatever comes, the parent gets an answer in time; and a cut file is never another image."""
    exact = {}
    for number, (syntax, data) in enumerate(files.items()):
        (tmp_path / f"{number}.dcm").write_bytes(data)
        exact[syntax] = decode(tmp_path / f"{number}.dcm").pixels

    def run(number: int) -> str:
        chance = random.Random(number)
        syntax = list(files)[number % len(files)]
        mutate = chance.choice(MUTATIONS)
        path = tmp_path / f"mutated-{number}.dcm"
        path.write_bytes(mutate(files[syntax], chance))
        try:
            pixels = decode(path).pixels
        except ImageError as error:
            said = str(error)
            assert said.isprintable() and "Canary" not in said and "CANARY" not in said
            return str(error.problem)
        finally:
            path.unlink()
        assert pixels.dtype == np.uint8 and pixels.ndim == 2
        if mutate is cut:
            assert np.array_equal(pixels, exact[syntax]), (number, syntax)
        return "read"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, range(500 * soak)))
    assert len(answers) == 500 * soak
    # A file may kill its child; one in a hundred would be a decoder to replace.
    assert sum("died" in answer or "longer than 20" in answer for answer in answers) <= 5 * soak
    assert 0.05 < sum(answer == "read" for answer in answers) / len(answers) < 0.8
