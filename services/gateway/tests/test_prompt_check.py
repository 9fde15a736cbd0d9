"""What a template of somebody else may contain, and what it may not."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_gateway.domain.errors import InvalidFieldError
from casewright_gateway.domain.prompt_check import MOST_CHARACTERS, check_template

GOOD = """
{#- a comment -#}
{% block system %}You write test cases. {{ fence }}{% endblock %}
{% block user %}
{{ fence }} {{ title | trim }} {{ text }}
{% for criterion in criteria %}{{ loop.index }} {{ criterion.id }}: {{ criterion.text }}{% endfor %}
{% for condition in conditions %}{% for value in condition.values %}{{ value.name }} = {{ value.value }}
{% endfor %}{% endfor %}
{% if passages and not gaps %}{{ passages | length }}
{% elif gaps %}{{ "x" if title == "y" else "z" }}{% endif %}
{% endblock %}
{% block repair %}{{ problem }}{% endblock %}
"""


def with_user(text: str) -> str:
    return GOOD.replace("{{ fence }} {{ title | trim }}", text)


def test_an_ordinary_template_passes() -> None:
    check_template(GOOD)


def test_our_own_templates_pass() -> None:
    folder = Path(__file__).parents[2] / "generator/src/casewright_generator/prompts"
    ours = sorted(folder.rglob("*.jinja"))
    assert ours
    for template in ours:
        check_template(template.read_text())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ cycler.__init__.__globals__ }}", "`__globals__` can't be shown"),
        ("{{ title.__class__ }}", "`__class__` can't be shown"),
        ("{{ ''['__class__'] }}", "`getitem`"),
        ("{{ secrets }}", "`secrets` is not given"),
        ("{{ loop }}", "`loop` is not given"),
        ("{{ range(10) }}", "a call"),
        ("{{ title.format(x) }}", "a call"),
        ("{{ title | attr('x') }}", "no filter `attr`"),
        ("{{ title | map('upper') }}", "no filter `map`"),
        ("{% if title is callable %}{% endif %}", "`test`"),
        ("{% import 'x' as x %}", "an import"),
        ("{% from 'x' import y %}", "an import"),
        ("{% include 'x' %}", "an include"),
        ("{% macro m() %}{% endmacro %}", "a macro"),
        ("{% set x = 1 %}", "an assignment"),
        ("{% set x %}y{% endset %}", "an assignment"),
        ("{{ 'a' * 1000000000 }}", "`mul`"),
        ("{{ 9 ** 9 ** 9 }}", "`pow`"),
        ("{{ [1, 2] }}", "`list`"),
        ("{{ {'a': 1} }}", "`dict`"),
        ("{% filter upper %}x{% endfilter %}", "`filterblock`"),
        ("{% with x = 1 %}{% endwith %}", "`with`"),
        ("{% for a in criteria recursive %}{% endfor %}", "recursive"),
        ("{% for a in text %}{% endfor %}", "A loop goes over one of"),
        (
            "{% for a in criteria %}{% for b in data %}{% for c in b %}{% endfor %}{% endfor %}{% endfor %}",
            "2 deep at most",
        ),
        ("{% block system %}{% endblock %}", "each once"),
        ("{% block other %}{% endblock %}", "no other"),
        ("{{ title ", "(line"),
        ("{% endfor %}", "(line"),
        ("{{" + "(" * 5000, ""),
        ("x" * MOST_CHARACTERS, "characters at most"),
    ],
)
def test_what_could_do_harm_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        check_template(with_user(text))
    assert reason in str(refused.value)
    assert refused.value.pointer == "/template"


def test_inheritance_is_refused() -> None:
    with pytest.raises(InvalidFieldError, match="extends"):
        check_template("{% extends 'x' %}" + GOOD)


@pytest.mark.parametrize("block", ["system", "user", "repair"])
def test_each_block_is_needed(block: str) -> None:
    with pytest.raises(InvalidFieldError, match=f"missing: {block}"):
        check_template(GOOD.replace(f"block {block}", "block other"))


@given(st.text(alphabet=st.sampled_from(list("{}%#|.()[]'\"_ abiforend\n~*+-")), max_size=60))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    with suppress(InvalidFieldError):
        check_template(with_user(text))
