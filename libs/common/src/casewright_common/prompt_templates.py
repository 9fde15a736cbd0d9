"""What an organisation's own prompt template may contain: judged when it is saved, and before it is used.

A template can show and repeat what it is given, nothing else, and whatever a tracker or people wrote only
between two lines with the fence (ADR 18).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

BLOCKS: Final = ("system", "user", "repair")
MOST_CHARACTERS: Final = 32_768
MOST_NESTED_LOOPS: Final = 2
FENCE: Final = "fence"
FILTERS: Final = frozenset({"capitalize", "default", "join", "length", "lower", "title", "trim", "upper"})
LISTS: Final = frozenset(
    {"conditions", "criteria", "data", "examples", "exclusions", "passages", "preconditions", "rejections"}
    | {"steps", "values"}
)
ATTRIBUTES: Final = LISTS | {
    *("action", "case", "description", "expected", "first", "id", "index", "last", "name", "priority"),
    *("reason", "sample", "source", "technique", "text", "title", "value"),
}
GIVEN: Final = {
    "system": frozenset({FENCE}),
    "user": frozenset(
        {"conditions", "criteria", "examples", "gaps", "passages", "rejections", "text", "title", FENCE}
    ),
    "repair": frozenset({"problem"}),
}
"""What the generator gives to each block."""

_ALLOWED: Final = (
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
_CALLED: Final[dict[type[nodes.Node], str]] = {
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


def template_problems(source: str) -> tuple[str, ...]:
    """What is wrong with a template, each in a sentence with its line; empty if nothing is."""
    if len(source) > MOST_CHARACTERS:
        return (f"A template has {MOST_CHARACTERS:,} characters at most.",)
    environment = ImmutableSandboxedEnvironment(autoescape=False)
    try:
        template = environment.parse(source)
        problems = tuple(_problems(template))
        if not problems:
            environment.compile(source)  # what can be parsed may still be too deep for Python
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        return (f"{error.message}{'' if line is None else f' (line {line})'}",)
    except (RecursionError, SyntaxError, MemoryError):
        return ("It is nested too deeply.",)
    return problems


def _problems(template: nodes.Template) -> Iterator[str]:
    blocks = [node for node in template.body if isinstance(node, nodes.Block)]
    named = sorted(block.name for block in template.find_all(nodes.Block))
    if named != sorted(BLOCKS) or len(blocks) != len(BLOCKS):
        missing = ", ".join(sorted(set(BLOCKS) - set(named))) or "none"
        yield (
            f"A template has the blocks {', '.join(BLOCKS)}, each once, none in another and no other; "
            f"missing: {missing}."
        )
    for node in template.body:
        given = GIVEN.get(node.name, frozenset()) if isinstance(node, nodes.Block) else frozenset()
        yield from _refusals(node, given, frozenset(), 0)
    for block in blocks:
        yield from _unfenced(block)


def _refusals(node: nodes.Node, given: frozenset[str], local: frozenset[str], depth: int) -> Iterator[str]:
    """Reasons against a node and all in it; `local` are names of the `depth` loops around it."""
    if isinstance(node, nodes.For):
        depth += 1
        local |= {"loop", *_targets(node)}
    reason = _reason(node, given, local, depth)
    if reason is not None:
        yield f"{reason} (line {node.lineno})."
    for child in node.iter_child_nodes():
        yield from _refusals(child, given, local, depth)


def _targets(loop: nodes.For) -> set[str]:
    own = {loop.target.name} if isinstance(loop.target, nodes.Name) else set()
    return own | {name.name for name in loop.target.find_all(nodes.Name)}


def _reason(node: nodes.Node, given: frozenset[str], local: frozenset[str], depth: int) -> str | None:
    """Why the node is refused, if it is."""
    found: str | None = None
    match node:
        case _ if not isinstance(node, _ALLOWED):
            what = _CALLED.get(type(node), f"`{type(node).__name__.lower()}`")
            found = f"A template must not contain {what}"
        case nodes.Name() if node.ctx == "load" and node.name not in given | local:
            found = f"`{node.name}` is not given here; there are {_listed(given)}"
        case nodes.Getattr() if node.attr not in ATTRIBUTES:
            found = f"`{node.attr}` can't be shown; there are {_listed(ATTRIBUTES)}"
        case nodes.Filter() if node.name not in FILTERS:
            found = f"There is no filter `{node.name}`; there are {_listed(FILTERS)}"
        case nodes.For() if node.recursive:
            found = "A loop must not be recursive"
        case nodes.For() if depth > MOST_NESTED_LOOPS:
            found = f"Loops are nested {MOST_NESTED_LOOPS} deep at most"
        case nodes.For() if _targets(node) & {*GIVEN["user"], "loop"}:
            found = "A loop must not give its items a name that is given already"
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


def _unfenced(block: nodes.Block) -> Iterator[str]:
    """What stands outside the fences of a block, and fences that don't close."""
    shown = [name for output in block.find_all(nodes.Output) for name in output.nodes if _is_fence(name)]
    named = [name for name in block.find_all(nodes.Name) if name.name == FENCE]
    if len(named) > len(shown):
        yield f"`fence` can only be shown as it is: `{{{{ fence }}}}` (line {named[0].lineno})."
    elif block.name == "system" and not shown:
        yield (
            "The block system must say what lies between two `{{ fence }}`: data, not instructions "
            f"(line {block.lineno})."
        )
    elif block.name == "user":
        problems: list[str] = []
        if _walk(block.body, problems, fenced=False):
            problems.append(f"The last `{{{{ fence }}}}` is not closed by another (line {block.lineno}).")
        yield from problems


def _walk(body: Sequence[nodes.Node], problems: list[str], *, fenced: bool) -> bool:
    """Whether one is between fences behind the nodes."""
    for node in body:
        match node:
            case nodes.Output():
                for shown in node.nodes:
                    if _is_fence(shown):
                        fenced = not fenced
                    elif not fenced and not _is_ours(shown):
                        problems.append(
                            "What the tracker or people wrote stands between two `{{ fence }}` "
                            f"(line {shown.lineno})."
                        )
            case nodes.If() | nodes.For():
                branches = [node.body, node.else_]
                branches += [one.body for one in node.elif_] if isinstance(node, nodes.If) else []
                if any(_walk(branch, problems, fenced=fenced) is not fenced for branch in branches):
                    problems.append(
                        "A branch or a loop closes the fences that it opens, and no others "
                        f"(line {node.lineno})."
                    )
    return fenced


def _is_fence(shown: nodes.Node) -> bool:
    return isinstance(shown, nodes.Name) and shown.name == FENCE


def _is_ours(shown: nodes.Node) -> bool:
    """Whether it is our text, or a number: nothing that somebody else wrote."""
    match shown:
        case nodes.TemplateData() | nodes.Const() | nodes.Filter(name="length"):
            return True
        case nodes.Getattr(attr="index", node=nodes.Name(name="loop")):
            return True
        case nodes.CondExpr():
            return _is_ours(shown.expr1) and (shown.expr2 is None or _is_ours(shown.expr2))
    return False


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
