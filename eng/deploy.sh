# From this checkout into the cluster that kubectl points to: manifests, images, objects, and a look whether it works. Part of build.sh, whose functions it uses.

deploy() {
  local yes=no overlay='' tag='' allow=() context
  while [ $# -gt 0 ]; do
    case "$1" in
      aks | local) overlay=$1 ;;
      --tag) shift; tag=${1:-} ;;
      --allow-stand-ins) allow=(--allow-stand-ins --local-base) ;;
      --yes) yes=yes ;;
      *) stop "deploy knows no '$1': aks|local [--tag TAG] [--allow-stand-ins] [--yes]" ;;
    esac
    shift
  done
  [ -n "$overlay" ] || stop 'deploy needs an overlay: ./build.sh deploy aks, or local'
  need_kubectl
  context=$(kubectl config current-context) || stop "kubectl has no current context. AKS: eng/deploy/connect <resource group>; else choose one with kubectl config use-context"
  [ "$yes" = yes ] || confirm "Deploy the overlay '$overlay'${tag:+ with the images of $tag} into the namespace modelplatform of '$context'?"
  "ready_$overlay" "$context" "$tag"

  manifest
  if [ -z "$tag" ]; then
    tag=$(image_tag)
    images "${allow[@]}" --tag "$tag"
    "bring_$overlay" "$context"
  fi
  kubectl apply -f aspire-manifest/aspirate-output/namespace.yaml
  platform_key
  certificate "$(host_of "$overlay")"
  say 'Replicas become ready with the first model: where there is none yet, publish one in another shell meanwhile (README.md, "Deploy")'
  eng/deploy/roll-out "$("overlay_$overlay" "$tag")" "$tag"
}

# What would be missing after minutes of building is asked for before them.
ready_aks() {
  eng/deploy/tools openssl $([ -n "$2" ] || echo az skopeo) || exit 1
  eng/deploy/settings aspire-manifest/overlays/aks || exit 1
  reached "$1"
}

ready_local() {
  eng/deploy/tools openssl $(case "$1" in kind-*) echo kind ;; minikube) echo minikube ;; esac) || exit 1
  reached "$1"
}

reached() {
  kubectl auth can-i create deployments.apps --namespace modelplatform --request-timeout 30s > /dev/null || stop "the cluster of '$1' does not answer, or does not let you deploy (above)"
}

confirm() {
  local answer=''
  read -r -p "$1 [y/N] " answer || stop 'nobody answered; --yes goes on without asking'
  case "$answer" in y | Y | yes) ;; *) stop 'nothing was changed' ;; esac
}

need_kubectl() {
  command -v kubectl > /dev/null && return
  install_kubectl
  PATH=$PWD/eng/kubectl/node_modules/.bin:$PATH
}

bring_aks() {
  eng/deploy/push "$(sed -n 's/^REGISTRY=//p' aspire-manifest/overlays/aks/azure.env)" artifacts/images/*.tar
}

bring_local() {
  local archive
  for archive in artifacts/images/*-linux-x64.tar; do
    case "$1" in
      kind-*) kind load image-archive "$archive" --name "${1#kind-}" ;;
      minikube) minikube image load "$archive" ;;
      docker-desktop | rancher-desktop) docker load --input "$archive" ;;
      *) stop "how images come into '$1' is not known here; bring in those of artifacts/images and say --tag $(eng/deploy/tag "$archive")" ;;
    esac
  done
}

# Its images are those of azure.env.
overlay_aks() { echo aspire-manifest/overlays/aks; }

# Made anew each time: nothing that is committed names a build of somebody's machine.
overlay_local() {
  local folder=artifacts/deploy/local
  mkdir -p $folder
  printf '%s\n' 'apiVersion: kustomize.config.k8s.io/v1beta1' 'kind: Kustomization' 'resources: [../../../aspire-manifest/overlays/local]' 'images:' \
    "- { name: inference-api, newTag: \"$1\" }" "- { name: model-sync, newTag: \"$1\" }" > $folder/kustomization.yaml
  echo $folder
}

host_of() {
  case "$1" in
    aks) sed -n 's/^HOST=//p' aspire-manifest/overlays/aks/azure.env ;;
    local) echo modelplatform.localhost ;;
  esac
}

has_secret() { [ -n "$(kubectl --namespace modelplatform get secret "$1" --ignore-not-found --output name)" ]; }

# The one secret that all services share is in no file: where there is none it is made.
platform_key() {
  local key
  if has_secret platform-key; then return; fi
  say 'Making the platform key'
  key=$(openssl rand -hex 32)
  # By a pipe: what stands in a command line, everybody on the machine can read.
  printf %s "$key" | kubectl --namespace modelplatform create secret generic platform-key --from-file=platform-key=/dev/stdin
}

# TLS from the first day on: a certificate of nobody, until somebody brings a real one. Whose it is, clients are told with it.
certificate() {
  local made
  if has_secret inference-api-tls; then return; fi
  say "Making a certificate for $1 that only those trust who are given it (README.md, \"Deploy\")"
  made=$(mktemp -d)
  openssl req -x509 -newkey rsa:2048 -nodes -days 90 -keyout "$made/tls.key" -out "$made/tls.crt" -subj "/CN=$1" -addext "subjectAltName=DNS:$1" 2> "$made/said" \
    || { cat "$made/said" >&2; rm -rf "$made"; stop 'no certificate could be made'; }
  kubectl --namespace modelplatform create secret tls inference-api-tls --cert="$made/tls.crt" --key="$made/tls.key" || { rm -rf "$made"; stop 'the certificate could not be put into the cluster'; }
  rm -rf "$made"
}
