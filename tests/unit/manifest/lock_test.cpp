// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/lock.hpp"

#include "genevactl/manifest/pip.hpp"
#include "lock_parts.hpp"
#include "scratch_files.hpp"

using namespace genevactl;
using manifest::LockTarget;
using manifest::poetry_allows;
using manifest::read_lock;
using manifest::testing::contains;
using manifest::testing::ScratchFiles;

namespace {

using Texts = std::vector<std::string>;

const LockTarget k_linux{.python_version = "3.11"};

Texts locked(const std::filesystem::path& file, const LockTarget& target = k_linux) {
    const auto read = read_lock(file, target);
    return read ? read->requirements : Texts{read.error().message};
}

base::Error lock_error_of(const std::filesystem::path& file, const LockTarget& target = k_linux) {
    const auto read = read_lock(file, target);
    REQUIRE_FALSE(read);
    return read.error();
}

/// A uv.lock whose project depends on "one", the package that is given.
std::string uv_lock_of(const std::string& package) {
    return R"toml(version = 1
requires-python = ">=3.9"
[[package]]
name = "demo"
version = "1"
source = { editable = "." }
dependencies = [{ name = "one" }]
[[package]]
name = "one"
)toml" + package;
}

/// As poetry 1.8 writes it (lock-version 2.0), shortened.
constexpr const char* k_poetry_1 = R"toml(
[[package]]
name = "click"
version = "8.1.7"
optional = false
python-versions = ">=3.7"
files = [{file = "click-8.1.7-py3-none-any.whl", hash = "sha256:ae"}]
[package.dependencies]
colorama = {version = "*", markers = "platform_system == \"Windows\""}

[[package]]
name = "colorama"
version = "0.4.6"
optional = false
python-versions = "*"
files = []

[[package]]
name = "numpy"
version = "1.26.4"
optional = false
python-versions = ">=3.9"
files = []

[[package]]
name = "numpy"
version = "2.1.0"
optional = false
python-versions = ">=3.10"
files = []

[[package]]
name = "httpx"
version = "0.27.0"
optional = false
python-versions = ">=3.8"
files = []
[package.dependencies]
h2 = {version = ">=3,<5", optional = true, markers = "extra == \"http2\""}
[package.extras]
http2 = ["h2 (>=3,<5)"]

[[package]]
name = "h2"
version = "4.1.0"
optional = false
python-versions = ">=3.6"
files = []

[[package]]
name = "rich"
version = "13.0.0"
optional = true
python-versions = ">=3.7"
files = []

[[package]]
name = "pytest"
version = "8.0.0"
optional = false
python-versions = ">=3.8"
files = []

[extras]
pretty = ["rich"]

[metadata]
lock-version = "2.0"
python-versions = "^3.9"
content-hash = "x"
)toml";

constexpr const char* k_poetry_project = R"toml(
[tool.poetry]
name = "demo"
[tool.poetry.dependencies]
python = "^3.9"
click = "^8.1"
httpx = {version = "0.27.0", extras = ["http2"]}
numpy = [{version = "^1.26", python = "<3.12"}, {version = "^2.1", python = ">=3.12"}]
rich = {version = "^13", optional = true}
[tool.poetry.extras]
pretty = ["rich"]
[tool.poetry.group.test.dependencies]
pytest = "^8"
)toml";

}  // namespace

TEST_CASE("git and URL sources of uv.lock become direct references", "[manifest][lock]") {
    ScratchFiles files;
    const auto git =
        files.write("git.lock", uv_lock_of("version = \"1\"\nsource = { git = "
                                           "\"https://example.org/one?subdirectory=a%2Fb&rev=v1#"
                                           "0123456789012345678901234567890123456789\" }\n"));
    const auto read = read_lock(git, k_linux);
    REQUIRE(read);
    CHECK(read->requirements ==
          Texts{"one @ git+https://example.org/one@0123456789012345678901234567890123456789"
                "#subdirectory=a/b"});
    REQUIRE(read->remarks.size() == 1);
    CHECK(contains(read->remarks[0].text, "without the hash"));
    const auto url = files.write("url.lock", uv_lock_of("version = \"1\"\nsource = { url = "
                                                        "\"https://example.org/one.zip\" }\n"));
    CHECK(locked(url) == Texts{"one @ https://example.org/one.zip"});
}

TEST_CASE("what only this machine has is named with the way out", "[manifest][lock]") {
    ScratchFiles files;
    for (const auto* source : {"path = \"../one.whl\"", "directory = \"../one\"",
                               "editable = \"../one\"", "registry = \"../wheels\""}) {
        const auto file = files.write(
            "uv.lock", uv_lock_of(std::string("version = \"1\"\nsource = { ") + source + " }\n"));
        const auto error = lock_error_of(file);
        CHECK(error.kind == base::ErrorKind::usage);
        CHECK(contains(error.message, "1 package that only this machine has: one"));
        CHECK(contains(error.hint, "capture"));
    }
}

TEST_CASE("indexes of a lock file become extra indexes, and credentials are refused",
          "[manifest][lock]") {
    ScratchFiles files;
    const auto with = [&](const std::string& url) {
        return files.write("uv.lock", uv_lock_of("version = \"1\"\nsource = { registry = \"" + url +
                                                 "\" }\nsdist = { url = \"u\" }\n"));
    };
    const auto other = read_lock(with("https://example.org/simple/"), k_linux);
    REQUIRE(other);
    CHECK(other->extra_index_urls == Texts{"https://example.org/simple"});
    const auto usual = read_lock(with("https://pypi"
                                      ".org/simple"),
                                 k_linux);
    REQUIRE(usual);
    CHECK(usual->extra_index_urls.empty());
    const auto error = lock_error_of(with("https://me:hunter2@example.org/simple"));
    CHECK(error.kind == base::ErrorKind::refused);
    CHECK_FALSE(contains(error.message + error.hint, "hunter2"));
}

TEST_CASE("wheels have to fit the workers", "[manifest][lock]") {
    ScratchFiles files;
    const auto with = [&](const std::string& wheel, bool sdist) {
        return files.write(
            "uv.lock",
            uv_lock_of(
                "version = \"1\"\nsource = { registry = \"https://e.org/s\" }\n" +
                std::string(sdist ? "sdist = { url = \"https://e.org/one.tar.gz\" }\n" : "") +
                "wheels = [{ url = \"https://e.org/one-1-" + wheel + ".whl\" }]\n"));
    };
    const LockTarget arm{.python_version = "3.11", .platform = "aarch64-unknown-linux-gnu"};
    const LockTarget old{.python_version = "3.11", .platform = "x86_64-manylinux_2_17"};
    for (const auto* wheel : {"py3-none-any", "py2.py3-none-any", "cp311-cp311-linux_x86_64",
                              "cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64",
                              "cp311-none-manylinux_2_28_x86_64", "py311-none-any"}) {
        CHECK(locked(with(wheel, false)) == Texts{"one==1"});
    }
    for (const auto* wheel :
         {"cp310-cp310-manylinux2014_x86_64", "cp312-abi3-manylinux2014_x86_64",
          "cp311-cp311-musllinux_1_1_x86_64", "cp311-cp311-win_amd64", "cp311-cp311t-linux_x86_64",
          "cp311-cp311-macosx_11_0_arm64", "py2-none-any", "py312-none-any"}) {
        const auto error = lock_error_of(with(wheel, false));
        CHECK(contains(error.message,
                       "one 1 has neither a wheel for Python 3.11 on linux nor a source"));
        const auto built = read_lock(with(wheel, true), k_linux);
        REQUIRE(built);
        REQUIRE(built->remarks.size() == 1);
        CHECK(contains(built->remarks[0].text, "build from source: one"));
    }
    CHECK(locked(with("cp311-cp311-manylinux2014_aarch64", false), arm) == Texts{"one==1"});
    CHECK(locked(with("cp311-cp311-manylinux1_x86_64", false), old) == Texts{"one==1"});
    lock_error_of(with("cp311-cp311-manylinux_2_28_x86_64", false), old);
    lock_error_of(with("cp311-cp311-manylinux2014_x86_64", false), arm);
}

TEST_CASE("pylock.toml: markers, extras, groups and every kind of source", "[manifest][lock]") {
    ScratchFiles files;
    const auto file = files.write("pylock.toml", R"toml(lock-version = "1.0"
requires-python = ">=3.10"
extras = ["cli"]
dependency-groups = ["dev", "main"]
default-groups = ["main"]
created-by = "hand"
[[packages]]
name = "a"
version = "1.0"
marker = "'main' in dependency_groups and python_version < '3.12'"
[[packages.wheels]]
name = "a-1.0-py3-none-any.whl"
url = "https://e.org/a-1.0-py3-none-any.whl"
[[packages]]
name = "b"
version = "2.0"
marker = "'cli' in extras"
index = "https://e.org/simple"
[packages.sdist]
name = "b-2.0.tar.gz"
[[packages]]
name = "c"
marker = "'dev' in dependency_groups"
[packages.vcs]
type = "git"
url = "https://e.org/c.git"
commit-id = "0123456789012345678901234567890123456789"
[[packages]]
name = "d"
[packages.archive]
url = "https://e.org/d.zip"
subdirectory = "x"
[[packages]]
name = "demo"
[packages.directory]
path = "."
editable = true
)toml");
    CHECK(locked(file) == Texts{"a==1.0", "d @ https://e.org/d.zip#subdirectory=x"});
    LockTarget more = k_linux;
    more.extras = {"CLI"};
    more.groups = {"dev"};
    CHECK(locked(file, more) ==
          Texts{"a==1.0", "b==2.0",
                "c @ git+https://e.org/c.git@0123456789012345678901234567890123456789",
                "d @ https://e.org/d.zip#subdirectory=x"});
    CHECK(contains(lock_error_of(file, {.python_version = "3.9"}).message,
                   "it is for Python >=3.10"));
    more.groups = {"docs"};
    CHECK(contains(lock_error_of(file, more).message, "the project has no group docs"));
    const auto local = files.write("local.toml",
                                   "lock-version = \"1.0\"\n[[packages]]\nname = \"x\"\n"
                                   "directory = { path = \"libs/x\" }\n");
    CHECK(contains(lock_error_of(local).message, "only this machine has: x"));
}

TEST_CASE("poetry.lock below 2.1 goes with its pyproject.toml", "[manifest][lock]") {
    ScratchFiles files;
    const auto file = files.write("poetry.lock", k_poetry_1);
    CHECK(contains(lock_error_of(file).message, "no pyproject.toml beside it"));
    files.write("pyproject.toml", k_poetry_project);
    CHECK(locked(file) == Texts{"click==8.1.7", "h2==4.1.0", "httpx==0.27.0", "numpy==1.26.4"});
    CHECK(locked(file, {.python_version = "3.12",
                        .platform = "windows",
                        .extras = {"pretty"},
                        .groups = {"test"}}) == Texts{"click==8.1.7", "colorama==0.4.6",
                                                      "h2==4.1.0", "httpx==0.27.0", "numpy==2.1.0",
                                                      "pytest==8.0.0", "rich==13.0.0"});
    CHECK(
        contains(lock_error_of(file, {.python_version = "3.8"}).message, "it is for Python ^3.9"));
    CHECK(
        contains(lock_error_of(file, {.python_version = "3.11", .extras = {"x"}}).hint, "pretty"));
}

TEST_CASE("poetry.lock of poetry 2 says by itself what is installed", "[manifest][lock]") {
    ScratchFiles files;
    const auto file = files.write("poetry.lock", R"toml(
[[package]]
name = "click"
version = "8.1.7"
optional = false
groups = ["main", "dev"]
files = []
[[package]]
name = "colorama"
version = "0.4.6"
optional = false
groups = ["main", "dev"]
markers = {main = "platform_system == \"Windows\"", dev = "sys_platform == \"linux\""}
files = []
[[package]]
name = "rich"
version = "13.0.0"
optional = true
groups = ["main"]
markers = "extra == \"pretty\" and python_version >= \"3.9\""
files = []
[[package]]
name = "tool"
version = "1"
optional = false
groups = ["main"]
files = []
[package.source]
type = "git"
url = "https://e.org/tool.git"
reference = "main"
resolved_reference = "0123456789012345678901234567890123456789"
[extras]
pretty = ["rich (>=13)"]
[metadata]
lock-version = "2.1"
python-versions = ">=3.9,<4.0"
)toml");
    const auto tool = std::string("tool @ git+https://e.org/tool.git@") +
                      "0123456789012345678901234567890123456789";
    CHECK(locked(file) == Texts{"click==8.1.7", tool});
    CHECK(locked(file, {.python_version = "3.11", .extras = {"pretty"}, .groups = {"dev"}}) ==
          Texts{"click==8.1.7", "colorama==0.4.6", "rich==13.0.0", tool});
}

TEST_CASE("constraints of poetry", "[manifest][lock]") {
    CHECK(poetry_allows("*", "1.0"));
    CHECK(poetry_allows("^1.2.3", "1.9"));
    CHECK_FALSE(poetry_allows("^1.2.3", "2.0"));
    CHECK_FALSE(poetry_allows("^1.2.3", "1.2.2"));
    CHECK(poetry_allows("^0.2.3", "0.2.9"));
    CHECK_FALSE(poetry_allows("^0.2.3", "0.3.0"));
    CHECK_FALSE(poetry_allows("^0.0.3", "0.0.4"));
    CHECK(poetry_allows("~1.2", "1.2.9"));
    CHECK_FALSE(poetry_allows("~1.2", "1.3"));
    CHECK(poetry_allows("~1", "1.9"));
    CHECK(poetry_allows("1.2.*", "1.2.5"));
    CHECK(poetry_allows("1.2", "1.2"));
    CHECK_FALSE(poetry_allows("1.2", "1.2.1"));
    CHECK(poetry_allows(">=1.7,<1.8 || >1.8,<2", "1.9"));
    CHECK_FALSE(poetry_allows(">=1.7,<1.8 || >1.8,<2", "1.8"));
    CHECK(poetry_allows(">=1.7 <2", "1.8"));
    CHECK(poetry_allows(">= 1.7, < 2", "1.8"));
}

TEST_CASE("what is no lock file is said", "[manifest][lock]") {
    ScratchFiles files;
    CHECK(contains(lock_error_of(files.write("a.lock", "[tool]\n")).message, "not a lock file"));
    CHECK(contains(lock_error_of(files.write("b.lock", "version = 1\n=\n")).message, "b.lock:2:1"));
    CHECK(contains(lock_error_of(files.write("c.lock", "version = 9\n")).message, "version 9"));
    CHECK(contains(lock_error_of(files.write("d.toml", "lock-version = \"2.0\"\n")).message,
                   "lock-version 2.0"));
    CHECK(contains(lock_error_of(files.write("e.lock", "version = 1\n")).message, "no project"));
    CHECK(lock_error_of(files.text("none.lock")).kind == base::ErrorKind::not_found);
    const auto good = files.write("uv.lock", uv_lock_of("version = \"1\"\nsource = { registry = "
                                                        "\"https://e.org/s\" }\n"));
    CHECK(contains(lock_error_of(good, {.python_version = "2.7"}).message, "2.7"));
    CHECK(contains(lock_error_of(good, {.python_version = "3.11", .platform = "plan9"}).message,
                   "plan9"));
    CHECK(contains(lock_error_of(files.write("f.lock", uv_lock_of("version = \"1\"\n"
                                                                  "[[package]]\nname = \"one\"\n")))
                       .message,
                   "several packages called one"));
}

TEST_CASE("a manifest takes what a lock file has behind its own requirements", "[manifest][lock]") {
    ScratchFiles files;
    manifest::PipOptions options;
    options.name = "m";
    options.requirements = {"extra-one==1"};
    options.lock = files.write("uv.lock", uv_lock_of("version = \"1\"\nsource = { registry = "
                                                     "\"https://e.org/s\" }\n"));
    options.lock_target = k_linux;
    const auto built = manifest::build_pip(options);
    REQUIRE(built);
    CHECK(built->manifest.pip == Texts{"extra-one==1", "one==1"});
    CHECK(built->manifest.pip_extra_index_urls == Texts{"https://e.org/s"});
    CHECK(built->remarks.empty());
}
