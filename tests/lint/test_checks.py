# SPDX-License-Identifier: Apache-2.0
"""The checks themselves, on small trees: each must find what is bad and leave what is good."""

import pathlib
import shutil
import tempfile
import unittest

import check_flags
import check_includes
import check_python
import check_shell
import check_style
import check_text
import check_unity

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def findings(check, files):
    """What `check` says of a tree of these files, as 'path:line'."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return [f"{finding.path}:{finding.line}" for finding in check(root) or []]


@unittest.skipUnless(shutil.which("pyflakes3"), "pyflakes3 is not installed")
class Python(unittest.TestCase):
    def test_names_and_imports(self):
        bad = "import os\n\nprint(lance.dataset)\n"
        self.assertEqual(findings(check_python.check, {"a.py": bad}), ["a.py:1", "a.py:3"])
        self.assertEqual(findings(check_python.check, {"a.py": "import os\n\nprint(os.sep)\n"}), [])


class Flags(unittest.TestCase):
    REFERENCE = """## genevactl
| `-q, --quiet` | less |
## genevactl job list
| `--limit N` | the newest |
## genevactl local start
| `--detach` | return |
"""

    def says(self, text):
        return findings(check_flags.check, {"docs/reference.md": self.REFERENCE, "README.md": text})

    def test_flags(self):
        bad = ["README.md:1"]
        self.assertEqual(self.says("`--limt` is the newest"), bad)
        self.assertEqual(self.says("    genevactl job list --detach"), bad)
        self.assertEqual(self.says("say `genevactl local start --limit 3`"), bad)
        self.assertEqual(self.says("```\ngenevactl job list --nope\n```"), ["README.md:2"])
        for good in ["`genevactl job list --limit 3 --quiet`", "`--detach` returns", "a --dash",
                     "`genevactl local --detach …`", "    cmake --preset release",
                     "`genevactl job list --help`", "    other --detach; genevactl job list"]:
            self.assertEqual(self.says(good), [], good)


class Unity(unittest.TestCase):
    def says(self, first, second, folder="src/base"):
        texts = (f"namespace a {{\nnamespace {{\n{text}\n}}\n}}\n" for text in (first, second))
        return findings(check_unity.check, dict(zip((f"{folder}/a.cpp", f"{folder}/b.cpp"), texts)))

    def test_twice(self):
        for text in ["constexpr int k_x = 1;", "const std::string k_x{1};", "using A = int;",
                     "struct A {\n};", "enum class A : int { b };", "int f(int a) {\n}",
                     "template <typename T> T f(const T& a) {\n}", "const int* k_x[] = {nullptr};"]:
            other = text.replace("int", "long", 1) if text.startswith(("using", "const")) else text
            self.assertEqual(self.says(text, other), ["src/base/b.cpp:3"], text)
            self.assertEqual(self.says(text, other, "tests/unit/base"), ["tests/unit/base/b.cpp:3"])
        self.assertEqual(self.says("int f(int a) {\n}", "int f(int b) {\n}"), ["src/base/b.cpp:3"])
        self.assertEqual(self.says("int f(int a) {\n}", "int f(int b, int c = 1) {\n}"),
                         ["src/base/b.cpp:3"])

    def test_hidden(self):
        text = "namespace {\nint f(int a) {\n}\n}\n"
        for header in ("src/base/b.hpp", "include/genevactl/base/b.hpp"):
            files = {"src/base/a.cpp": text, header: "int f(long a);\n"}
            self.assertEqual(findings(check_unity.check, files), ["src/base/a.cpp:2"])
        files = {"src/base/a.cpp": text, "src/model/b.hpp": "int f(long a);\n"}
        self.assertEqual(findings(check_unity.check, files), [])

    def test_once(self):
        for one, other in [("int f(int a) {\n}", "int f(long a) {\n}"), ("using A = int;",) * 2,
                           ("int f(int a);", "int f(int a);"), ("int g() { int b; }", "int b = 1;"),
                           ("// int b;", "int b;"), ('const char* c = "int b;";', "int b;"),
                           ("}\nint b;\nnamespace {", "int b;")]:
            self.assertEqual(self.says(one, other), [], one)
        texts = {f"src/{room}/a.cpp": "namespace {\nint a;\n}\n" for room in ("base", "model")}
        self.assertEqual(findings(check_unity.check, texts), [])


class Includes(unittest.TestCase):
    def bad(self, name, *lines):
        self.assertEqual(findings(check_includes.check, {name: "\n".join(lines)}), [f"{name}:1"])

    def good(self, name, *lines):
        self.assertEqual(findings(check_includes.check, {name: "\n".join(lines)}), [])

    def test_arrows(self):
        self.bad("src/base/a.cpp", '#include "genevactl/model/name.hpp"')
        self.bad("include/genevactl/resolve/a.hpp", '#include "genevactl/transport/http.hpp"')
        self.bad("src/storage/a.cpp", '#include "../run/b.hpp"')
        self.bad("src/storage/a.cpp", '#include "run/b.hpp"')
        self.bad("src/base/a.cpp", '#include "genevactl/misc/b.hpp"')
        self.good("src/base/a.cpp", '#include "genevactl/base/error.hpp"', '#include "own.hpp"')
        self.good("src/run/a.cpp", '#include "genevactl/render/table.hpp"')
        self.good("src/main.cpp", '#include "genevactl/cli/parse.hpp"')

    def test_unknown_room(self):
        self.bad("src/misc/a.cpp", "int x;")

    def test_libraries(self):
        self.bad("src/run/a.cpp", "#include <curl/curl.h>")
        self.bad("src/model/a.cpp", "#include <toml++/toml.h>")
        self.bad("src/run/a.cpp", '#include "nanoarrow/nanoarrow.h"')
        self.bad("src/base/a.cpp", "#include <archive.h>")
        self.good("src/transport/a.cpp", "#include <curl/curl.h>")
        self.good("src/base/a.cpp", "#include <nlohmann/json.hpp>", "#include <sys/stat.h>")

    def test_public_headers(self):
        self.bad("include/genevactl/base/a.hpp", "#include <nlohmann/json.hpp>")
        self.bad("include/genevactl/transport/a.hpp", "#include <curl/curl.h>", "")
        self.good("include/genevactl/base/a.hpp", "#include <tl/expected.hpp>")
        self.good("include/genevactl/base/a.hpp", "#include <string>", "#include <sys/types.h>")

    def test_stdout(self):
        self.bad("src/run/a.cpp", "std::cout << 1;")
        self.bad("src/run/a.cpp", 'fmt::print("{}", 1);')
        self.bad("src/run/a.cpp", 'printf("x");')
        self.bad("src/run/a.cpp", "fwrite(p, 1, n, stdout);")
        self.bad("src/run/a.cpp", "::write(STDOUT_FILENO, p, n);")
        self.good("src/render/a.cpp", "std::cout << 1;")
        self.good("src/run/a.cpp", 'fmt::print(stderr, "x");', "dup2(fd, STDOUT_FILENO);")
        self.good("src/run/a.cpp", "snprintf(b, n, f);", "out.puts(1);", "// std::cout")


class Style(unittest.TestCase):
    def lines(self, name, text):
        return findings(check_style.check, {name: text})

    def test_first_line(self):
        self.assertEqual(self.lines("src/a.cpp", "int x;\n"), ["src/a.cpp:1"])
        self.assertEqual(self.lines("src/a.cpp", SPDX + "int x;\n"), [])
        self.assertEqual(self.lines("tool", "#!/bin/sh\n# nothing\n"), ["tool:1"])
        self.assertEqual(self.lines("notes.txt", "nothing\n"), [])

    def test_width_and_blanks(self):
        self.assertEqual(self.lines("a.cpp", SPDX + "x" * 101 + "\n"), ["a.cpp:2"])
        self.assertEqual(self.lines("a.cpp", SPDX + "x" * 100 + "\n"), [])
        self.assertEqual(self.lines("a.py", SPDX + "x \n\ty\n"), ["a.py:2", "a.py:3"])

    def test_header(self):
        self.assertEqual(self.lines("a.hpp", SPDX + "int x;\n"), ["a.hpp:1"])
        self.assertEqual(self.lines("a.hpp", SPDX + "#pragma once\n"), [])

    def test_long_function(self):
        body = "    x();\n" * 60
        tree = {"a.cpp": f"void f() {{\n{body}}}\nvoid g() {{\n}}\n"}
        self.assertEqual(findings(check_style.long_ones, tree), ["a.cpp:1"])


class Text(unittest.TestCase):
    def lines(self, text):
        return findings(check_text.check, {"a.md": text})

    def test_words(self):
        self.assertEqual(self.lines("see TO" + "DO\n"), ["a.md:1"])
        self.assertEqual(self.lines("ok\n/ho" + "me/ann/x\n"), ["a.md:2"])
        self.assertEqual(self.lines("https://py" + "pi.org/simple\n"), ["a.md:1"])
        self.assertEqual(self.lines("mktemp tmp.XXXXXX, docs/work/a\n"), [])

    def test_links(self):
        self.assertEqual(self.lines("[a](b.md)\n"), ["a.md:1"])
        self.assertEqual(self.lines("[a](#none)\n"), ["a.md:1"])
        self.assertEqual(self.lines("# The `x` one\n[a](#the-x-one) [b](https://x.test)\n"), [])


class Shell(unittest.TestCase):
    def test_options(self):
        bad = findings(check_shell.check, {"run": "#!/bin/bash\ntrue\n"})
        self.assertIn("run:1", bad)

    def test_suites(self):
        script = "all_suites=(lint unit)\n"
        tree = {"scripts/test": script, "tests/more/test_a.py": "", "tests/lint/test_b.py": ""}
        self.assertEqual(findings(check_shell.check_suites, tree), ["scripts/test:1"])
        tree["scripts/test"] = "all_suites=(lint unit more)\n"
        self.assertEqual(findings(check_shell.check_suites, tree), [])
