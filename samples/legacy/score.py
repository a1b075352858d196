#!/usr/bin/env python3
"""Scores pictures over the REST contract of the 2018 recipe, and fails when the answer is not right.

It sends all pictures in one request to POST /score, in the original double encoding, after it has asked
GET / and GET /version, and prints the three best labels of each picture with their percents and the time.

    score.py http://localhost:5080 samples/fashion/images/sneaker.png=Sneaker
    score.py http://localhost:5080 airliner.jpg='n02690373 airliner' tabby.jpg

A picture may be followed by '=' and the label that must come first (its beginning is enough where the label
says "number names", as those of ImageNet do).

Exit code: 0 when every answer has the right form and every expected label came first; 1 when not, or when the
server says an error or does not answer; 2 for wrong usage.
"""
import argparse
import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request

TIMEOUT = 60  # seconds


class Wrong(Exception):
    """What the server said is not what the contract promises."""


def ask(url, body=None):
    """The answer's text; a body is posted as JSON."""
    headers = {} if body is None else {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        raise Wrong(f"{url} answered {error.code}: {error.read().decode('utf-8', 'replace').strip()}")
    except OSError as error:
        raise Wrong(f"{url} does not answer: {error}")
    except UnicodeDecodeError:
        raise Wrong(f"{url} answered something that is no text")


def encode(pictures):
    """JSON in a string of JSON, as the original took it."""
    return json.dumps({"input": json.dumps([base64.b64encode(picture).decode("ascii") for picture in pictures])}).encode("ascii")


def decode(text, count):
    """The labels and percents of each picture, and the server's own words about the time."""
    try:
        pictures, computed = json.loads(text)["result"]
        answers = [[(label, float(percent)) for label, percent in picture] for picture in pictures]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Wrong(f"the answer has another form ({error}): {text[:200]}")
    if len(answers) != count:
        raise Wrong(f"{len(answers)} pictures were answered instead of {count}")
    for picture in answers:
        percents = [percent for _, percent in picture]
        if not 1 <= len(picture) <= 3 or percents != sorted(percents, reverse=True) or not all(isinstance(label, str) for label, _ in picture):
            raise Wrong(f"these are not the best labels of a picture, best first: {picture}")
    if not (isinstance(computed, str) and computed.startswith("Computed in ")):
        raise Wrong(f"no time is told: {computed}")
    return answers, computed


def is_label(label, expected):
    return label == expected or label.startswith((expected + " ", expected + ","))


def score(server, wanted):
    healthy = ask(server + "/")
    if healthy != "Healthy":
        raise Wrong(f"{server}/ answered {healthy[:80]!r} instead of 'Healthy'")
    version = ask(server + "/version")
    if not version.strip():
        raise Wrong(f"{server}/version answered nothing")
    print(f"{server} is healthy, version {version.strip()}")

    body = encode([open(path, "rb").read() for path, _ in wanted])
    started = time.monotonic()
    text = ask(server + "/score", body)
    elapsed = (time.monotonic() - started) * 1000
    answers, computed = decode(text, len(wanted))

    failed = False
    for (path, expected), best in zip(wanted, answers):
        print(f"{os.path.basename(path)}:")
        for label, percent in best:
            print(f"  {percent:6.2f} %  {label}")
        if expected is not None and not is_label(best[0][0], expected):
            failed = True
            print(f"FAILED: {path} should be {expected!r}, but {best[0][0]!r} came first", file=sys.stderr)
    print(f"{computed}; {elapsed:.2f} ms with the way there and back")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", help="where the application answers, e.g. http://localhost:5080")
    parser.add_argument("picture", nargs="+", help="a file, optionally with '=' and the label that must come first")
    arguments = parser.parse_args()

    wanted = []
    for picture in arguments.picture:
        path, _, expected = picture.partition("=")
        if not os.path.isfile(path):
            parser.error(f"there is no file {path}")
        wanted.append((path, expected or None))
    try:
        return score(arguments.server.rstrip("/"), wanted)
    except Wrong as wrong:
        print(f"FAILED: {wrong}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
