# SPDX-License-Identifier: Apache-2.0
"""The checks of the pages that follow the program, on small trees and with stand-in programs."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import check_completion
import check_exit_codes
import check_generated
import check_man

TABLE = '{ErrorKind::failed, 1, "failed", "it went wrong"},\n{ErrorKind::usage, 2, "usage",\n "a"}'


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        environment = mock.patch.dict(os.environ)
        environment.start()
        self.addCleanup(environment.stop)
        os.environ.pop("GENEVACTL", None)

    def write(self, name, text, mode=0o644):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def texts(self, check):
        return [str(finding) for finding in check(self.root)]


class ExitCodes(Tree):
    def check(self, page):
        self.write("src/base/error.cpp", TABLE)
        self.write("docs/exit-codes.md", page)
        return self.texts(check_exit_codes.check)

    def test_equal(self):
        self.assertEqual(self.check("| 1 | failed | it went wrong |\n| 2 | usage | a |\n"), [])

    def test_different(self):
        self.assertEqual(len(self.check("| 1 | failed | it went wrong |\n")), 1)
        self.assertEqual(len(self.check("| 1 | failed | wrong |\n| 2 | usage | a |\n")), 2)
        self.assertEqual(len(self.check("| 2 | usage | a |\n| 1 | failed | it went wrong |\n")), 1)

    def test_an_unreadable_source(self):
        self.write("src/base/error.cpp", "int x;")
        self.assertEqual(len(self.texts(check_exit_codes.check)), 1)


class Generated(Tree):
    ALL = len(check_generated.GENERATED) + 2

    def program(self, preset, word):
        """Prints what it is asked, and writes two manual pages."""
        self.write(f"build/{preset}/genevactl", "#!/bin/sh\nif [ $1 = man ]; then "
                   f"for page in a b; do echo {word} > $3/$page.1; done; "
                   f"else echo {word} $*; fi\n", 0o755)

    def commit(self, word):
        for name, arguments in check_generated.GENERATED.items():
            self.write(name, f"{word} {' '.join(arguments)}\n")
        for page in ("a", "b"):
            self.write(f"man/{page}.1", f"{word}\n")

    def test_no_program(self):
        self.commit("new")
        self.assertIn("build it", self.texts(check_generated.check)[0])

    def test_equal_and_different(self):
        self.program("dev", "new")
        self.commit("new")
        self.assertEqual(self.texts(check_generated.check), [])
        self.commit("old")
        self.assertEqual(len(self.texts(check_generated.check)), self.ALL)

    def test_pages_of_no_command_and_missing_ones(self):
        self.program("dev", "new")
        self.commit("new")
        (self.root / "man/b.1").rename(self.root / "man/c.1")
        found = self.texts(check_generated.check)
        self.assertIn("man/c.1:1: is of no command", found[0])
        self.assertIn("man/b.1:1: is not there", found[1])
        self.assertEqual(len(found), 2)

    def test_the_newest_program_is_asked(self):
        self.program("release", "old")
        self.program("dev", "new")
        os.utime(self.root / "build/release/genevactl", (1, 1))
        self.commit("new")
        self.assertEqual(self.texts(check_generated.check), [])
        os.environ["GENEVACTL"] = str(self.root / "build/release/genevactl")
        self.assertEqual(len(self.texts(check_generated.check)), self.ALL)


class Pages(Tree):
    def test_a_page_that_is_none(self):
        self.write("man/a.1", ".TH A 1\n.XY\n.SH NAME\n")
        for check in (check_man.check_mandoc, check_man.check_man):
            found = check(self.root)
            if found is not None:
                self.assertGreater(len(found), 0)


class Completion(Tree):
    def test_scripts_that_complete_nothing(self):
        self.write("completions/genevactl.bash",
                   "_genevactl() { COMPREPLY=(); }; complete -F _genevactl genevactl\n")
        self.write("completions/genevactl.fish", "# nothing\n")
        for check in (check_completion.check_bash, check_completion.check_fish):
            found = check(self.root)
            if found is not None:
                self.assertEqual(len(found), len(check_completion.CASES))

    def test_a_script_that_does_not_load(self):
        self.write("completions/genevactl.bash", "_genevactl() {\n")
        self.assertEqual(len(self.texts(check_completion.check_bash)), 1)
