# SPDX-License-Identifier: Apache-2.0
"""The Python side of genevactl: imports a user's transform and says what it is.

genevactl embeds this package and runs it with the user's own interpreter:

    PYTHON DIR/genevactl_bridge/__main__.py --answer FILE < request.json

One JSON request arrives on standard input, one JSON answer is written atomically to FILE (mode
0600). The working directory is the user's. Exit status 0 means that an answer was written, an
error answer included; every other status is a crash. docs/bridge.md has the whole contract.

The modules, in the order in which a request meets them:

    __main__      keeps this folder off sys.path and loads the package under a private name
    isolation     file descriptors, signals, leaving without hanging
    protocol      the request, the answer, the one exception that becomes an error answer
    app           which action calls what
    environment   versions and platform, importing nothing
    target        MODULE:OBJECT -> the object, with sys.path as `python -m` would have it
    tracebacks    an exception as the user should see it
    workspace     which modules are the user's own, and which of them a module reaches
    carrier       workspace modules that are imported inside functions, inside the pickle
    travel        by value or by reference
    describe      the documents of `inspect` and `register`
    view          the document of `view`
    peer          everything that is asked of the installed geneva, and nothing else
"""
