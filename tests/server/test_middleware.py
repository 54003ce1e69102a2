"""The layers around every request, on an application of a few routes."""

import asyncio
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import zstandard
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import OperationalError
from starlette.responses import JSONResponse, StreamingResponse

from server.config import ServerSettings
from server.middleware import add_middleware
from server.problems import add_problems

LONG = json.dumps({"items": [{"display_name": f"Anna Kowalska {number}"} for number in range(40)]}).encode()


def layered(**changes: object) -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    add_problems(app)
    add_middleware(app, ServerSettings(**changes))  # type: ignore[arg-type]

    @app.api_route("/long", methods=["GET", "PATCH"])
    async def long(request: Request) -> Response:
        if request.method == "PATCH":
            return JSONResponse({"if_match": request.headers.get("If-Match", "")})
        headers = {"ETag": '"5"', "Cache-Control": "private, no-cache"}
        if request.headers.get("If-None-Match") == '"5"':
            return Response(status_code=304, headers=headers)
        return Response(LONG, headers=headers, media_type="application/json")

    @app.get("/short")
    async def short() -> dict[str, str]:
        return {"name": "Anna"}

    @app.get("/secret")
    async def secret() -> Response:
        return Response(LONG, headers={"Cache-Control": "no-store"}, media_type="application/json")

    @app.get("/picture")
    async def picture() -> Response:
        return Response(LONG, media_type="image/png")

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(50):
                yield f"data: {number}\n\n".encode()

        return StreamingResponse(pieces(), media_type="text/event-stream")

    @app.get("/endless")
    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield b"data: on and on\n\n"
                await asyncio.sleep(0.001)

        return StreamingResponse(pieces(), media_type="text/event-stream")

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/bug")
    async def bug() -> None:
        raise LookupError("a bug")

    @app.get("/gone")
    async def gone() -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))

    @app.get("/driver-gone")
    async def driver_gone() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    return app


def asking(app: FastAPI, address: str = "192.0.2.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 40000))
    return httpx.AsyncClient(
        transport=transport, base_url="http://desk.test", headers={"Accept-Encoding": ""}
    )


@pytest.fixture
def app() -> FastAPI:
    return layered()


class TestCompression:
    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("gzip, deflate, zstd", "zstd"),
            ("gzip", "gzip"),
            ("GZIP;q=0.5", "gzip"),
            ("zstd;q=0, gzip", "gzip"),
            ("*", "zstd"),
            ("*;q=0", None),
            ("br", None),
            ("identity", None),
            ("", None),
            ("zstd;q=nonsense", None),
        ],
    )
    async def test_the_best_coding_that_the_client_reads_is_taken(
        self, app: FastAPI, accepted: str, coding: str | None
    ) -> None:
        async with asking(app) as client:
            answer = await client.get("/long", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding
        assert answer.content == LONG
        assert answer.headers["vary"] == "accept-encoding"
        if coding:
            assert int(answer.headers["content-length"]) < len(LONG) / 5

    async def test_the_compressed_bytes_are_what_any_reader_understands(self, app: FastAPI) -> None:
        def unzstd(body: bytes) -> bytes:
            return zstandard.ZstdDecompressor().decompressobj().decompress(body)

        readers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "zstd": unzstd}
        async with asking(app) as client:
            for coding, decompress in readers.items():
                request = client.build_request("GET", "/long", headers={"Accept-Encoding": coding})
                answer = await client.send(request, stream=True)
                raw = b"".join([piece async for piece in answer.aiter_raw()])
                assert decompress(raw) == LONG

    @pytest.mark.parametrize("path", ["/short", "/secret", "/picture"])
    async def test_short_secret_and_compressed_things_stay_as_they_are(self, app: FastAPI, path: str) -> None:
        async with asking(app) as client:
            answer = await client.get(path, headers={"Accept-Encoding": "gzip, zstd"})
        assert "content-encoding" not in answer.headers

    async def test_each_coding_has_its_own_strong_tag_and_each_tag_gives_a_304(self, app: FastAPI) -> None:
        async with asking(app) as client:
            tags = {}
            for accepted in ("", "gzip", "zstd"):
                headers = {"Accept-Encoding": accepted}
                tag = tags[accepted] = (await client.get("/long", headers=headers)).headers["etag"]
                again = await client.get("/long", headers={**headers, "If-None-Match": tag})
                assert (again.status_code, again.headers["etag"]) == (304, tag)
                patched = await client.patch("/long", headers={"If-Match": tag})
                assert patched.json() == {"if_match": '"5"'}
        assert tags == {"": '"5"', "gzip": '"5-d"', "zstd": '"5-e"'}

    @pytest.mark.parametrize("coding", ["gzip", "zstd"])
    async def test_a_stream_is_compressed_piece_by_piece(self, app: FastAPI, coding: str) -> None:
        async with asking(app) as client:
            answer = await client.get("/stream", headers={"Accept-Encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert "content-length" not in answer.headers
        assert answer.text.endswith("data: 49\n\n")


class TestMethods:
    async def test_head_is_get_without_the_body(self, app: FastAPI) -> None:
        async with asking(app) as client:
            for accepted in ("", "zstd"):
                headers = {"Accept-Encoding": accepted}
                got, head = (
                    await client.get("/long", headers=headers),
                    await client.head("/long", headers=headers),
                )
                assert head.content == b""
                assert head.status_code == got.status_code
                same = {"x-request-id"}
                assert {k: v for k, v in head.headers.items() if k not in same} == {
                    k: v for k, v in got.headers.items() if k not in same
                }

    async def test_head_of_an_endless_stream_ends(self, app: FastAPI) -> None:
        async with asking(app) as client, asyncio.timeout(5):
            assert (await client.head("/endless")).status_code == 200

    async def test_options_and_405_name_every_method(self, app: FastAPI) -> None:
        async with asking(app) as client:
            options, wrong = await client.options("/long"), await client.delete("/long")
        assert (options.status_code, options.content) == (204, b"")
        assert wrong.status_code == 405
        assert wrong.json()["code"] == "method_not_allowed"
        assert options.headers["allow"] == wrong.headers["allow"] == "GET, HEAD, OPTIONS, PATCH"


class TestBodyLimit:
    async def test_a_body_within_the_limit_arrives(self) -> None:
        async with asking(layered(body_limit=2048)) as client:
            assert (await client.post("/echo", content=b"x" * 2048)).json() == 2048

    async def test_an_announced_body_over_the_limit_is_refused_unread(self) -> None:
        async with asking(layered(body_limit=2048)) as client:
            answer = await client.post("/echo", content=b"x" * 2049)
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]

    async def test_a_chunked_body_over_the_limit_is_refused_and_not_read_on(self) -> None:
        sent = 0

        async def pieces() -> AsyncIterator[bytes]:
            nonlocal sent
            for _ in range(10):
                sent += 1
                yield b"x" * 1000

        async with asking(layered(body_limit=2048)) as client:
            answer = await client.post("/echo", content=pieces())
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert sent == 3

    @pytest.mark.parametrize("length", ["-1", "1e3", "+5", "²"])
    async def test_a_length_that_is_no_number_is_refused(self, app: FastAPI, length: str) -> None:
        async with asking(app) as client:
            headers = {b"Content-Length": length.encode("latin-1")}
            answer = await client.post("/echo", content=b"x", headers=headers)
        assert answer.status_code == 413


class TestRateLimit:
    async def test_too_many_requests_at_once_wait(self) -> None:
        async with asking(layered(requests_per_minute=60, request_burst=3)) as client:
            answers = [await client.get("/short") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
        assert answers[-1].headers["retry-after"] == "1"
        assert answers[-1].json()["code"] == "too_many_requests"

    async def test_making_tokens_up_gains_nothing(self) -> None:
        async with asking(layered(requests_per_minute=60, request_burst=3)) as client:
            answers = [await client.get("/short", headers={"Authorization": f"Bearer {n}"}) for n in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2

    async def test_another_address_has_its_own_count(self) -> None:
        app = layered(requests_per_minute=60, request_burst=1)
        async with asking(app) as here, asking(app, "192.0.2.2") as there:
            assert [(await here.get("/short")).status_code for _ in range(2)] == [200, 429]
            assert (await there.get("/short")).status_code == 200

    async def test_zero_means_no_limit(self) -> None:
        async with asking(layered(requests_per_minute=0, request_burst=1)) as client:
            assert {(await client.get("/short")).status_code for _ in range(20)} == {200}


class TestRequests:
    async def test_every_answer_names_its_request(self, app: FastAPI) -> None:
        async with asking(app) as client:
            first, second = await client.get("/short"), await client.get("/nowhere")
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        assert second.json()["request_id"] == second.headers["x-request-id"]

    @pytest.mark.parametrize(
        ("given", "taken"),
        [("0195-abc_d.e", True), ("a" * 64, True), ("a" * 65, False), ("with blank", False), ("<b>", False)],
    )
    async def test_a_sane_id_of_the_client_is_kept(self, app: FastAPI, given: str, taken: bool) -> None:
        async with asking(app) as client:
            answer = await client.get("/short", headers={"X-Request-Id": given})
        assert (answer.headers["x-request-id"] == given) is taken

    async def test_an_answer_carries_few_headers(self, app: FastAPI) -> None:
        async with asking(app) as client:
            answer = await client.get("/long", headers={"Accept-Encoding": "zstd"})
        content = {"content-type", "content-encoding", "content-length"}
        assert set(answer.headers) == content | {"etag", "cache-control", "vary", "x-request-id"}

    async def test_what_is_no_json_is_guarded_from_guessing(self, app: FastAPI) -> None:
        async with asking(app) as client:
            assert (await client.get("/picture")).headers["x-content-type-options"] == "nosniff"


class TestFailures:
    async def test_a_bug_is_a_500_with_an_id_that_leads_to_its_trace(
        self, app: FastAPI, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with asking(app) as client:
            answer = await client.get("/bug")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "a bug" not in answer.text
        (entry,) = [record for record in caplog.records if record.exc_info]
        assert answer.json()["request_id"] in entry.getMessage()

    @pytest.mark.parametrize("path", ["/gone", "/driver-gone"])
    async def test_a_database_that_is_gone_is_a_503(self, app: FastAPI, path: str) -> None:
        async with asking(app) as client:
            answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
