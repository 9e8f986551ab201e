"""What docs/mutation.md argues for is still there to be argued for; `make mutants` says if it survives."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.survivors import Mutant, argued, changes, place

TOP = Path(__file__).parents[2]
ARGUED = argued((TOP / "docs" / "mutation.md").read_text(encoding="utf-8"))


def source(where: str) -> set[str]:
    """The lines of the function that a dotted name stands for, each without its indentation."""
    names = where.split(".")
    depth = next(
        n for n in range(len(names), 0, -1) if (TOP.joinpath(*names[:n]).with_suffix(".py")).exists()
    )
    text = TOP.joinpath(*names[:depth]).with_suffix(".py").read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for name in names[depth:]:
        node = next(
            each
            for each in ast.iter_child_nodes(node)
            if isinstance(each, ast.ClassDef | ast.FunctionDef) and each.name == name
        )
    return {" ".join(line.split()) for line in (ast.get_source_segment(text, node) or "").splitlines()}


@pytest.mark.parametrize("mutant", sorted(ARGUED), ids=str)
def test_an_argument_is_about_the_code_as_it_is(mutant: Mutant) -> None:
    """The lines it says are changed stand in that function, and words say why nobody can notice."""
    assert set(mutant.was) <= source(mutant.where)
    assert mutant.now != mutant.was
    assert len(ARGUED[mutant].split()) > 8


def test_a_diff_of_mutmut_and_a_block_of_the_document_are_one_mutant() -> None:
    """Neither its number, nor indentation, nor the lines around it tell one mutant from another."""
    shown = """# engine.a.xǁBǁ_c__mutmut_7: survived
--- engine/a.py
+++ engine/a.py
@@ -1,3 +1,3 @@
     def _c(self):
-        return f(1,
-            side="left")
+        return f(1, )
"""
    text = """## Survivors

### `engine.a.B._c`

The default.

```diff
- return f(1,
-     side="left")
+ return f(1, )
- x = 1
+ x = 2
```
"""
    same = Mutant("engine.a.B._c", ("return f(1,", 'side="left")'), ("return f(1, )",))
    other = Mutant("engine.a.B._c", ("x = 1",), ("x = 2",))
    assert list(changes(place("engine.a.xǁBǁ_c__mutmut_7"), shown)) == [same]
    assert argued(text) == {same: "The default.", other: "The default."}
