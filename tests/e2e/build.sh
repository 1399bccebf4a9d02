# Sourced from this folder: builds the TypeScript client and the tests that use it. One at a time in a checkout.
command -v npm >/dev/null || { echo "npm is missing: run script/install --tests" >&2; exit 1; }

# Installed again only when the lock file has changed.
install_packages() {
  cmp -s package-lock.json node_modules/.snowfield-lock.json && return
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json node_modules/.snowfield-lock.json
}
exec 9>.build.lock
flock 9
(cd ../../clients/typescript && install_packages && npm run --silent build)
install_packages
npm run --silent build
flock -u 9
