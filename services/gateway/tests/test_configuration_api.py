from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.connected


async def test_a_site_is_connected_and_its_project_configured(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/v1/organisations", json={"name": f"Acme {uuid4()}"})
    assert made.status_code == 201, made.text
    base = made.headers["Location"]
    connection = await client.post(
        f"{base}/connections",
        json={
            "site_url": "http://127.0.0.1:8089/",
            "account_email": "bot@example.com",
            "account_id": "bot",
            "api_token": "jira-token",
        },
    )
    assert connection.status_code == 201, connection.text
    body = connection.json()
    assert body["site_url"] == "http://127.0.0.1:8089"
    assert body["webhook_url"] == f"https://hooks.example.com/webhooks/jira/{body['id']}"
    assert len(body["webhook_secret"]) >= 32
    project = await client.post(f"{base}/projects", json={"connection_id": body["id"], "project_key": "SHOP"})
    assert project.status_code == 201, project.text
    listed = (await client.get(f"{base}/projects")).json()
    assert listed == {"items": [project.json()], "next_cursor": None}
