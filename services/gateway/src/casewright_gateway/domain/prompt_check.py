"""What an organisation's own prompt template may contain. It is checked here and never rendered here."""

from collections.abc import Iterator

from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from casewright_gateway.domain.errors import InvalidFieldError

BLOCKS = frozenset({"system", "user", "repair"})
MOST_CHARACTERS = 32_768
MOST_NESTED_LOOPS = 2
FILTERS = frozenset({"capitalize", "default", "join", "length", "lower", "title", "trim", "upper"})
LISTS = frozenset(
    {"conditions", "criteria", "data", "examples", "exclusions", "passages", "preconditions", "rejections"}
    | {"steps", "values"}
)
ATTRIBUTES = LISTS | {
    *("action", "case", "description", "expected", "first", "id", "index", "last", "name", "priority"),
    *("reason", "sample", "source", "technique", "text", "title", "value"),
}
GIVEN = frozenset(
    {"conditions", "criteria", "examples", "fence", "gaps", "passages", "problem", "rejections", "text"}
    | {"title"}
)
"""What the generator gives to a template; it judges a template by the same lists before it uses one."""

_ALLOWED = (
    nodes.Template,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
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
    """Refuse a template that can't be rendered safely, lacks a block or shows what it isn't given.

    Raises:
        InvalidFieldError: What is wrong, and in which line.
    """
    if len(source) > MOST_CHARACTERS:
        raise _refused(f"A template has {MOST_CHARACTERS:,} characters at most.")
    try:
        template = SandboxedEnvironment(autoescape=False).parse(source)  # never rendered here
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise _refused(f"{error.message}{'' if line is None else f' (line {line})'}") from error
    except RecursionError as error:
        raise _refused("It is nested too deeply.") from error
    for node, local, depth in _all(template):
        reason = _reason(node, local, depth)
        if reason is not None:
            raise _refused(f"{reason} (line {node.lineno}).")
    names = [block.name for block in template.find_all(nodes.Block)]
    if sorted(names) != sorted(BLOCKS):
        missing = ", ".join(sorted(BLOCKS - set(names))) or "none"
        raise _refused(
            f"A template has the blocks {_listed(BLOCKS)}, each once, and no other; missing: {missing}."
        )


def _reason(node: nodes.Node, local: frozenset[str], depth: int) -> str | None:
    """Why the node is refused, if it is."""
    found: str | None = None
    match node:
        case _ if not isinstance(node, _ALLOWED):
            what = _CALLED.get(type(node), f"`{type(node).__name__.lower()}`")
            found = f"A template must not contain {what}"
        case nodes.Name() if node.ctx == "load" and node.name not in GIVEN | local:
            found = f"`{node.name}` is not given; there are {_listed(GIVEN)}"
        case nodes.Getattr() if node.attr not in ATTRIBUTES:
            found = f"`{node.attr}` can't be shown; there are {_listed(ATTRIBUTES)}"
        case nodes.Filter() if node.name not in FILTERS:
            found = f"There is no filter `{node.name}`; there are {_listed(FILTERS)}"
        case nodes.For() if node.recursive:
            found = "A loop must not be recursive"
        case nodes.For() if depth > MOST_NESTED_LOOPS:
            found = f"Loops are nested {MOST_NESTED_LOOPS} deep at most"
        case nodes.For() if _iterated(node) not in LISTS:
            found = f"A loop goes over one of {_listed(LISTS)}"
    return found


def _iterated(loop: nodes.For) -> str:
    match loop.iter:
        case nodes.Name():
            return str(loop.iter.name)
        case nodes.Getattr():
            return str(loop.iter.attr)
    return ""


def _all(template: nodes.Node) -> Iterator[tuple[nodes.Node, frozenset[str], int]]:
    """Every node with the names that loops around it give, and the number of those loops with its own."""
    waiting: list[tuple[nodes.Node, frozenset[str], int]] = [(template, frozenset(), 0)]
    while waiting:
        node, local, depth = waiting.pop()
        if isinstance(node, nodes.For):
            depth += 1
            names = {node.target.name} if isinstance(node.target, nodes.Name) else set()
            names |= {name.name for name in node.target.find_all(nodes.Name)}
            local |= {"loop", *names}
        yield node, local, depth
        waiting.extend((child, local, depth) for child in node.iter_child_nodes())


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _refused(detail: str) -> InvalidFieldError:
    return InvalidFieldError("/template", detail)
