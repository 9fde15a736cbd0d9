"""The gateway offers the prompt versions that the generator brings."""

from importlib.resources import files

from casewright_gateway.settings import GatewaySettings

TEMPLATES = {
    path.name.removesuffix(".jinja")
    for path in files("casewright_generator").joinpath("prompts", "cases").iterdir()
    if path.name.endswith(".jinja")
}


def test_the_gateway_offers_the_versions_that_the_generator_brings() -> None:
    assert set(GatewaySettings.model_fields["prompt_versions"].default) == TEMPLATES
