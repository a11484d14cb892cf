# SPDX-License-Identifier: Apache-2.0
"""The committed completion scripts, loaded by the real shells, complete what is typed."""

import os
import pty
import re
import select
import shutil
import subprocess
import time

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
}
PATIENCE = 60  # seconds; a busy machine is no failure

BASH = """
source "$1" && shift
complete -p genevactl >/dev/null || exit
for line; do
    read -ra COMP_WORDS <<<"$line"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _genevactl
    printf '%s\\n' "${COMPREPLY[*]}"
done
"""
FISH = """
source $argv[1]
for line in $argv[2..-1]
    set -l words (complete -C $line | string replace -r '\\t.*' '')
    echo "$words"
end
"""


def findings_of(name, answers):
    """What is wrong with the answers, one for each case."""
    return [Finding(name, 1, f"{typed} [Tab] gives '{answer}' and not '{wanted}'")
            for (typed, wanted), answer in zip(CASES.items(), answers) if answer.strip() != wanted]


def ask(name, command):
    """Runs a shell that prints one line for each case."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or done.stderr or len(lines) != len(CASES):
        said = " ".join((done.stderr or done.stdout).split())
        return [Finding(name, 1, f"the shell complains: {said[:200]}")]
    return findings_of(name, lines)


def check_bash(root):
    """None if there is no bash."""
    script = root / "completions/genevactl.bash"
    if not (shell := shutil.which("bash")):
        return None
    return ask(script.name, [shell, "--norc", "-c", BASH, "bash", str(script), *CASES])


def check_fish(root):
    """None if there is no fish."""
    script = root / "completions/genevactl.fish"
    if not (shell := shutil.which("fish")):
        return None
    return ask(script.name, [shell, "--no-config", "-c", FISH, str(script), *CASES])


class Terminal:
    """A shell on a terminal of its own: zsh completes nowhere else."""

    def __init__(self, command):
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb")
            os.execvp(command[0], command)

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


def zsh_answers(shell, folder):
    """In place of genevactl a function prints the line that the Tab key left."""
    terminal = Terminal([shell, "-f", "-i"])
    try:
        terminal.type(f"PS1= fpath=({folder} $fpath); autoload -Uz compinit && compinit -u -D\n"
                      "genevactl() { print -r -- GOT: ${@[-1]} :END }; print REA''DY\n")
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


def check_zsh(root):
    """None if there is no zsh."""
    if not (shell := shutil.which("zsh")):
        return None
    return findings_of("_genevactl", zsh_answers(shell, root / "completions"))
