"""What a template may call to place a value of the data, and how such a call is read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from analysis.evidence.errors import did_you_mean
from analysis.evidence.schema import DIMENSIONS

OWN = "programme"
"""The name that stands for the place of a memo, in a template for many places."""
Given = str | int | bool


@dataclass(frozen=True)
class Signature:
    """The arguments of a function: those that must be given, in order, and the ``options`` by name."""

    needed: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All arguments."""
        return (*self.needed, *self.options)


_SHOWN = ("unit", "digits", "language", "cite")
FUNCTIONS: Mapping[str, Signature] = {
    "figure": Signature(("id",), _SHOWN),
    "estimate": Signature((OWN, "measure"), (*DIMENSIONS, "reading", *_SHOWN)),
    "finding": Signature((OWN, "name"), ("language", "cite")),
    "question": Signature((OWN, "name"), ("language",)),
    "chart": Signature(("name",), ()),
    "table": Signature(("name",), ()),
}
"""What a template may call, and nothing else."""
PARTS = {"chart": "charts", "table": "tables"}
"""The functions that name a part of the memo, with the list that it is in; the others place text."""
TEXTS_CALLED = tuple(name for name in FUNCTIONS if name not in PARTS)
_KINDS: Mapping[str, type] = {"digits": int, "cite": bool}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a call: ``name`` is where it is seen, to look for in the template."""

    name: str
    message: str


@dataclass(frozen=True)
class Call:
    """A call of a template: ``figure("ludian.village-venues.count", digits=0)``."""

    function: str
    given: tuple[Given, ...] = ()
    options: Mapping[str, Given] = field(default_factory=dict)

    def __str__(self) -> str:
        named = (f"{name}={_written(value)}" for name, value in self.options.items())
        return f"{self.function}({', '.join([*map(_written, self.given), *named])})"

    @property
    def arguments(self) -> dict[str, Given]:
        """The arguments by name; what is one too many or unknown is a fault."""
        return {**dict(zip(FUNCTIONS[self.function].needed, self.given, strict=False)), **self.options}

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the call itself, whatever the data."""
        signature = FUNCTIONS[self.function]
        if len(self.given) > len(signature.needed):
            shown = ", ".join(signature.needed)
            message = f"{self.function!r} takes {shown}; give what comes after by its name"
            yield Fault(self.function, message)
        arguments = self.arguments
        for name in signature.needed:
            if name not in arguments:
                yield Fault(self.function, f"{self.function!r} needs {name}; write {_example(self.function)}")
        for name, value in arguments.items():
            if name not in signature.names:
                near = did_you_mean(name, signature.names)
                allowed = ", ".join(signature.names)
                yield Fault(name, f"{name!r} is none of what {self.function!r} takes, {allowed}; {near}")
            elif type(value) is not _KINDS.get(name, str):
                kind = {int: "a whole number", bool: "true or false"}
                expected = kind.get(_KINDS.get(name, str), "text in quotation marks")
                yield Fault(name, f"{name} is {value!r}; write {expected}")

    def to_json(self) -> str:
        """Return the call as a memo keeps it."""
        return json.dumps([self.function, list(self.given), dict(self.options)], ensure_ascii=False)

    @staticmethod
    def read(text: str) -> Call:
        """Return a call as a memo keeps it; raises ``ValueError`` where it is none."""
        function, given, options = json.loads(text)
        if function not in FUNCTIONS:
            raise ValueError(f"{function!r} is none of {', '.join(FUNCTIONS)}")
        return Call(function, tuple(given), options)


def _written(value: Given) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _example(function: str) -> str:
    needed = ", ".join('"…"' for _ in FUNCTIONS[function].needed)
    return f"{function}({needed})"


def is_call(node: nodes.Node) -> bool:
    """Return whether a template may make a call: of a name, with constants, or the place of the memo."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return False
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return False
    return all(map(_is_argument, (*node.args, *(keyword.value for keyword in node.kwargs))))


def _is_argument(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Const):
        return isinstance(node.value, str | int | bool)
    return isinstance(node, nodes.Name) and node.name == OWN


def read_call(node: nodes.Call, programme: str) -> Call:
    """Return the call that a node is, with the place of the memo in the place of its name."""

    def given(argument: nodes.Node) -> Given:
        return argument.value if isinstance(argument, nodes.Const) else programme

    assert isinstance(node.node, nodes.Name)
    options = {keyword.key: given(keyword.value) for keyword in node.kwargs}
    return Call(node.node.name, tuple(map(given, node.args)), options)
