"""`/docs`: Swagger UI over our description, all of it served from here."""

from importlib.resources import files

import fastapi_offline
from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.responses import Response

PATH = "/docs"
# No source but ourselves and no inline script; Swagger UI sets `style` attributes, and its icons are data.
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_CACHED = {"Cache-Control": "public, max-age=3600"}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Casewright: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""


def build_router() -> APIRouter:
    """The page and what it loads; addresses are relative, so that a prefix of a proxy does no harm."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH, response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        """The page itself."""
        return HTMLResponse(_PAGE)

    @router.get(f"{PATH}/start.js")
    async def start() -> Response:
        """What opens our description."""
        return Response(_START, media_type="text/javascript", headers=_CACHED)

    _serve(router, "swagger-ui-bundle.js", "text/javascript")
    _serve(router, "swagger-ui.css", "text/css")
    return router


def _serve(router: APIRouter, name: str, media_type: str) -> None:
    file = files(fastapi_offline) / "static" / name

    @router.get(f"{PATH}/{name}")
    def asset() -> Response:
        return Response(file.read_bytes(), media_type=media_type, headers=_CACHED)
