"""What is in the cluster, and what comes up in it."""
import itertools
import json
import os
import re
import subprocess

from pretended import MADE, has, keep, read, refuse

NAMESPACE = "modelplatform"


def objects(folder):
    """Kind, name and text of each object of an overlay."""
    rendered = subprocess.run([os.environ["KUBECTL"], "kustomize", folder], capture_output=True, text=True)
    if rendered.returncode:
        refuse(rendered.stderr)
    for text in rendered.stdout.split("\n---\n"):
        kind = re.search(r"^kind: (\w+)$", text, re.M)[1]
        yield kind, re.search(r"^metadata:\n(?:  .*\n)*?  name: (\S+)$", text, re.M)[1], text


def need_namespace():
    if not has("namespace"):
        refuse(f'Error from server (NotFound): namespaces "{NAMESPACE}" not found')


def apply(folder):
    for kind, name, text in objects(folder):
        if kind == "Namespace":
            keep("namespace")
            continue
        need_namespace()
        if kind == "Deployment" and read(f"deployments/{name}") != text:
            revise(name, text)
        if kind == "Service":
            keep(f"services/{name}", text)
        if kind == "Ingress":
            keep("address", "20.0.0.7")
        print(f"{kind.lower()}/{name} configured")


def revise(name, text):
    revision = str(int(read(f"revisions/{name}") or 0) + 1)
    keep(f"revisions/{name}", revision)
    keep(f"deployments/{name}", text)
    keep(f"history/{name}/{revision}", text)


def undo(name, revision):
    if not has(f"history/{name}/{revision}"):
        refuse(f"error: unable to find specified revision {revision} in history")
    revise(name, read(f"history/{name}/{revision}"))
    print(f"deployment.apps/{name} rolled back")


def is_up(name):
    """Why pods do not come up; None where they do."""
    text = read(f"deployments/{name}")
    if not text:
        return f'deployments.apps "{name}" not found'
    if name not in ("inference-api", "model-sync"):
        return None
    if not has("secrets/platform-key"):
        return 'secret "platform-key" not found'
    if "platform-key" not in json.loads(read("secrets/platform-key")):
        return "couldn't find key platform-key in Secret"
    image = re.search(rf"image: (\S*{name}:\S+)", text)[1]
    registry, _, tagged = image.rpartition("/")
    # Images without a registry are brought into the cluster by hand.
    if registry and (registry != MADE["registry"] or not has(f"images/{tagged.replace(':', '@')}")):
        return f"Failed to pull image {image}: not found"
    if name == "inference-api" and not has("published/fashion"):
        return "timed out waiting for the condition"
    return None


def there(kind, name):
    """An object of the cluster, as far as anybody looks into it; None where there is none."""
    if kind == "secret" and has(f"secrets/{name}"):
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": json.loads(read(f"secrets/{name}"))}
    if kind == "ingress" and name == "inference-api" and has("address"):
        return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name}, "status": {"loadBalancer": {"ingress": [{"ip": read("address")}]}}}
    if kind == "deployment" and has(f"deployments/{name}"):
        pods = {"replicas": 2, "updatedReplicas": 2} | ({} if is_up(name) else {"readyReplicas": 1})
        annotations = {"deployment.kubernetes.io/revision": read(f"revisions/{name}")}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "generation": 1, "annotations": annotations},
                "spec": {"replicas": 2, "selector": {}, "template": {}}, "status": {"observedGeneration": 1} | pods}
    return None


def forward(service, ports):
    if not has(f"services/{service}"):
        refuse(f'Error from server (NotFound): services "{service}" not found')
    if why := is_up(service):
        refuse(f"error: unable to forward port because pod is not running: {why}")
    free = itertools.count(41001)
    for port in ports:
        local, colon, remote = port.partition(":")
        local = local or str(next(free))
        remote = remote if colon else local
        if not re.search(rf"^ *-? ?port: {remote}$", read(f"services/{service}"), re.M):
            refuse(f"error: Service {service} does not have a service port {remote}")
        keep(f"forwards/{local}")
        print(f"Forwarding from 127.0.0.1:{local} -> {remote}\nForwarding from [::1]:{local} -> {remote}")
