"""The page at `/`, until there is a real one."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Casewright</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem; }}
code {{ background: #8882; padding: .1em .3em; border-radius: .2em; }}
</style>
<h1>Casewright {version}</h1>
<p>Turns Jira stories into test cases and keeps them current. This is the gateway's REST API.</p>
<ul>
<li><a href="docs">API documentation</a>, to read and to try out</li>
<li><a href="openapi.json">OpenAPI description</a>, to generate a client from</li>
<li><a href="readyz">Is it ready?</a> · <a href="metrics">Metrics</a></li>
</ul>
<p>Requests to <code>/api/v1</code> carry <code>Authorization: Bearer …</code>
with the API token of the settings.</p>
</html>
"""


def build_router(version: str) -> APIRouter:
    """`/`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    async def landing() -> HTMLResponse:
        """Name, version, and where to go on."""
        return HTMLResponse(_PAGE.format(version=version))

    return router
