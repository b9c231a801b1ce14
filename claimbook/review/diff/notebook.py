"""The code of a notebook by what it declares: readings, checks and facts, and all the rest.

Code is written anew from its syntax tree, so that comments and line breaks do not count.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimbook.base.cells import Cell
from claimbook.run.dependencies import named
from claimbook.run.in_process import CHART_TAG

# Methods of a claim that declare something, as a decorator or called with the function.
_DECLARING = frozenset({"reading", "proxy", "context", "check", "fact"})

Functions = Mapping[str, Sequence[ast.FunctionDef]]


@dataclass(frozen=True)
class Notebook:
    """What is written in a notebook.

    Attributes:
        declared: code of each reading, check and fact by its id: its declaration, and every
            function of the notebook that this uses, directly or not.
        asks: ids of the inputs, tables and other readings that each of them asks for.
        rest: all other statements, with the functions that they use.
        charts: code of the cells that draw, which no result is based on.
        prose: texts of the cells that are no code.
        tags: those of each cell that has any but that of a chart; they may hide it.
    """

    declared: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rest: Sequence[str] = ()
    charts: Sequence[str] = ()
    prose: Sequence[str] = ()
    tags: Sequence[str] = ()

    def asked(self, name: str) -> set[str]:
        """What a reading, check or fact asks for, directly or not, with itself."""
        found: set[str] = set()
        open_ = [name]
        while open_:
            found.add(name := open_.pop())
            open_ += [other for other in self.asks.get(name, ()) if other not in found]
        return found

    def mentioned(self, name: str) -> set[str]:
        """All texts and parameters in the code behind it, other code included: ids among them."""
        own = [self.declared[other] for other in self.asked(name) if other in self.declared]
        return named([*own, *self.rest])


def notebook(cells: Iterable[Cell]) -> Notebook:
    """Sort the cells of a notebook."""
    cells = list(cells)
    code = [cell for cell in cells if cell.kind == "code"]
    charts = [cell.source for cell in code if CHART_TAG in cell.tags]
    computing = [cell.source for cell in code if CHART_TAG not in cell.tags]
    declared, asks, rest = _sorted(computing)
    others = [[tag for tag in cell.tags if tag != CHART_TAG] for cell in cells]
    return Notebook(
        declared=declared,
        asks=asks,
        rest=rest,
        charts=charts,
        prose=[cell.source for cell in cells if cell.kind != "code"],
        tags=[", ".join(tags) for tags in others if tags],
    )


def _sorted(
    cells: Iterable[str],
) -> tuple[dict[str, str], dict[str, list[str]], list[str]]:
    """Code of what is declared, what it asks for, and the rest."""
    statements, broken = _statements(cells)
    functions: dict[str, list[ast.FunctionDef]] = {}
    declared: dict[str, list[ast.stmt]] = {}
    asks: dict[str, list[str]] = {}
    others: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            functions.setdefault(statement.name, []).append(statement)
        name, asked = _declaration(statement)
        if name:
            # A second one of the same name must not hide the first, which may be what counts.
            declared.setdefault(name, []).append(statement)
            asks.setdefault(name, []).extend(asked)
        elif not isinstance(statement, ast.FunctionDef):
            others.append(statement)
    own = {name: [*found, *_used(found, functions)] for name, found in declared.items()}
    placed = {id(statement) for found in own.values() for statement in found}
    needed = {id(statement) for statement in (*others, *_used(others, functions))}
    rest = [
        ast.unparse(statement)
        for statement in statements
        if id(statement) in needed or id(statement) not in placed
    ]
    return (
        {name: "\n".join(map(ast.unparse, found)) for name, found in own.items()},
        asks,
        broken + rest,
    )


def _statements(cells: Iterable[str]) -> tuple[list[ast.stmt], list[str]]:
    """All statements of cells, and the text of those cells that are no Python."""
    statements: list[ast.stmt] = []
    broken: list[str] = []
    for text in cells:
        try:
            statements += ast.parse(text).body
        except (SyntaxError, ValueError):
            broken.append(text)
    return statements, broken


def _declaration(statement: ast.stmt) -> tuple[str, list[str]]:
    """What a statement declares, by its id, and what this asks for; an empty id if nothing.

    Either a function below a declaration: its name is the id, and its parameters are what it asks
    for. Or a call with the id first, then a title unless it is a fact, the function, and what that
    asks for; a text in place of the function is all it asks for.
    """
    match statement:
        case ast.FunctionDef():
            for decorator in statement.decorator_list:
                match decorator:
                    case ast.Call(func=ast.Attribute(attr=method), args=arguments) if (
                        method in _DECLARING
                    ):
                        # In the first versions a check had a name beside its title.
                        name = _text(arguments[0]) if method == "check" and arguments[1:] else ""
                        asked = [argument.arg for argument in statement.args.args]
                        return name or statement.name, asked
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method), args=[first, *more])) if (
            method in _DECLARING
        ):
            after_title = more if method == "fact" else more[1:]
            return _text(first), [text for argument in after_title if (text := _text(argument))]
    return "", []


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _used(users: Iterable[ast.stmt], functions: Functions) -> list[ast.FunctionDef]:
    """Functions that statements name, and those that these name in turn, without the users."""
    reached: list[ast.stmt] = [*users]
    found: list[ast.FunctionDef] = []
    for statement in reached:  # which grows meanwhile
        for name in _free(statement):
            for function in functions.get(name, ()):
                if function not in reached:
                    reached.append(function)
                    found.append(function)
    return found


def _free(statement: ast.stmt) -> list[str]:
    """Names that a statement takes from around it, which none of its own bind."""
    nodes = list(ast.walk(statement))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return [node.id for node in nodes if isinstance(node, ast.Name) and node.id not in bound]
