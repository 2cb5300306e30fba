"""./run on computers that lack something: it says what, and never half works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "cat", "cksum", "grep", "uname", "id", "env")
OLD = "#!/bin/sh\nexit 1\n"  # answers every question about itself with no
# Has all that is needed, and tells what it is asked to do instead of doing it.
WILLING = """#!/bin/sh
case "$*" in
    *ctypes*|*version_info*|*--version*) ;;
    *ensurepip*) ;;
    *"venv --clear"*)
        mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo "$PWD/.venv" >.venv/bin/activate
        printf '#!/bin/sh\\necho hall "$*"\\n' >.venv/bin/hall && chmod +x .venv/bin/hall ;;
    *) echo "$*" ;;
esac
"""


class Computer:
    """A folder with the project's `run` and a path on which only some programs are found."""

    def __init__(self, folder: Path) -> None:
        self.project, self.path = folder / "a hall", folder / "bin"
        self.project.mkdir()
        self.path.mkdir()
        for name in ("run", "pyproject.toml", "constraints.txt"):
            shutil.copy(HERE / name, self.project)
        for tool in (*TOOLS, "mkdir", "cp", "chmod"):
            self.lend(tool)

    def lend(self, tool: str) -> None:
        found = shutil.which(tool)
        assert found is not None
        (self.path / tool).symlink_to(found)

    def put(self, name: str, script: str) -> None:
        (self.path / name).write_text(script)
        (self.path / name).chmod(0o755)

    def run(self, *words: str) -> tuple[int, str]:
        """The exit status and everything that was said."""
        ended = subprocess.run(
            [self.project / "run", *words],
            env={"PATH": str(self.path)},
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return ended.returncode, ended.stdout


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_a_word_it_does_not_know_gets_the_list_of_words(computer: Computer) -> None:
    for words in ((), ("dmeo",)):
        status, said = computer.run(*words)
        assert status == 2
        assert all(f"./run {word}" in said for word in ("demo", "test", "soak", "bench", "screens"))


def test_without_a_python_of_the_right_age_it_says_which(computer: Computer) -> None:
    for others in ((), ("python3", "python3.12")):
        for name in others:
            computer.put(name, OLD)
        status, said = computer.run("demo")
        assert status == 1
        assert "no Python 3.11, 3.12 or 3.13 found" in said
        assert not (computer.project / ".venv").exists()


def test_an_old_python3_does_not_hide_one_that_suits(computer: Computer) -> None:
    computer.put("python3", OLD)
    computer.put("python3.12", WILLING)
    assert computer.run("demo")[0] == 0


def test_without_venv_it_names_the_package(computer: Computer) -> None:
    computer.put("python3", WILLING.replace("*ensurepip*) ;;", "*ensurepip*) exit 1 ;;"))
    status, said = computer.run("bench")
    assert status == 1
    assert "apt-get install python3-venv" in said


@pytest.mark.skipif(sys.platform != "linux", reason="Kivy brings its own on a Mac")
def test_a_demo_that_could_not_draw_does_not_start(computer: Computer) -> None:
    computer.put(
        "python3", WILLING.replace("*ctypes*|", "*ctypes*libGL.so.1) exit 1 ;;\n    *ctypes*|")
    )
    status, said = computer.run("demo")
    assert status == 1
    assert said == "run: missing on this computer: libgl1; on Debian: apt-get install libgl1\n"


def test_it_installs_once_and_again_when_the_versions_change(computer: Computer) -> None:
    computer.put("python3", WILLING)
    first = computer.run("demo", "--speed", "60")
    second = computer.run("demo", "--speed", "60")
    assert "pip install" in first[1]
    assert second == (0, "hall demo --speed 60\n")
    with (computer.project / "constraints.txt").open("a") as versions:
        versions.write("another==1.0\n")
    assert "pip install" in computer.run("demo")[1]


def test_a_project_that_was_moved_gets_a_new_venv(computer: Computer) -> None:
    computer.put("python3", WILLING)
    computer.run("demo")
    computer.project = computer.project.rename(computer.project.with_name("elsewhere"))
    assert "making .venv" in computer.run("demo")[1]


def test_a_failed_step_is_named_and_the_others_are_taken(computer: Computer) -> None:
    computer.put("python3", WILLING)
    computer.run("demo")
    for tool, status in {"ruff": 0, "mypy": 1, "lint-imports": 0, "pytest": 0}.items():
        program = computer.project / ".venv/bin" / tool
        program.write_text(f'#!/bin/sh\necho "{tool} took $* $HALL_TEST_STRICT"\nexit {status}\n')
        program.chmod(0o755)
    status, said = computer.run("test", "tests/rules")
    assert status == 1
    assert "--dist=loadfile tests/rules 1" in said
    assert said.endswith("run: failed: mypy\n")


def test_versions_are_bare_names_and_numbers() -> None:
    for line in (HERE / "constraints.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, _, version = line.partition("==")
            assert name.replace("-", "").replace("_", "").replace(".", "").isalnum(), line
            assert version[0].isdigit(), line
            assert version.replace(".", "").replace("post", "").isalnum(), line


def test_a_person_may_start_it() -> None:
    assert os.access(HERE / "run", os.X_OK)
