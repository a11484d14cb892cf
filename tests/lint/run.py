# SPDX-License-Identifier: Apache-2.0
"""Runs the checks of this folder over the tree, and the tests of the checks themselves.
The last line is `N passed, N failed`; the exit code is 1 if one failed."""

import sys
import unittest

import check_completion
import check_exit_codes
import check_flags
import check_generated
import check_includes
import check_man
import check_python
import check_shell
import check_style
import check_text
import check_unity
from files import ROOT

CHECKS = {
    "includes": check_includes.check,
    "names of a room": check_unity.check,
    "style": check_style.check,
    "clang-format": check_style.check_format,
    "text": check_text.check,
    "shell": check_shell.check,
    "python": check_python.check,
    "exit codes": check_exit_codes.check,
    "flags of the pages": check_flags.check,
    "generated": check_generated.check,
    "completion of bash": check_completion.check_bash,
    "completion of zsh": check_completion.check_zsh,
    "completion of fish": check_completion.check_fish,
    "manual pages by mandoc": check_man.check_mandoc,
    "manual pages by man": check_man.check_man,
}


def run_check(name, check):
    """True, False, or None if the tool it needs is not there."""
    findings = check(ROOT)
    if findings is None:
        print(f"{name}: skipped, its tool (or the version that is asked for) is not installed")
        return None
    for finding in findings:
        print(f"{name}: {finding}")
    print(f"{name}: {'ok' if not findings else 'failed'}")
    return not findings


def main():
    sys.dont_write_bytecode = True
    tests = unittest.defaultTestLoader.loadTestsFromNames(["test_checks", "test_documents"])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(tests)
    broken = len(result.failures) + len(result.errors)
    verdicts = [run_check(name, check) for name, check in CHECKS.items()]
    for finding in check_style.long_ones(ROOT):
        print(f"warning: {finding}")
    passed = result.testsRun - broken + verdicts.count(True)
    failed = broken + verdicts.count(False)
    skipped = verdicts.count(None)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
