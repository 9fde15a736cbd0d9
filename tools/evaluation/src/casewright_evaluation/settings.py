"""Where the data lies that the evaluation reads in place, and the key of a model that is measured."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from casewright_common.settings import ENV_PREFIX, NESTED_DELIMITER
from casewright_generator.settings import ModelSettings

SHARED = Path(__file__).parents[5] / "shared" / "data"
"""Beside the checkout."""
KEY_VARIABLE = f"{ENV_PREFIX}EVALUATION_KEY"


class EvaluationSettings(BaseSettings):
    """Read from `CASEWRIGHT_REQUIREMENTS`, `CASEWRIGHT_ISSUES`, `CASEWRIGHT_EVALUATION_KEY`.

    Attributes:
        requirements: The text file with FullTeaching's requirements.
        issues: The folder with CSV files of real issues.
        evaluation_key: The provider's key of the model that is measured.
        model: The generator's bounds of asking models, from the generator's variables; its `model` is not
            asked by itself.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=NESTED_DELIMITER, frozen=True, extra="ignore"
    )

    requirements: Path = SHARED / "requirements" / "fullteaching.txt"
    issues: Path = SHARED / "issues"
    evaluation_key: SecretStr | None = None
    model: ModelSettings = ModelSettings()
