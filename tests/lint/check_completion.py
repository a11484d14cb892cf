# SPDX-License-Identifier: Apache-2.0
"""The committed completion scripts, loaded by the real shells, complete what is typed: commands and
options from the script itself, names as the program asks a deployment for them (here a small
server)."""

import contextlib
import http.server
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import threading
import time

from check_generated import program_of
from files import Finding

# What is typed, and the only completion of its last word.
CASES = {
    "genevactl manifest cr": "create",
    "genevactl manifest create p": "pip",
    "genevactl -o json manifest cr": "create",
    "genevactl job list --sta": "--status",
    "genevactl job list --limit 3 --sin": "--since",
    "genevactl backfill docs embedding --det": "--detach",
    "genevactl job list --output jsonl --quie": "--quiet",
    "genevactl completion fi": "fish",
    "genevactl table show do": "docs",
    "genevactl table show team/no": "team/notes",
    "genevactl backfill docs emb": "embedding",
    "genevactl backfill docs embedding len": "length",
    "genevactl --uri db://other table show on": "only_there",
    "genevactl job list --table do": "docs",
    "genevactl table list --profile wo": "work",
    "genevactl config get stale": "stale_after",
}
PATIENCE = 60  # seconds; a busy machine is no failure

LOADS = ["--norc", "--noprofile", "-c", 'source "$0" && complete -p genevactl']
FISH = """
source $argv[1]
for line in $argv[2..-1]
    set -l words (complete -C $line | string replace -r '\\t.*' '')
    echo "$words"
end
"""
# In place of genevactl a function prints the line that the Tab key left; names are still asked of
# the program.
PRINTS = ('genevactl() { if [ "$1" = __complete ]; then command genevactl "$@"; else '
          "printf 'GOT: %s :END\\n' \"${@: -1}\"; fi; }\n")


class Deployment(http.server.BaseHTTPRequestHandler):
    """Lists and describes what the cases name, for whoever has the key."""

    TABLES = {"default": {"%24": ["docs", "$(touch run)", "evil\x1b[2J"], "team": ["notes"]},
              "other": {"%24": ["only_there"]}}
    COLUMNS = ["title", "embedding", "length"]

    def answer(self):
        if self.headers.get("x-api-key") != "key":
            return 401, {"error": "no", "code": 16}
        words = self.path.split("?")[0].split("/")
        tables = self.TABLES.get(self.headers.get("x-lancedb-database"), {})
        if self.path.startswith("/v1/namespace/") and words[4:] == ["table", "list"]:
            return 200, {"tables": tables.get(words[3], [])}
        if self.path.startswith("/v1/namespace/") and words[4:] == ["list"]:
            below = [name for name in tables if name != "%24"] if words[3] == "%24" else []
            return 200, {"namespaces": below}
        if self.path.startswith("/v1/table/docs/describe"):
            fields = [{"name": name, "nullable": True, "type": {"type": "utf8"}}
                      for name in self.COLUMNS]
            return 200, {"version": 1, "schema": {"fields": fields}}
        return 404, {"error": "no", "code": 4}

    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        status, document = self.answer()
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_words):
        pass


@contextlib.contextmanager
def user(root):
    """The environment of a user with a profile, a deployment, and the program on PATH."""
    program = program_of(root)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Deployment)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "bin").mkdir()
        if program is not None:
            (folder / "bin/genevactl").symlink_to(program.resolve())
        (folder / "genevactl").mkdir()
        (folder / "genevactl/config.toml").write_text("[profiles.work]\nuri = 'db://demo'\n")
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("GENEVACTL", "LANCEDB", "XDG"))}
        environment.update(
            PATH=f"{folder / 'bin'}:{os.environ['PATH']}", TERM="dumb", HOME=str(folder),
            XDG_CONFIG_HOME=str(folder), LANCEDB_API_KEY="key",
            LANCEDB_URI=f"http://127.0.0.1:{server.server_address[1]}")
        try:
            yield environment, folder
        finally:
            server.shutdown()
            server.server_close()


def findings_of(name, answers):
    """What is wrong with the answers, one for each case."""
    return [Finding(name, 1, f"{typed} [Tab] gives '{answer}' and not '{wanted}'")
            for (typed, wanted), answer in zip(CASES.items(), answers) if answer.strip() != wanted]


def complaint(name, command, environment, lines=None):
    """What a shell says that should say nothing but so many lines, and those."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                          env=environment)
    printed = done.stdout.splitlines()
    bad = done.returncode != 0 or done.stderr or (lines is not None and len(printed) != lines)
    said = " ".join((done.stderr or done.stdout).split())
    return ([Finding(name, 1, f"the shell complains: {said[:200]}")] if bad else []), printed


def check_fish(root):
    """None if there is no fish."""
    script = root / "completions/genevactl.fish"
    if not (shell := shutil.which("fish")):
        return None
    with user(root) as (environment, _):
        command = [shell, "--no-config", "-c", FISH, str(script), *CASES]
        bad, lines = complaint(script.name, command, environment, len(CASES))
    return bad or findings_of(script.name, lines)


class Terminal:
    """A shell on a terminal of its own: only there a Tab key completes."""

    def __init__(self, command, environment, folder):
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def type(self, text):
        os.write(self.end, text.encode())

    def read_until(self, pattern):
        """The match, or None after PATIENCE or at the shell's end."""
        seen, limit = "", time.monotonic() + PATIENCE
        while (match := re.search(pattern, seen)) is None and time.monotonic() < limit:
            if select.select([self.end], [], [], 0.5)[0]:
                try:
                    seen += os.read(self.end, 65536).decode(errors="replace")
                except OSError:
                    return None
        return match

    def close(self):
        os.close(self.end)  # the shell ends with its terminal
        os.waitpid(self.pid, 0)


def tab_answers(command, prepare, environment, folder):
    """What each case's line ends with after a Tab key."""
    terminal = Terminal(command, environment, folder)
    try:
        terminal.type(prepare + PRINTS + "echo REA''DY\n")
        if terminal.read_until("READY\r?\n") is None:
            return ["no answer"] * len(CASES)
        answers = []
        for typed in CASES:
            terminal.type(f"{typed}\t\n")
            match = terminal.read_until(r"GOT: (\S+) :END")
            answers.append(match.group(1) if match else "no answer")
        return answers
    finally:
        terminal.close()


def check_bash(root):
    """None if there is no bash."""
    script = root / "completions/genevactl.bash"
    if not (shell := shutil.which("bash")):
        return None
    with user(root) as (environment, folder):
        bad, _ = complaint(script.name, [shell, *LOADS, str(script)], environment)
        if bad:
            return bad
        answers = tab_answers([shell, "--norc", "--noprofile", "-i"], f"PS1=; source {script}\n",
                              environment, folder)
        findings = findings_of(script.name, answers)
        # A name is a name, whatever a shell could take it for.
        if (folder / "run").exists():
            findings.append(Finding(script.name, 1, "ran what a table is named"))
        return findings


def check_zsh(root):
    """None if there is no zsh."""
    if not (shell := shutil.which("zsh")):
        return None
    with user(root) as (environment, folder):
        prepare = (f"PS1= fpath=({root / 'completions'} $fpath); "
                   "autoload -Uz compinit && compinit -u -D\n")
        answers = tab_answers([shell, "-f", "-i"], prepare, environment, folder)
    return findings_of("_genevactl", answers)
