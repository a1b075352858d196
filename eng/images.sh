# Container images as archives that every engine loads. Part of build.sh, whose functions it uses.

images() {
  local allow=no base=no architectures=() tag=''
  while [ $# -gt 0 ]; do
    case "$1" in
      --allow-stand-ins) allow=yes ;;
      --local-base) base=yes ;;
      --tag) shift; tag=${1:-} ;;
      x64 | arm64) architectures+=("$1") ;;
      *) stop "images knows no '$1': [--allow-stand-ins] [--local-base] [--tag TAG] [x64] [arm64]" ;;
    esac
    shift
  done
  [ ${#architectures[@]} -gt 0 ] || architectures=(x64)
  set_up
  if [ "$allow" = no ] && uses_stand_ins; then
    stop "the package registry lacks packages, so the images would run on stand-ins (eng/stand-ins/README.md); --allow-stand-ins builds such images, for tests only"
  fi
  case "${architectures[*]}" in *arm64*) ! uses_stand_ins || stop 'stand-ins exist for Linux x64 only' ;; esac
  [ -n "$tag" ] || tag=$(image_tag)
  # The registry that the base needs ends with the subshell, whatever happens.
  (
    if [ "$base" = yes ]; then local_base; fi
    for architecture in "${architectures[@]}"; do
      for project in $(image_projects); do image "$project" "$architecture" "$tag"; done
    done
  )
}

# As in images, for the tests of tests/EndToEnd/Images: on the real base where the packages are real too.
images_for_tests() {
  if uses_stand_ins; then images --allow-stand-ins --local-base; else images; fi
  need podman podman
  export IMAGE_ARCHIVES=$PWD/artifacts/images
}

test_images() {
  set_up
  build
  images_for_tests
  dotnet run --project tests/EndToEnd --no-build -- --filter-namespace ModelPlatform.Tests.EndToEnd.Images --no-progress < /dev/null
}

uses_stand_ins() { grep -qs 'written by eng/bootstrap' nuget.config; }

image_projects() { grep -l '<ContainerRepository>' ./*/*.csproj; }

# One commit, one tag: what is in an image can be looked up. What is changed and not committed has a tag of its content, since nodes keep what they have once
# had under a name. Manifests, infrastructure and documents are in no image.
image_tag() {
  local index tree changes='' outside=(':!aspire-manifest' ':!infra' ':!docs' ':!*.md')
  if [ -n "$(git status --porcelain -- . "${outside[@]}")" ]; then
    index=$(mktemp)
    cp "$(git rev-parse --git-path index)" "$index"
    tree=$(GIT_INDEX_FILE=$index git add --all -- . "${outside[@]}" && GIT_INDEX_FILE=$index git write-tree)
    rm -f "$index"
    changes=-changed-${tree:0:8}
  fi
  echo "$(product_version)-$(git rev-parse --short=12 HEAD)$changes"
}

image() {
  local name archive
  name=$(sed -n 's:.*<ContainerRepository>\(.*\)</ContainerRepository>.*:\1:p' "$1")
  archive=artifacts/images/$name-linux-$2.tar
  say "Building the image $name:$3 for linux-$2"
  mkdir -p "${archive%/*}"
  rm -f "$archive"
  dotnet publish "$1" -c Release -r "linux-$2" --no-self-contained -t:PublishContainer --nologo -v quiet \
    -p:ContainerImageTag="$3" -p:ContainerArchiveOutputPath="$PWD/$archive" \
    -p:ImageRevision="$(git rev-parse HEAD)" -p:ImageCreated="$(git log -1 --format=%cI)" -p:ImageSource="${IMAGE_SOURCE:-}" < /dev/null
  echo "  $archive"
}

# Where the registry of the real base cannot be reached: the libraries that the real one has, and no others, and the SDK's runtime, all of this machine.
# It has no shell either. It comes from a registry that lives as long as this shell: the SDK takes bases from nowhere else.
local_base() {
  local port root dotnet runtime library certificates
  need podman podman
  need runc runc
  need docker-registry docker-registry
  say 'Making a base image of this machine'
  scratch=$(mktemp -d)
  registry=''
  trap '[ -z "$registry" ] || kill $registry; rm -rf "$scratch"' EXIT
  root=$scratch/root
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  runtime=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10\.0\.[0-9]*\) .*/\1/p' | tail -n 1)
  mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/home/app" "$root/tmp" "$root/usr/share/dotnet"
  (cd "$dotnet" && cp -r --parents dotnet host/fxr/*"$runtime" "shared/Microsoft.NETCore.App/$runtime" "shared/Microsoft.AspNetCore.App/$runtime" "$root/usr/share/dotnet")
  ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
  # The program's loader is where the program says, and nowhere else.
  cp -L --parents "$(ldd "$dotnet/dotnet" | sed -n 's:^\s*\(/[^ ]*/ld-linux[^ ]*\).*:\1:p')" "$root"
  for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 libgcc_s.so.1 libstdc++.so.6 libssl.so.3 libcrypto.so.3; do
    library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n "s:^\s*$library (.*64.*) => ::p" | tail -n 1)
    if [ -n "$library" ]; then cp -L --parents "$library" "$root"; fi
  done
  certificates=/etc/ssl/certs/ca-certificates.crt
  if [ -f $certificates ]; then cp -L $certificates "$root/etc/ssl/certs"; fi
  echo 'app:x:1654:1654::/home/app:/bin/false' > "$root/etc/passwd"
  echo 'app:x:1654:' > "$root/etc/group"
  chmod 1777 "$root/tmp"
  tar -C "$root" --owner=0 --group=0 -cf "$scratch/root.tar" .

  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf '{"version": 0.1, "storage": {"filesystem": {"rootdirectory": "%s"}}, "http": {"addr": "127.0.0.1:%s"}, "log": {"level": "error", "accesslog": {"disabled": true}}}' "$scratch/registry" "$port" > "$scratch/registry.yml"
  docker-registry serve "$scratch/registry.yml" > "$scratch/registry.log" 2>&1 &
  registry=$!
  export ContainerBaseImage=localhost:$port/local/aspnet:$runtime
  # Its usual driver would leave a mount behind.
  podman=(podman --storage-driver vfs --root "$scratch/store" --runroot "$scratch/run" --runtime runc)
  "${podman[@]}" import --quiet --change USER=1654 --change ENV=APP_UID=1654 --change ENV=PATH=/usr/bin --change ENV=ASPNETCORE_HTTP_PORTS=8080 "$scratch/root.tar" "$ContainerBaseImage" > /dev/null
  "${podman[@]}" push --quiet --tls-verify=false "$ContainerBaseImage"
}
