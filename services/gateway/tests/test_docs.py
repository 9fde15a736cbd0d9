"""The page at `/docs` works without a network."""

import re
from urllib.parse import urljoin

import httpx
import pytest

pytestmark = pytest.mark.connected

_LINKS = re.compile(r"""(?:src|href|url|action)\s*[=:]\s*["']([^"']+)["']""")
_KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


async def test_the_page_and_all_it_refers_to_come_from_the_gateway(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "//" not in page.text
    links = [link for link in _LINKS.findall(page.text) if not link.startswith("data:")]
    start = next(link for link in links if link.endswith("start.js"))
    script = (await client.get(urljoin("/docs", start))).text
    assert "//" not in script
    links += _LINKS.findall(script)
    assert len(links) == 4
    for link in links:
        assert not link.startswith("/"), "a prefix of a proxy would be lost"
        answer = await client.get(urljoin("/docs", link))
        assert answer.status_code == 200, link
        assert answer.headers["Content-Type"].startswith(_KINDS[link[link.rindex(".") :]])
    style = (await client.get("/docs/swagger-ui.css")).text
    assert "@import" not in style
    assert set(re.findall(r"url\([\"']?([a-z]+:|//)", style)) <= {"data:"}


async def test_the_page_may_load_nothing_from_elsewhere_and_run_no_inline_script(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/docs")
    policy = dict(entry.strip().split(" ", 1) for entry in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert not re.search(r"[a-z]+://|\*", " ".join(policy.values()))
    assert re.findall(r"<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", page.text) == []


async def test_the_pages_parts_are_those_it_names_and_nothing_else(client: httpx.AsyncClient) -> None:
    for path in ("/docs/redoc.standalone.js", "/docs/../openapi.py", "/docs/nothing"):
        assert (await client.get(path)).status_code == 404
