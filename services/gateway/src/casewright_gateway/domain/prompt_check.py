"""What an organisation's own prompt template may contain. It is checked here and never rendered here."""

from collections.abc import Iterator

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from casewright_gateway.domain.errors import InvalidFieldError

BLOCKS = frozenset({"system", "user", "repair"})
MOST_BYTES = 64 * 1024
MOST_NESTED_LOOPS = 2
FILTERS = frozenset(
    {"default", "first", "indent", "join", "last", "length", "lower", "replace", "title", "tojson"}
    | {"trim", "truncate", "upper"}
)
TESTS = frozenset({"defined", "undefined", "none", "string", "number", "mapping", "sequence", "sameas", "in"})
_ALLOWED = (
    nodes.Template,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
"""Everything else is refused: calls, imports, includes, inheritance, macros, assignments, arithmetic."""

_CALLED = {
    nodes.Call: "a call",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call block",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Include: "an include",
    nodes.Extends: "`extends`",
    nodes.Assign: "an assignment",
    nodes.AssignBlock: "an assignment",
}


def check_template(source: str) -> None:
    """Refuse a template that can't be rendered safely or lacks a block of ours.

    Raises:
        InvalidFieldError: What is wrong, and in which line.
    """
    if len(source.encode()) > MOST_BYTES:
        raise _refused(f"A template has {MOST_BYTES} bytes at most.")
    try:
        template = SandboxedEnvironment(autoescape=False).parse(source)  # never rendered, no HTML
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise _refused(f"{error}{'' if line is None else f' (line {line})'}") from error
    except RecursionError as error:
        raise _refused("It is nested too deeply.") from error
    for node in _all(template):
        _check(node)
    if _depth(template) > MOST_NESTED_LOOPS:
        raise _refused(f"Loops are nested {MOST_NESTED_LOOPS} deep at most.")
    names = [block.name for block in template.find_all(nodes.Block)]
    missing = sorted(BLOCKS - set(names))
    if missing:
        raise _refused(f"The blocks {', '.join(sorted(BLOCKS))} are needed; missing: {', '.join(missing)}.")
    if len(names) != len(set(names)):
        raise _refused("A block stands there twice.")


def _check(node: nodes.Node) -> None:
    line = f"line {node.lineno}"
    if not isinstance(node, _ALLOWED):
        what = _CALLED.get(type(node), f"`{type(node).__name__.lower()}`")
        raise _refused(f"A template must not contain {what} ({line}).")
    name = _name_in(node)
    if name.startswith("_"):
        raise _refused(f"Names must not begin with _ ({line}).")
    if isinstance(node, nodes.For) and node.recursive:
        raise _refused(f"A loop must not be recursive ({line}).")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise _refused(f"There is no filter `{node.name}`; there are {', '.join(sorted(FILTERS))} ({line}).")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise _refused(f"There is no test `{node.name}`; there are {', '.join(sorted(TESTS))} ({line}).")


def _name_in(node: nodes.Node) -> str:
    match node:
        case nodes.Name() | nodes.Block():
            return str(node.name)
        case nodes.Getattr():
            return str(node.attr)
        case nodes.Getitem() if isinstance(node.arg, nodes.Const):
            return str(node.arg.value)
    return ""


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(current.iter_child_nodes())


def _depth(node: nodes.Node) -> int:
    deepest, waiting = 0, [(node, 0)]
    while waiting:
        current, depth = waiting.pop()
        depth += isinstance(current, nodes.For)
        deepest = max(deepest, depth)
        waiting.extend((child, depth) for child in current.iter_child_nodes())
    return deepest


def _refused(detail: str) -> InvalidFieldError:
    return InvalidFieldError("/template", detail)
