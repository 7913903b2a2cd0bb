"""Sounds made by arithmetic: each is a list of tones, mixed into 16-bit samples.

Short and soft: nothing lasts longer than 0.7 s, and every tone begins and ends at zero, so that
nothing clicks. Same code, same bytes.
"""

from array import array
from dataclasses import dataclass
from math import exp, pi, sin

RATE_HZ = 22_050
"""Samples a second: enough for tones up to 10 kHz, and half the work of a CD's rate."""

PEAK = 0.6
"""Loudest sample of any sound, as a share of full scale: several may sound at once."""

ATTACK_S = 0.006
RELEASE_S = 0.02


@dataclass(frozen=True)
class Tone:
    """One tone.

    Attributes:
        hz: pitch at its beginning.
        start_s, length_s: when it begins, and how long it lasts.
        loud: 0 to 1.
        decay_s: after so long it is down to 37 %.
        glide: pitch at its end as a multiple of the first.
        bright: share of the octave above, 0 to 1.
    """

    hz: float
    start_s: float
    length_s: float
    loud: float = 1.0
    decay_s: float = 0.12
    glide: float = 1.0
    bright: float = 0.0


SOUNDS: dict[str, tuple[Tone, ...]] = {
    # A turnstile: two low clicks of wood.
    "gate": (Tone(330, 0, 0.05, 0.6, 0.02), Tone(247, 0.045, 0.06, 0.5, 0.02)),
    # A stamp on paper, with a small ring after it.
    "ticket": (Tone(180, 0, 0.06, 0.9, 0.02, 0.6), Tone(1319, 0.03, 0.16, 0.3, 0.05)),
    # A step up: somebody gets in.
    "boarding": (Tone(523, 0, 0.09, 0.5, 0.06), Tone(659, 0.07, 0.12, 0.5, 0.06)),
    # A far horn.
    "departure": (
        Tone(311, 0, 0.34, 0.5, 0.3, bright=0.3),
        Tone(392, 0, 0.34, 0.5, 0.3, bright=0.3),
    ),
    # Two falling tones, the only ones that fall.
    "alarm": (
        Tone(740, 0, 0.16, 0.8, 0.2, 0.94, 0.4),
        Tone(554, 0.17, 0.24, 0.8, 0.2, 0.94, 0.4),
    ),
    # The chime before a call.
    "loudspeaker": (
        Tone(784, 0, 0.22, 0.5, 0.12, bright=0.15),
        Tone(622, 0.14, 0.26, 0.5, 0.14, bright=0.15),
    ),
    "tick": (Tone(1047, 0, 0.03, 0.4, 0.012),),
    # A chord that rises.
    "star": (
        Tone(523, 0, 0.5, 0.5, 0.22, bright=0.2),
        Tone(659, 0.09, 0.45, 0.5, 0.22, bright=0.2),
        Tone(784, 0.18, 0.45, 0.5, 0.24, bright=0.2),
        Tone(1047, 0.27, 0.4, 0.5, 0.24, bright=0.2),
    ),
}
"""Every sound, by name."""


def samples(name: str) -> bytes:
    """One sound as signed 16-bit samples in this machine's order, mono.

    Raises:
        KeyError: there is no such sound.
    """
    tones = SOUNDS[name]
    length = max(tone.start_s + tone.length_s for tone in tones)
    mixed = [0.0] * (round(length * RATE_HZ) + 1)
    for tone in tones:
        _add(mixed, tone)
    loudest = max(map(abs, mixed))
    quietest = max(tone.loud for tone in tones) * PEAK
    scale = 32_767 * quietest / loudest
    return array("h", (round(value * scale) for value in mixed)).tobytes()


def _add(mixed: list[float], tone: Tone) -> None:
    first, count = round(tone.start_s * RATE_HZ), round(tone.length_s * RATE_HZ)
    turn = 0.0
    for index in range(count):
        at_s = index / RATE_HZ
        part = index / count
        turn += tone.hz * (1 + (tone.glide - 1) * part) / RATE_HZ
        left_s = tone.length_s - at_s
        edge = min(1.0, at_s / ATTACK_S, left_s / RELEASE_S)
        wave = sin(2 * pi * turn) + tone.bright * sin(4 * pi * turn)
        mixed[first + index] += tone.loud * edge * exp(-at_s / tone.decay_s) * wave
