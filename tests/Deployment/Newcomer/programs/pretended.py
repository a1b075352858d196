"""What the programs beside this file share: they stand for the real ones, note each call, and refuse what those would refuse, as far as their documentation tells.

STATE      the folder with all that there is: a sign-in, a group, a cluster, what was pushed and applied
FAILS      a call that has these words fails, and says BECAUSE
"""
import os
import pathlib
import sys

STATE = pathlib.Path(os.environ["STATE"])

# What infra/ makes, by the names of its outputs.
MADE = {
    "registry": "models1.azurecr.io",
    "inferenceApiClientId": "11111111-0000-0000-0000-000000000000",
    "modelSyncClientId": "22222222-0000-0000-0000-000000000000",
    "modelsConnection": "Endpoint=https://models1.blob.core.windows.net/;ContainerName=models",
    "eventsQueue": "",
    "pipelineClientId": "",
    "tenantId": "33333333-0000-0000-0000-000000000000",
    "subscriptionId": "44444444-0000-0000-0000-000000000000",
    "cluster": "models-aks",
}


def refuse(why, code=1):
    print(why, file=sys.stderr)
    sys.exit(code)


def begin():
    """Notes the call. Returns its arguments."""
    call = " ".join([pathlib.Path(sys.argv[0]).name, *sys.argv[1:]])
    with (STATE / "calls").open("a") as calls:
        calls.write(call.replace("\n", " ") + "\n")
    fails = os.environ.get("FAILS")
    if fails and fails in call:
        # Above 1, which of "kubectl diff" says something else.
        refuse(os.environ.get("BECAUSE", "It fails."), 3)
    return sys.argv[1:]


def options(arguments, valued, flags=()):
    """Those of a call, and what is left of it. Whatever the program does not know is refused."""
    found, rest, left = {}, [], list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name in valued:
            if not equals and not left:
                refuse(f"argument {name}: expected one argument", 2)
            found[name] = value if equals else left.pop(0)
        elif name in flags and not equals:
            found[name] = True
        elif name.startswith("-") and name != "-":
            refuse(f"unrecognized arguments: {name}", 2)
        else:
            rest.append(name + equals + value)
    return found, rest


def has(name):
    return (STATE / name).exists()


def read(name):
    return (STATE / name).read_text() if has(name) else ""


def forget(name):
    (STATE / name).unlink(missing_ok=True)


def keep(name, text=""):
    (STATE / name).parent.mkdir(parents=True, exist_ok=True)
    (STATE / name).write_text(text)
