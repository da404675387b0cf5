"""Makes the .vsix: the client, the server, and every Python package that the server needs.

    python client/package.py [TARGET]

All of `bundled/` is made anew from the pinned and hashed packages of `client/requirements/`.  The parser has one
native module for each Python version; those of all versions lie side by side and each interpreter picks its own.
Any target can be packaged on any system, for nothing is compiled.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "bundled"
LIBS = BUNDLED / "libs"
REQUIREMENTS = ROOT / "client" / "requirements"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")

# Parts that the server never imports: a command line of libcst's own with its only users of YAML, and tests.
UNUSED = (
    "bin",
    "libcst/codemod",
    "libcst/tool.py",
    "libcst/**/tests",
    "libcst/**/*.md",
    "**/*.pyi",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A system that VS Code runs on: what vsce and the wheels call it, and the parser's version there."""

    name: str
    platform: str
    libcst: str = "libcst.txt"


TARGETS = (
    Target("linux-x64", "manylinux_2_28_x86_64"),
    Target("linux-arm64", "manylinux_2_28_aarch64"),
    Target("darwin-x64", "macosx_11_0_x86_64", libcst="libcst-darwin-x64.txt"),
    Target("darwin-arm64", "macosx_11_0_arm64"),
    Target("win32-x64", "win_amd64"),
    Target("win32-arm64", "win_arm64"),
)


def main() -> None:
    """Package for one target."""
    names = {target.name: target for target in TARGETS}
    parser = argparse.ArgumentParser(description="Makes the .vsix of one target in dist/.")
    parser.add_argument("target", nargs="?", choices=sorted(names), default="linux-x64")
    target = names[parser.parse_args().target]
    shutil.rmtree(BUNDLED, ignore_errors=True)
    install_pure()
    install_psutil(target)
    with tempfile.TemporaryDirectory() as folder:
        install_parser(target, Path(folder))
    install_server()
    for pattern in UNUSED:
        for path in list(LIBS.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_notices()
    print(run_vsce(target))


def install_pure() -> None:
    """Fill the folder with the packages that are the same everywhere."""
    # A marker is judged for the Python that runs pip, so the requirements have none and --no-deps keeps it so.
    anywhere = ("--implementation", "py", "--abi", "none", "--platform", "any")
    pip("install", "--no-compile", "--target", str(LIBS), *anywhere, requirements="pure.txt")


def install_psutil(target: Target) -> None:
    """Add what a probe looks after its processes with; its native part fits every Python."""
    system = ("--platform", target.platform, "--python-version", PYTHONS[0])
    where = ("--no-compile", "--upgrade", "--target", str(LIBS))
    pip("install", *where, *system, requirements="psutil.txt")


def install_parser(target: Target, folder: Path) -> None:
    """Unpack the parser for one Python, then only the native modules of the others."""
    for python in PYTHONS:
        wheels = folder / python
        version = ("--python-version", python, "--platform", target.platform)
        pip("download", "--dest", str(wheels), *version, requirements=target.libcst)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                overlay(archive, name)


def overlay(archive: zipfile.ZipFile, name: str) -> None:
    """Extract one file; Python files are to be the same in all wheels, or one tree cannot serve all versions."""
    place = LIBS / name
    if not place.exists():
        archive.extract(name, LIBS)
    elif name.endswith(".py") and place.read_bytes() != archive.read(name):
        sys.exit(f"{archive.filename}: {name} is not the same as in the other wheels")


def install_server() -> None:
    """Copy the server and the launcher that starts it."""
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "server" / "tricklint", LIBS / "tricklint", ignore=leave_out)
    shutil.copy(ROOT / "client" / "launcher.py", BUNDLED)


def write_notices() -> None:
    """Collect the licence of every package in the .vsix, those inside the client's bundle too."""
    python = {
        folder.name.removesuffix(".dist-info"): licence_in(folder)
        for folder in sorted(LIBS.glob("*.dist-info"))
    }
    node = {f"{name} (npm)": licence_in(folder) for name, folder in client_packages().items()}
    missing = [name for name, text in (python | node).items() if not text]
    if missing:
        sys.exit(f"no licence text found for {', '.join(missing)}")
    parts = ["# Third-party notices\n\nThis extension contains the following packages.\n"]
    parts += [f"## {name}\n\n```text\n{text}\n```\n" for name, text in (python | node).items()]
    (BUNDLED / "THIRD_PARTY_NOTICES.md").write_text("\n".join(parts), encoding="utf-8")


def client_packages() -> dict[str, Path]:
    """The npm packages that the bundler says it took something from, by name."""
    inputs = json.loads((ROOT / "client/dist/inputs.json").read_text(encoding="utf-8"))
    folders: dict[str, Path] = {}
    for file in inputs:
        before, marker, inside = file.rpartition("node_modules/")
        if marker:
            depth = 2 if inside.startswith("@") else 1
            name = "/".join(inside.split("/")[:depth])
            folders[name] = ROOT / before / marker / name
    return dict(sorted(folders.items()))


def licence_in(folder: Path) -> str:
    """The licence texts of an installed package."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name.lower().startswith(("licen", "copying", "notice", "authors"))
        and "node_modules" not in path.relative_to(folder).parts
    ]
    return "\n\n".join(path.read_text(encoding="utf-8").strip() for path in found)


def run_vsce(target: Target) -> Path:
    """Call the packaging tool; what goes in is listed in .vscodeignore."""
    version = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"]
    vsix = ROOT / "dist" / f"tricklint-{target.name}-{version}.vsix"
    vsix.parent.mkdir(exist_ok=True)
    vsce = ROOT / "node_modules/@vscode/vsce/vsce"
    options = ("--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository")
    subprocess.run(
        ["node", str(vsce), "package", "--target", target.name, *options, "--out", str(vsix)],
        cwd=ROOT,
        check=True,
    )
    return vsix


def pip(command: str, *options: str, requirements: str) -> None:
    """Run pip on wheels whose hashes are known."""
    strict = (
        "--only-binary",
        ":all:",
        "--no-deps",
        "--require-hashes",
        "--disable-pip-version-check",
        "--quiet",
    )
    file = str(REQUIREMENTS / requirements)
    subprocess.run(
        [sys.executable, "-m", "pip", command, *strict, *options, "-r", file], check=True
    )


if __name__ == "__main__":
    main()
