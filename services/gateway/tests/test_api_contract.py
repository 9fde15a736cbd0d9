"""Generated requests against the real application: what is answered is what the description says."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from casewright_gateway.app import build
from casewright_gateway.settings import GatewaySettings
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from starlette_testclient import TestClient

pytestmark = pytest.mark.connected
