"""Every example does what it says, and the page of examples is what the generator writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.acts import Example, examples, outcome
from tests.spec.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contoh.md"
EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.judul for one in EXAMPLES])
def test_the_example_comes_out_as_it_says(example: Example) -> None:
    assert outcome(example) == example.hasil


def test_each_example_says_something_of_its_own() -> None:
    assert len({one.judul for one in EXAMPLES}) == len(EXAMPLES) >= 20
    assert all(one.hasil and one.mengapa for one in EXAMPLES)


def test_the_page_of_examples_is_what_the_generator_writes() -> None:
    made = {one.judul: one.hasil for one in EXAMPLES}  # the same as what the program makes, says the first test
    assert PAGE.read_text(encoding="utf-8") == page(made), "run: uv run --group dev python scripts/contoh.py"
