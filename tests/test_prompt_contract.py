"""What the gateway lets into a prompt template is what the generator takes."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_gateway.domain import prompt_check
from casewright_gateway.domain.errors import InvalidFieldError
from casewright_gateway.settings import GatewaySettings
from casewright_generator.adapters import prompts

TEMPLATES = {
    path.name.removesuffix(".jinja")
    for path in files("casewright_generator").joinpath("prompts", "cases").iterdir()
    if path.name.endswith(".jinja")
}
FRAME = (
    "{% block system %}Write.{% endblock %}{% block user %}PART{% endblock %}"
    "{% block repair %}Again.{% endblock %}"
)
NAMES = sorted(
    prompt_check.GIVEN | prompt_check.ATTRIBUTES | prompt_check.FILTERS | {"range", "self", "__class__", "x"}
)


def accepted_by_gateway(template: str) -> bool:
    try:
        prompt_check.check_template(template)
    except InvalidFieldError:
        return False
    return True


def test_both_know_the_same_names_filters_and_bounds() -> None:
    # The generator's are its own business; that they are the same is this test's.
    assert prompt_check.GIVEN == prompts._GIVEN  # noqa: SLF001  # see above
    assert prompt_check.LISTS == prompts._LISTS  # noqa: SLF001  # see above
    assert prompt_check.ATTRIBUTES == prompts._ATTRIBUTES  # noqa: SLF001  # see above
    assert prompt_check.FILTERS == prompts._FILTERS  # noqa: SLF001  # see above
    assert set(prompt_check._ALLOWED) == set(prompts._ALLOWED)  # noqa: SLF001  # see above
    assert set(prompts.BLOCKS) == prompt_check.BLOCKS
    assert prompt_check.MOST_CHARACTERS == prompts._LONGEST_TEMPLATE  # noqa: SLF001  # see above
    assert prompt_check.MOST_NESTED_LOOPS == prompts._DEEPEST_LOOP  # noqa: SLF001  # see above


def test_the_gateway_offers_the_versions_that_the_generator_brings() -> None:
    assert set(GatewaySettings.model_fields["prompt_versions"].default) == TEMPLATES


@pytest.mark.parametrize(
    "part",
    [
        "{{ title }}",
        "{{ titles }}",
        "{{ title|upper }}",
        "{{ title|pprint }}",
        "{{ criteria|length }}",
        "{% for c in criteria %}{{ c.text }}{% endfor %}",
        "{% for c in title %}{{ c }}{% endfor %}",
        "{% for c in criteria recursive %}{{ c.text }}{% endfor %}",
        "{% for a in examples %}{% for s in a.case.steps %}{{ loop.index }}{% endfor %}{% endfor %}",
        "{% for a in examples %}" * 3 + "x" + "{% endfor %}" * 3,
        "{{ criteria.__class__ }}",
        "{{ criteria[0] }}",
        "{{ title() }}",
        "{{ 1 + 1 }}",
        "{{ 'a' ~ 'b' }}",
        "{% set x = 1 %}",
        "{% include 'v1' %}",
        "{% macro m() %}{% endmacro %}",
        "{% if gaps %}{{ problem }}{% else %}{{ text }}{% endif %}",
        "{{ title if gaps and not problem or text == 'x' else fence }}",
        "{% if %}",
        "{{ title",
        "x" * 40_000,
    ],
)
def test_both_judge_a_template_alike(part: str) -> None:
    template = FRAME.replace("PART", part)
    assert accepted_by_gateway(template) == (prompts.template_problems(template) == ())


@given(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(
        [
            "{{ A }}",
            "{{ A.B }}",
            "{{ A|C }}",
            "{% for i in A %}{{ i.B|C }}{% endfor %}",
            "{% for i in A.B %}{{ C }}{% endfor %}",
            "{% if A.B == C %}{{ A|B }}{% endif %}",
        ]
    ),
)
def test_both_judge_any_names_alike(first: str, second: str, third: str, form: str) -> None:
    part = form.replace("A", first).replace("B", second).replace("C", third)
    template = FRAME.replace("PART", part)
    assert accepted_by_gateway(template) == (prompts.template_problems(template) == ())
