"""A person's own keys and mouse buttons: what differs from `actions`, in a file; conflicts are refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from unix_edge.errors import SettingsError
from unix_edge.files import write_atomically
from unix_edge.sentences import Sentence

from ..toolkit.action import Action, Scope
from .actions import ALL

ROLES = ("chosen", "window", "pan", "zoom")
"""What a mouse button can do; "chosen" is the tool that was chosen."""
USUAL_MOUSE = {"left": "chosen", "middle": "pan", "right": "zoom"}
_RESERVED = {"tab": "Tab", "shift+tab": "Shift+Tab", "alt+f4": "Alt+F4"}
_MODIFIERS = ("ctrl", "alt", "meta")
_NAMED = {"space", "esc", "home", "end", "up", "down", "left", "right", "delete", "backspace", "pgup", "pgdown"}
_MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Which keys an action has, and what the mouse's buttons do."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of the actions whose keys a person changed, by action's id."""
    mouse: Mapping[str, str] = field(default_factory=lambda: dict(USUAL_MOUSE))
    reversed_window: bool = False
    """Left is wider and down is brighter."""
    wheel_zooms: bool = False
    """Also where there are several images to turn."""

    def keys(self, id: str) -> tuple[str, ...]:
        """Return the keys of an action."""
        return self.changed.get(id, ALL[id].keys)

    def owner(self, key: str) -> Action | None:
        """Return the action that a key belongs to."""
        for action in ALL.values():
            if any(_plain(each) == _plain(key) for each in self.keys(action.id)):
                return action
        return None

    def with_keys(self, id: str, keys: tuple[str, ...]) -> "KeyMap":
        """Return a map in which an action has other keys.

        Raises:
            SettingsError: A key belongs to another action, to moving the focus, or would be triggered by typing.
        """
        action = ALL[id]
        for key in keys:
            _check(key, action)
            owner = self.owner(key)
            if owner is not None and owner.id != id:
                raise SettingsError(
                    Sentence(
                        'The key {0} already belongs to "{1}"; nothing was changed. Choose another, or take it away '
                        "there first.",
                        key,
                        owner.text,
                    )
                )
        changed = {other: kept for other, kept in self.changed.items() if other != id}
        if keys != action.keys:
            changed[id] = keys
        return replace(self, changed=changed)

    def with_mouse(self, button: str, role: str) -> "KeyMap":
        """Return a map in which a button does something else.

        Raises:
            SettingsError: There is no such thing, or no button would be left for the chosen tool.
        """
        if button not in USUAL_MOUSE or role not in ROLES:
            raise SettingsError(Sentence("There is no such mouse button or no such use of one; nothing was changed."))
        mouse = {**self.mouse, button: role}
        if "chosen" not in mouse.values():
            raise SettingsError(Sentence("One mouse button must be left for the chosen tool; nothing was changed."))
        return replace(self, mouse=mouse)

    def to_json(self) -> str:
        """Write what differs from the usual."""
        said = {
            "version": 1,
            "keys": {id: list(keys) for id, keys in sorted(self.changed.items())},
            "mouse": dict(self.mouse),
            "reversed_window": self.reversed_window,
            "wheel_zooms": self.wheel_zooms,
        }
        return json.dumps(said, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "KeyMap":
        """Read what `to_json` wrote; actions that there no longer are do not count.

        Raises:
            SettingsError, ValueError: It is not that, or its keys conflict.
        """
        try:
            said: dict[str, Any] = json.loads(text)
            keys = {id: tuple(str(key) for key in each) for id, each in said["keys"].items() if id in ALL}
            map = cls(reversed_window=said["reversed_window"] is True, wheel_zooms=said["wheel_zooms"] is True)
            # First all that was taken away: two actions may have exchanged their keys.
            map = replace(map, changed=dict.fromkeys(keys, ()))
            for id, each in keys.items():
                map = map.with_keys(id, each)
            # Last the button for the chosen tool, so that on the way there is always one.
            for button, role in sorted(said["mouse"].items(), key=lambda each: each[1] != "chosen"):
                map = map.with_mouse(str(button), str(role))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError from error
        return map


def load_keys(path: Path) -> tuple[KeyMap, Sentence | None]:
    """Return a person's keys, and what is to be said of them; a file that cannot be used is left as it is."""
    try:
        with path.open("rb") as file:
            return KeyMap.from_json(file.read(_MOST_BYTES).decode()), None
    except FileNotFoundError:
        return KeyMap(), None
    except (OSError, ValueError, SettingsError):
        return KeyMap(), Sentence(
            "Your own keys could not be read, so the usual ones are in force; the file was left as it is until you "
            "change a key."
        )


def save_keys(path: Path, keys: KeyMap) -> None:
    """Write a person's keys.

    Raises:
        NoSpaceError, OutputError: They cannot be written.
    """
    write_atomically(path, keys.to_json().encode())


def _check(key: str, action: Action) -> None:
    plain = _plain(key)
    if plain in _RESERVED:
        raise SettingsError(
            Sentence("The key {0} moves the focus or closes the window; nothing was changed. Choose another.", key)
        )
    modified = any(part in _MODIFIERS for part in plain.split("+")[:-1])
    last = plain.split("+")[-1] or "+"
    typed = not modified and (len(last) == 1 or last in _NAMED)
    if typed and action.scope is Scope.WINDOW:
        raise SettingsError(
            Sentence(
                'The key {0} would be triggered by typing, as "{1}" counts in the whole window; nothing was changed. '
                "Add Ctrl or Alt, or choose a function key.",
                key,
                action.text,
            )
        )


def _plain(key: str) -> str:
    """Return a key as it is compared: modifiers in one order, without case."""
    head, last = (key[:-1], "+") if key.endswith("+") else (key.rpartition("+")[0], key.rpartition("+")[2])
    return "+".join([*sorted(each for each in head.lower().split("+") if each), last.lower()])
