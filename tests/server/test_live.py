"""The server on a real socket."""

import pytest

from tests.desk import PASSWORD
from tests.live import LiveServer


@pytest.mark.feature("F12.1")
def test_a_real_server_signs_in_and_finds(live_server: LiveServer) -> None:
    with live_server.client() as client:
        form = {"grant_type": "password", "username": "viewer", "password": PASSWORD}
        tokens = client.post("/v1/oauth/token", data=form).json()
        me = client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
        assert (me["login"], "customers:write" in me["permissions"]) == ("viewer", False)
        page = client.post("/v1/customers/search", json={"limit": 5})
        assert (len(page.json()["items"]), page.json()["total"] > 5) == (5, True)
        assert page.headers["Content-Encoding"] in ("gzip", "zstd")


def test_before_sign_in_the_server_names_itself_only(live_server: LiveServer) -> None:
    with live_server.client() as client:
        del client.headers["Authorization"]
        service = client.get("/v1/").json()
        assert service["business"] == "Test desk"
        assert "permissions" not in service
        assert client.get("/v1/me").status_code == 401


def test_each_address_names_all_its_methods(live_server: LiveServer) -> None:
    with live_server.client() as client:
        refused = client.put("/v1/labels")
        assert (refused.status_code, refused.headers["Content-Type"]) == (405, "application/problem+json")
        assert {"GET", "POST", "HEAD"} <= set(refused.headers["Allow"].split(", "))
        assert client.head("/v1/labels").status_code == 200
        assert client.get("/v1/nothing").json()["code"] == "not_found"
