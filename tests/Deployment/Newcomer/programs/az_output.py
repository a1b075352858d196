"""What az makes of an answer: --query, of which this knows names, lists, alternatives and texts, and --output."""
import json
import re

TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_]\w*)|'(?P<text>[^']*)'|(?P<sign>\|\||[.,\[\]]))")


def tokens(text):
    at = 0
    while at < len(text.rstrip()):
        token = TOKEN.match(text, at)
        if not token:
            raise ValueError(text)
        at = token.end()
        yield token.lastgroup, token[token.lastgroup]
    yield "end", ""


class Query:
    """JMESPath, as far as it is used: each method takes a rule of its grammar and returns what finds the answer in a value."""

    def __init__(self, text):
        self.left = list(tokens(text))

    def take(self, *expected):
        if self.left[0] not in expected and self.left[0][0] not in expected:
            raise ValueError(self.left[0][1])
        return self.left.pop(0)[1]

    def alternatives(self):
        first = self.path()
        if self.left[0] != ("sign", "||"):
            return first
        self.take(("sign", "||"))
        second = self.alternatives()
        # What counts as nothing there.
        return lambda value: second(value) if first(value) is False or first(value) in (None, "", [], {}) else first(value)

    def path(self):
        steps = [self.step()]
        while self.left[0] == ("sign", "."):
            self.take(("sign", "."))
            steps.append(self.step())

        def found(value):
            for step in steps:
                value = step(value)
            return value

        return found

    def step(self):
        kind = self.left[0][0]
        taken = self.take("name", "text", ("sign", "["))
        if kind == "name":
            return lambda value: value.get(taken) if isinstance(value, dict) else None
        if kind == "text":
            return lambda value: taken
        items = [self.alternatives()]
        while self.take(("sign", ","), ("sign", "]")) == ",":
            items.append(self.alternatives())
        return lambda value: None if value is None else [item(value) for item in items]


def compile_query(text):
    query = Query(text)
    found = query.alternatives()
    query.take("end")
    return found


def cell(value):
    return str(len(value)) if isinstance(value, list) else "" if isinstance(value, dict) else str(value)


def row(value):
    if isinstance(value, dict):
        return "\t".join(cell(value[key]) for key in sorted(value))
    if isinstance(value, list):
        return "\t".join(cell(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def tell(answer, query, output):
    """Prints it. Nothing is printed of nothing; what is nothing in a list is 'None' in a table of tabs."""
    if query:
        answer = query(answer)
    if answer is None or output == "none":
        return
    if output == "tsv":
        for item in answer if isinstance(answer, list) else [answer]:
            print(row(item))
    else:
        print(json.dumps(answer, indent=2))
