"""The documentation holds together: links resolve, commands parse, every command and setting is described, and the
tutorial prints what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from stanch.cli.main import COMMANDS, cli, workspace_first
from stanch.workspace.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md")))
#: Written from the code by a script, so that they prove nothing about what people wrote.
GENERATED = (DOCS / "reference" / "cli.md", DOCS / "reference" / "settings.md")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SEPARATORS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<", "(", ")"})
_IDS = re.compile(r"\b[0-9a-f]{10}\b")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path) -> list[tuple[str, str]]:
    """(language, text) of every fenced block."""
    return _FENCE.findall(text_of(path))


def anchors(path: Path) -> set[str]:
    """The anchors that headings get: lower case, spaces to hyphens, other signs dropped."""
    prose = _FENCE.sub("", text_of(path))
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> Iterator[str]:
    for target in _LINK.findall(_FENCE.sub("", text_of(path))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        page = (path.parent / file).resolve() if file else path
        if not page.exists() or (anchor and page.suffix == ".md" and anchor not in anchors(page)):
            yield target


def commands_in(script: str) -> Iterator[list[str]]:
    """The words of every `stanch …` command line in a shell block, whatever stands around it."""
    for line in script.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:  # one line of a quoted program that goes over several
            words = line.split(" | ")[0].split()
        command: list[str] = []
        for word in [*words, ";"]:
            if word in _SEPARATORS:
                if command and command[0] == "stanch":
                    yield command[1:]
                command = []
            else:
                command.append(word)


def shown_commands() -> list[tuple[str, list[str]]]:
    return [
        (name_of(path), words)
        for path in PAGES
        for language, text in blocks(path)
        if language == "sh"
        for words in commands_in(text)
    ]


def parse(words: list[str]) -> None:
    """Resolve a command line and parse its options, down to the last sub-command, without running anything."""
    context: click.Context | None = None
    command: click.Command = cli
    rest = workspace_first(words)
    name: str = "stanch"
    while True:
        context = command.make_context(name, list(rest), parent=context)
        if not isinstance(command, click.Group):
            return
        rest = [*context._protected_args, *context.args]
        if not rest:
            assert command.invoke_without_command, f"{name}: no sub-command"
            return
        found, below, rest = command.resolve_command(context, rest)
        assert found is not None
        assert below is not None
        name, command = found, below


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_relative_link_resolves(path: Path) -> None:
    assert list(broken_links(path)) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](nowhere.md) [b](#one-two) [c](#three) [d](https://a.org)\n", encoding="utf-8")
    assert list(broken_links(page)) == ["nowhere.md", "#three"]


def test_every_page_is_on_the_map() -> None:
    linked = {(DOCS / target.split("#")[0]).resolve() for target in _LINK.findall(text_of(DOCS / "index.md"))}
    assert {name_of(path) for path in DOCS.rglob("*.md") if path not in linked} == {"docs/index.md"}


def test_every_command_is_described_by_people() -> None:
    prose = "\n".join(text_of(path) for path in DOCS.rglob("*.md") if path not in GENERATED)
    assert [name for name in COMMANDS if f"stanch {name}" not in prose] == []


def test_every_setting_is_described() -> None:
    page = text_of(DOCS / "reference" / "settings.md")
    assert [item.name for item in fields(Settings) if f"`{item.name}`" not in page] == []


@pytest.mark.parametrize(("page", "words"), shown_commands(), ids=lambda value: value if isinstance(value, str) else "")
def test_shown_command_line_parses(page: str, words: list[str]) -> None:
    try:
        parse(words)
    except click.ClickException as err:
        pytest.fail(f"{page}: stanch {shlex.join(words)}: {err.format_message()}")


@pytest.mark.parametrize("line", ["stanch chek", "stanch check --fail", "stanch facts show", "stanch trace --theft"])
def test_a_wrong_command_line_is_seen(line: str) -> None:
    with pytest.raises(click.ClickException):
        parse(next(commands_in(line)))


def test_commands_are_found_inside_a_script() -> None:
    script = 'stanch update --workspace "$W" || echo "failed" >&2\ncat a.csv | stanch screen - > out\n'
    assert list(commands_in(script)) == [["update", "--workspace", "$W"], ["screen", "-"]]


def test_generated_pages_are_up_to_date() -> None:
    script = ROOT / "scripts" / "reference_docs.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_page_names_a_machine() -> None:
    for path in PAGES:
        assert not re.search(r"(?<![\w.])/(work|root|tmp|home)/", text_of(path)), name_of(path)


def tutorial_files() -> Iterator[tuple[str, str]]:
    """(name, text) of the files that the tutorial asks its reader to save."""
    yield from re.findall(r"^`([\w.]+)`\n\n```\w+\n(.*?)^```$", text_of(DOCS / "tutorial.md"), re.M | re.S)


def test_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in tutorial_files():
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = _FENCE.findall(text_of(DOCS / "tutorial.md").split("Make a workspace and add them:")[1])
    ids: dict[str, str] = {}
    output = ""
    for language, text in own:
        if language == "sh":
            output = ""
            for words in commands_in(text):
                if words[0] == "update":  # needs the network; what follows it is not shown either
                    return
                done = CliRunner().invoke(cli, workspace_first([ids.get(word, word) for word in words]))
                assert done.exit_code == 0, f"{words}: {done.output}"
                output += done.output
        elif language == "text":
            # Ids change with every change of wording: those printed stand in the order of those shown.
            ids |= dict(zip(_IDS.findall(text), _IDS.findall(output), strict=False))
            printed = {" ".join(_IDS.sub("ID", line).split()) for line in output.splitlines()}
            shown = [" ".join(_IDS.sub("ID", line).split()) for line in text.splitlines() if line.strip(" …")]
            assert [line for line in shown if line not in printed] == []
    pytest.fail("the tutorial has no `stanch update` after its checks")
