"""Where the data lies that the evaluation reads in place."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from casewright_common.settings import ENV_PREFIX

SHARED = Path(__file__).parents[5] / "shared" / "data"
"""Beside the checkout."""


class EvaluationSettings(BaseSettings):
    """Read from `CASEWRIGHT_REQUIREMENTS` and `CASEWRIGHT_ISSUES`.

    Attributes:
        requirements: The text file with FullTeaching's requirements.
        issues: The folder with CSV files of real issues.
    """

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    requirements: Path = SHARED / "requirements" / "fullteaching.txt"
    issues: Path = SHARED / "issues"
