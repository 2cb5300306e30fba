"""The law of the house as code: who imports whom, how long a file is, what must be complete."""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from config import language
from hall_server.actions.index import ACTIONS
from hall_server.app import App, utc_now
from hall_server.hall import Hall
from hall_server.rules.permits import MAY
from hall_server.store.store import Store
from hall_server.wire import frames, layout
from hall_server.wire.commands import COMMANDS
from hall_server.wire.items import Catalogue
from hall_server.words import Refusal

ROOT = Path(__file__).parents[1]
PROGRAMS = ("kiosk", "display", "drivers", "hall_server", "config")
LONGEST = 400
CODE = {".py", ".kv", ".js", ".css", ".html"}
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler"}
BANNED_ENDINGS = ("Manager", "Handler", "Helper", "Utils", "Base", "Impl")


def tracked() -> list[Path]:
    """Every file that is or may be committed, and is there now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
SOURCES = [file for file in FILES if file.suffix == ".py"]


def of(*places: str) -> list[Path]:
    """The Python files below these places."""
    return [file for file in SOURCES if any(file.is_relative_to(ROOT / one) for one in places)]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def imports(file: Path) -> Iterator[str]:
    """The first word of every module that a file imports."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module.partition(".")[0]


def words(file: Path) -> Iterator[str]:
    """Every comment of a Python file."""
    for token in tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def test_who_may_import_whom() -> None:
    """The contracts of pyproject.toml. Run beside, since the linter changes sys.path."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    linted = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_no_file_is_longer_than_the_wall() -> None:
    long = {
        name(file): lines
        for file in FILES
        if file.suffix in CODE
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_file_says_what_lives_in_it() -> None:
    silent = [name(file) for file in SOURCES if file.stat().st_size and not said(file)]
    assert not silent


def said(file: Path) -> bool:
    """Whether a module begins with a line of prose."""
    first = (ast.get_docstring(parsed(file)) or "").partition("\n")[0]
    return len(first.split()) >= 2


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [name(file) for file in SOURCES if file.stem in BANNED]
    folders = {part for file in SOURCES for part in file.relative_to(ROOT).parts[:-1]}
    assert not folders & BANNED


def test_no_class_has_a_name_that_says_nothing() -> None:
    poor = [
        f"{name(file)}: {node.name}"
        for file in SOURCES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_ENDINGS)
    ]
    assert not poor


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_command_has_an_action_a_permit_and_a_test(kind: str) -> None:
    command = COMMANDS[kind]
    assert ACTIONS[kind].__name__ == kind
    assert (ACTIONS[kind].__doc__ or "").strip()
    assert MAY[kind]
    assert (command.__doc__ or "").strip()
    used = re.compile(rf"\b{command.__name__}\b")
    folder = ROOT / "tests" / "actions"
    tests = [file for file in of("tests/actions") if file.parent == folder]
    assert any(used.search(file.read_text("utf-8")) for file in tests if "test_" in file.name)


def test_there_is_no_action_or_permit_without_a_command() -> None:
    assert set(ACTIONS) == set(COMMANDS) == set(MAY)


TEXTS = language.read(language.FOLDER)


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_text_in_every_language(refusal: Refusal) -> None:
    said = set(TEXTS[f"refused.{refusal.value}"].values())
    assert len(said) == len(language.languages()) >= 2


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_can_happen(refusal: Refusal) -> None:
    """A code that nothing raises is a text that nobody needs."""
    used = f"Refusal.{refusal.name}"
    files = [file for file in of("hall_server") if file.name != "words.py"]
    assert any(re.search(rf"{used}\b", file.read_text("utf-8")) for file in files)


def test_there_is_no_text_for_a_refusal_that_is_none() -> None:
    known = {f"refused.{refusal.value}" for refusal in Refusal}
    assert set(language.keys("refused")) <= known


def every_schema() -> dict[str, dict[str, Any]]:
    """What may come in from outside: commands, frames, a layout, a catalogue."""
    models: dict[str, type[BaseModel]] = dict(COMMANDS)
    models |= {"layout": layout.Layout, "catalogue": Catalogue}
    schemas = {known: model.model_json_schema() for known, model in models.items()}
    return schemas | {"frame": TypeAdapter(frames.ClientFrame).json_schema()}


def unbounded(schema: Any, where: str) -> Iterator[str]:
    """Every integer, string, list and mapping in a schema that has no bound."""
    if isinstance(schema, list):
        for n, part in enumerate(schema):
            yield from unbounded(part, f"{where}[{n}]")
        return
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if "const" not in schema and "enum" not in schema:
        if kind in ("integer", "number") and not {"minimum", "maximum"} <= set(schema):
            yield f"{where}: a number"
        if kind == "string" and not bounded_text(schema):
            yield f"{where}: a text"
        if kind == "array" and "maxItems" not in schema:
            yield f"{where}: a list"
        if kind == "object" and not bounded_mapping(schema):
            yield f"{where}: a mapping"
    for key, part in schema.items():
        yield from unbounded(part, f"{where}.{key}")


def bounded_text(schema: dict[str, Any]) -> bool:
    """A length, a pattern that has an end, or a format that is a length."""
    if "maxLength" in schema or schema.get("format") in ("date", "uuid"):
        return True
    pattern = schema.get("pattern", "*")
    return pattern.startswith("^") and pattern.endswith("$") and not re.search(r"[*+]|,\}", pattern)


def bounded_mapping(schema: dict[str, Any]) -> bool:
    """Known names and no others, or so many at most."""
    return schema.get("additionalProperties") is False or "maxProperties" in schema


def test_everything_that_comes_in_is_bounded() -> None:
    found = [gap for known, schema in every_schema().items() for gap in unbounded(schema, known)]
    # The body of an `ask` is bounded by its frame (64 KiB) and then by its own command.
    assert [gap for gap in found if ".Ask.properties.body" not in gap] == []


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    """The published contract (OpenAPI); no database is opened for it."""
    return App(Hall(Store("sqlite:///unopened.db"), utc_now)).web.openapi()


def test_every_command_has_its_door_but_signing_in_has_another(contract: dict[str, Any]) -> None:
    doors = {path.rpartition("/")[2] for path in contract["paths"] if "/commands/" in path}
    assert doors == set(COMMANDS) - {"sign_in", "sign_out"}


def test_everything_that_comes_in_by_http_is_bounded(contract: dict[str, Any]) -> None:
    found: list[str] = []
    shapes = contract["components"]["schemas"]
    for path, ways in contract["paths"].items():
        for way, door in ways.items():
            asked = [one["schema"] for one in door.get("parameters", [])]
            asked += [shapes[name] for name in referred(door.get("requestBody", {}), shapes)]
            found += unbounded(asked, f"{way} {path}")
    assert not found


def referred(schema: Any, shapes: dict[str, Any]) -> set[str]:
    """The names of all shapes that a schema stands on."""
    names: set[str] = set()
    fresh = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schema)))
    while fresh:
        names |= fresh
        below = json.dumps([shapes[name] for name in fresh])
        fresh = set(re.findall(r"#/components/schemas/(\w+)", below)) - names
    return names


def test_the_search_for_bounds_bites() -> None:
    class Loose(BaseModel):
        n: int
        word: str
        words: list[str]
        more: dict[str, str]

    assert len(list(unbounded(Loose.model_json_schema(), "loose"))) >= 6


def test_rules_and_words_stand_on_the_standard_library_alone() -> None:
    for file in of("hall_server/rules", "hall_server/words.py"):
        strangers = set(imports(file)) - set(sys.stdlib_module_names) - {"hall_server"}
        assert not strangers, name(file)


def test_nothing_waits_in_rules_store_and_actions() -> None:
    waiting = [
        f"{name(file)}:{node.lineno}"
        for file in of("hall_server/rules", "hall_server/store", "hall_server/actions")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    # The store's one door to the event loop: a question asked in another thread.
    assert [place for place in waiting if not place.startswith("hall_server/store/store.py")] == []


def test_threads_live_in_the_writer_and_the_port() -> None:
    """And in a benchmark, which measures what several writers would cost."""
    begun = {
        name(file)
        for file in of(*PROGRAMS)
        if not file.is_relative_to(ROOT / "hall_server" / "bench")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ("Thread", "ThreadPoolExecutor", "Timer")
    }
    assert begun <= {"hall_server/store/writer.py", "drivers/port.py"}


def test_one_file_opens_serial_lines() -> None:
    assert [name(file) for file in of(*PROGRAMS) if "serial" in imports(file)] == [
        "drivers/port.py"
    ]


def test_what_is_left_to_do_has_a_number() -> None:
    owed = [
        f"{name(file)}: {comment}"
        for file in SOURCES
        for comment in words(file)
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", comment) and not re.search(r"#\d+", comment)
    ]
    assert not owed


# Written in pieces, so that this file does not find itself.
HOSTS = (
    "pypi" + ".org", "pythonhosted" + ".org", "artifact" + "ory", "tsinghua" + ".edu",
    "aliyun" + ".com",
)  # fmt: skip
PLACES = ("/wor" + "k/", "/roo" + "t/", "/hom" + "e/", "/Use" + "rs/")


def test_no_file_names_a_package_index_or_a_place_on_one_machine() -> None:
    told = []
    for file in FILES:
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, a sound, a picture
        told += [f"{name(file)}: {word}" for word in (*HOSTS, *PLACES) if word in text]
    assert not told


def test_the_texts_are_one_file_for_each_program() -> None:
    for file in (ROOT / "config" / "texts").glob("*.toml"):
        assert language.keys(file.stem), f"{file.name} holds nothing"
