# SPDX-License-Identifier: Apache-2.0
"""One request, one answer."""

import os
import sys

from . import (
    describe,
    environment,
    identity,
    imports,
    isolation,
    peer,
    protocol,
    target,
    tracebacks,
    travel,
    trial,
    view,
)
from .protocol import Failure
from .workspace import Workspace


def _transform_answer(request, directory):
    wanted = target.parse(request.target)
    peer.require_geneva()
    target.check(wanted, directory)
    peer.import_geneva()
    module = target.load(wanted, directory)
    found = target.resolve(wanted, module, peer.is_transform)
    transform = describe.require_transform(wanted, found)
    if request.action == "view":
        view.check_kind(request, wanted, transform)
        request = view.with_fallback(request, transform)
    manifest = describe.given_manifest(request)
    pinned = describe.pinned_manifest(transform)
    describe.check_conflict(request, pinned)
    workspace = Workspace(directory)
    effective = request.manifest.json if request.manifest else (pinned or {}).get("json")
    how = travel.decide(module.__name__, workspace, effective)
    answer = describe.inspection(wanted, transform, request, how)
    answer.update(
        identity.of(wanted, transform, module.__name__, answer, workspace, directory)
    )
    if request.action in ("register", "pack"):
        answer.update(
            describe.registration(
                wanted, transform, request, how, manifest, workspace, answer["identity"]
            )
        )
    if request.action == "view":
        # After the identity: a partition that is given is the view's, not the transform's.
        view.partition(request, wanted, transform, answer["parameters"])
        answer["view"], how = view.of_transform(
            request, wanted, transform, how, manifest, workspace, answer["identity"]
        )
        answer["pickling"] = how.document()
    if request.action == "run":
        answer["run"] = trial.run(wanted, transform, request)
    return answer


def _view_answer(request, directory):
    view.check(request)
    if request.view.query is None and request.view.kind != "query":
        return _transform_answer(request, directory)
    peer.require_geneva()
    peer.import_geneva()
    made = view.of_query(request) if request.view.query is None else view.of_kept(request)
    return {
        "version": protocol.VERSION, "view": made, "environment": environment.describe()
    }


def _answer(read, directory):
    """The answer document to the request that `read` gives; errors are answers too."""
    try:
        request = read()
        if request.action == "several":
            several = [_answer_one(document, directory) for document in request.requests]
            return {"version": protocol.VERSION, "answers": several}
        if request.action == "environment":
            return {"version": protocol.VERSION, "environment": environment.describe()}
        if request.action == "try":
            return {"version": protocol.VERSION, "imports": imports.try_all(request.distributions)}
        if request.action == "view":
            return _view_answer(request, directory)
        if request.action in ("inspect", "register", "pack", "run"):
            return _transform_answer(request, directory)
        raise Failure("usage", f"unknown action '{request.action}'")
    except Failure as failure:
        return failure.document()
    except BaseException as error:  # noqa: BLE001 (whatever it is must still be an answer)
        message = f"the bridge failed: {tracebacks.headline(error)}"
        return Failure("internal", message, "", tracebacks.whole(error)).document()


def _answer_one(document, directory):
    """The answer to one of several requests: only what changes nothing in this process."""

    def read():
        request = protocol.read_request(document)
        if request.action != "inspect":
            raise Failure("usage", f"'{request.action}' cannot be one of several requests")
        return request

    return _answer(read, directory)


def answer(data, directory):
    """The answer document to the request bytes `data`."""
    return _answer(lambda: protocol.parse_request(data), directory)


def run(arguments):
    """The program: does not return."""
    if len(arguments) != 2 or arguments[0] != "--answer":
        sys.stderr.write("usage: __main__.py --answer FILE < request.json\n")
        sys.exit(2)
    process, path, directory = os.getpid(), os.path.abspath(arguments[1]), os.getcwd()
    data = sys.stdin.buffer.read()
    isolation.redirect()
    isolation.prepare()
    document = answer(data, directory)
    if os.getpid() != process:
        os._exit(1)  # a child that the user's module forked came back: it answers nothing
    protocol.write_answer(path, document)
    isolation.leave(0)
