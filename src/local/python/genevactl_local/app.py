# SPDX-License-Identifier: Apache-2.0
"""The routes: the namespace API below /v1/, our own below /genevactl/v1/."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from aiohttp import web

from . import API_VERSION, auth, backfill, columns, manifests, operations, tables, views
from .bodies import parse_json, split_id, validate
from .config import Deployment
from .databases import BucketDatabases, Database, Databases
from .errors import ApiError, Code, from_library, unsupported
from .job_queue import JobQueue
from .logs import log
from .ray_session import RaySession

CAPABILITIES = [
    "backfill",
    "cancel",
    "clusters",
    "default-manifest",
    "job-logs",
    "rename",
    "status",
    "views",
]
_MAX_BODY = 1 << 30
_MAX_JSON = 64 << 20


@dataclass
class Server:
    """What the handlers share."""

    databases: Databases | BucketDatabases
    deployment: Deployment
    queue: JobQueue
    ray: RaySession
    facts: dict  # for `capabilities` and `status`: versions, url, pid, root, kind
    external: bool
    idle_timeout: int | None
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "namespace"))
    last_request: float = field(default_factory=time.monotonic)

    async def blocking(self, call, *arguments):
        """Runs `call` in the pool, so that a slow disk holds up nobody else."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, call, *arguments)

    def idle_seconds(self) -> int:
        last = max(self.last_request, self.queue.last_active)
        return int(time.monotonic() - last) if self.queue.idle() else 0


def make_app(server: Server, key: str) -> web.Application:
    """The application; every request goes through the checks of auth.py first."""
    middlewares = [errors_to_json, auth.middleware(key), _activity(server)]
    app = web.Application(middlewares=middlewares, client_max_size=_MAX_BODY)
    for operation in operations.OPERATIONS:
        handler = _read_handler if operation.method == "GET" else _json_handler
        app.router.add_route(operation.method, f"/v1/{operation.path}", handler(server, operation))
    for operation in operations.DATA_OPERATIONS:
        app.router.add_post(f"/v1/{operation.path}", _data_handler(server, operation))
    app.router.add_post("/v1/table/{id}/add_columns", _column_handler(server, columns.add))
    app.router.add_post("/v1/table/{id}/alter_columns", _column_handler(server, columns.alter))
    app.router.add_post("/v1/table/{id}/drop_columns", _drop_columns_handler(server))
    app.router.add_post("/v1/table/{id}/rename", _rename_handler(server))
    app.router.add_post("/v1/table/{id}/backfill_column", _backfill_handler(server))
    app.router.add_post("/v1/materialized_view/{id}/create", _view_handler(server))
    app.router.add_post("/v1/materialized_view/{id}/refresh", _refresh_handler(server))
    for path in operations.UNSUPPORTED:
        app.router.add_route("*", f"/v1/{path}", _refuse)
    _add_own(app, server)
    return app


@web.middleware
async def errors_to_json(request: web.Request, handler):
    """Every failure leaves in the API's own shape; an unexpected one is logged, not shown."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        failure = _http_error(error)
    except ApiError as error:
        failure = error
    except asyncio.CancelledError:
        raise
    except Exception as error:
        failure = from_library(error)
        if failure.code == Code.INTERNAL:
            log(f"{request.method} {request.path}: {type(error).__name__}: {error}")
    return web.json_response(failure.body(request.path), status=failure.status)


def _http_error(error: web.HTTPException) -> ApiError:
    if error.status == 413:
        return ApiError(Code.INVALID_INPUT, "the body is too large", status=413)
    if error.status in (404, 405):
        return ApiError(
            Code.UNSUPPORTED, "this deployment has no such operation", status=error.status
        )
    return ApiError(Code.INVALID_INPUT, error.reason, status=error.status)


def _activity(server: Server):
    @web.middleware
    async def note(request: web.Request, handler):
        server.last_request = time.monotonic()
        try:
            return await handler(request)
        finally:
            server.last_request = time.monotonic()

    return note


# -- the namespace API -----------------------------------------------------------------------------


def _target(request: web.Request) -> list[str]:
    delimiter = request.query.get("delimiter", "$")
    text = request.match_info.get("id")
    return [] if text is None else split_id(text, delimiter)


async def _database(server: Server, request: web.Request, create: bool = False) -> Database:
    name = request.headers.get("x-lancedb-database")
    return await server.blocking(server.databases.get, name, create)


async def _json_body(request: web.Request) -> dict:
    if (request.content_length or 0) > _MAX_JSON:
        raise ApiError(Code.INVALID_INPUT, "the body is too large", status=413)
    data = await request.read()
    if len(data) > _MAX_JSON:
        raise ApiError(Code.INVALID_INPUT, "the body is too large", status=413)
    return parse_json(data)


def _answer(result: tuple[bytes, str]) -> web.Response:
    data, kind = result
    return web.Response(body=data, headers={"Content-Type": kind} if kind else {})


def _json_handler(server: Server, operation: operations.Operation):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        for name in set(request.match_info) - {"id"}:
            body.setdefault(name, request.match_info[name])
        extra = operations.query_body(operation.model, request.query)
        body = {**extra, **body}
        validate(operation.model, body, target)  # before a folder may be made for it
        database = await _database(server, request, operation.creates)
        return _answer(
            await server.blocking(operations.run, operation, database, target, body, None)
        )

    return handle


def _read_handler(server: Server, operation: operations.Operation):
    async def handle(request: web.Request) -> web.Response:
        target = _target(request)
        body = operations.query_body(operation.model, request.query)
        database = await _database(server, request)
        return _answer(
            await server.blocking(operations.run, operation, database, target, body, None)
        )

    return handle


def _data_handler(server: Server, operation: operations.Operation):
    async def handle(request: web.Request) -> web.Response:
        target = _target(request)
        body = operations.query_body(operation.model, request.query)
        data = await request.read()
        database = await _database(server, request, operation.creates)
        return _answer(
            await server.blocking(operations.run, operation, database, target, body, data)
        )

    return handle


def _column_handler(server: Server, work):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        return web.json_response(await server.blocking(work, database, target, body))

    return handle


def _drop_columns_handler(server: Server):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        busy = server.queue.columns_in_use(database.name, target)
        return web.json_response(
            await server.blocking(columns.drop, database, target, body, busy)
        )

    return handle


def _rename_handler(server: Server):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        jobs = server.queue.jobs_of(database.name, target)
        return web.json_response(await server.blocking(tables.rename, database, target, body, jobs))

    return handle


def _backfill_handler(server: Server):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        version = request.headers.get("x-lancedb-min-read-version")
        job = await server.blocking(
            backfill.prepare, database, target, body, version, server.deployment, server.external
        )
        await server.queue.add(job)
        return web.json_response({"job_id": job.job_id}, status=202)

    return handle


def _view_handler(server: Server):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        answer = await server.blocking(views.create, database, target, body)
        if body.get("with_no_data") is False:
            answer["job_id"] = await _refresh(server, database, target, {})
        return web.json_response(answer, status=201)

    return handle


def _refresh_handler(server: Server):
    async def handle(request: web.Request) -> web.Response:
        target, body = _target(request), await _json_body(request)
        database = await _database(server, request)
        job_id = await _refresh(server, database, target, body)
        return web.json_response({"job_id": job_id}, status=202)

    return handle


async def _refresh(server: Server, database: Database, target: list[str], body: dict) -> str:
    job = await server.blocking(
        views.prepare_refresh, database, target, body, server.deployment, server.external
    )
    await server.queue.add(job)
    return job.job_id


async def _refuse(request: web.Request) -> web.Response:
    name = request.path.split("/v1/", 1)[1].split("/")
    raise unsupported(f"{name[0]} {name[-1]} is not supported by the local deployment")


# -- our own API -----------------------------------------------------------------------------------


def _add_own(app: web.Application, server: Server) -> None:
    async def capabilities(_request) -> web.Response:
        keys = ("geneva", "lancedb", "pylance", "pyarrow", "ray", "python", "root", "kind")
        facts = {key: server.facts.get(key) for key in keys}
        in_bucket = isinstance(server.databases, BucketDatabases)
        head = {
            "service": "genevactl-local",
            "api_version": API_VERSION,
            "capabilities": [c for c in CAPABILITIES if c != "rename" or not in_bucket],
        }
        return web.json_response({**head, **facts})

    async def status(_request) -> web.Response:
        keys = ("started_at", "pid", "url", "root", "kind")
        return web.json_response(
            {
                "ray": server.ray.status(),
                "jobs": server.queue.counts(),
                "idle_timeout": server.idle_timeout,
                "idle_seconds": server.idle_seconds(),
                **{key: server.facts.get(key) for key in keys},
                "databases": await server.blocking(server.databases.names),
            }
        )

    async def cancel(request: web.Request) -> web.Response:
        job_id = request.match_info["id"]
        await server.queue.cancel(job_id)
        return web.json_response({"job_id": job_id, "status": "CANCELLED"})

    async def job_logs(request: web.Request) -> web.Response:
        job_id = request.match_info["id"]
        if "parts" not in request.query:
            return web.Response(text=await server.queue.logs(job_id))
        positions = _positions(request.query["parts"])
        return web.json_response(await server.queue.output(job_id, positions))

    async def default_manifest(_request) -> web.Response:
        return web.json_response({"manifest": _default(server.deployment)})

    async def clusters(_request) -> web.Response:
        entries = sorted(server.deployment.clusters.items())
        return web.json_response({"clusters": [{"name": n, "address": a} for n, a in entries]})

    base = "/genevactl/v1"
    app.router.add_get(f"{base}/capabilities", capabilities)
    app.router.add_get(f"{base}/status", status)
    app.router.add_post(f"{base}/job/{{id}}/cancel", cancel)
    app.router.add_get(f"{base}/job/{{id}}/logs", job_logs)
    app.router.add_get(f"{base}/default_manifest", default_manifest)
    app.router.add_get(f"{base}/clusters", clusters)


def _positions(text: str) -> dict[str, int]:
    """Where each source was read to: {"driver": 120}."""
    try:
        positions = json.loads(text or "{}")
    except ValueError:
        positions = None
    if not isinstance(positions, dict) or not all(
        type(value) is int and value >= 0 for value in positions.values()
    ):
        raise ApiError(Code.INVALID_INPUT, "parts must be a JSON object of positions")
    return positions


def _default(deployment: Deployment) -> dict | None:
    manifest = deployment.default_manifest
    if manifest is None:
        return None
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
    digest = manifest.get("checksum") or manifests.checksum(manifest)
    return {"name": manifest.get("name"), "checksum": digest, "json": text}
