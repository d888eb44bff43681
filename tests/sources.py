"""The product's modules as trees, each made once in a process: whole files of tests look through all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# What has nothing inside that is looked for: two thirds of a tree.
LEAVES = frozenset(
    kind
    for top in (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.Name, ast.Constant, ast.alias)
    for kind in (top, *top.__subclasses__())
)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(top: ast.AST) -> Iterator[ast.AST]:
    """A node and all inside it but :data:`LEAVES`, in some order: ``ast.walk`` takes many times as long."""
    left = [top]
    while left:
        node = left.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                left += [one for one in value if one.__class__ not in LEAVES and isinstance(one, ast.AST)]
            elif value.__class__ not in LEAVES and isinstance(value, ast.AST):
                left.append(value)


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(nodes(tree_of(path)))
