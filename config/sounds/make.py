"""Makes chime.wav and click.wav by sums of decaying sines: run it to hear a change."""

import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
RATE = 22_050  # Hz; nothing in these sounds is above 5 kHz
Tone = tuple[float, float, float, float]  # starts at s, Hz, loudness, seconds to fall to a third

# Two falling bell notes, E5 then C5, each with a quiet octave: heard over talk, startles nobody.
CHIME: Sequence[Tone] = (
    (0.00, 659.26, 0.42, 0.28),
    (0.00, 1318.51, 0.10, 0.14),
    (0.42, 523.25, 0.42, 0.40),
    (0.42, 1046.50, 0.10, 0.20),
)
CLICK: Sequence[Tone] = ((0.0, 1150.0, 0.20, 0.006), (0.0, 320.0, 0.20, 0.010))


def samples(tones: Sequence[Tone], seconds: float) -> bytes:
    """16-bit samples; 4 ms of rise and a faded end, so that no loudspeaker cracks."""
    out = bytearray()
    for n in range(int(RATE * seconds)):
        now = n / RATE
        value = 0.0
        for start, pitch, loud, fall in tones:
            t = now - start
            if t >= 0:
                swell = min(1.0, t / 0.004) * math.exp(-t / fall)
                value += loud * swell * math.sin(2 * math.pi * pitch * t)
        end = min(1.0, (seconds - now) / 0.05)
        out += struct.pack("<h", round(32_000 * value * end))
    return bytes(out)


def write(name: str, tones: Sequence[Tone], seconds: float) -> None:
    """One mono WAV file beside this program."""
    with wave.open(str(FOLDER / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples(tones, seconds))


if __name__ == "__main__":
    write("chime.wav", CHIME, 1.6)
    write("click.wav", CLICK, 0.08)
