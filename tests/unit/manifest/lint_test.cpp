// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/lint.hpp"

#include <algorithm>

#include "genevactl/manifest/json.hpp"
#include "scratch_files.hpp"
#include "secrets.hpp"

using namespace genevactl;
using manifest::lint;
using manifest::testing::contains;

namespace {

model::Manifest sound(model::Manifest given = {}) {
    given.name = "m";
    given.checksum = manifest::checksum_of(given);
    return given;
}

/// "error unpinned pip[0]" of each finding.
std::vector<std::string> findings_of(const model::Manifest& given) {
    std::vector<std::string> texts;
    for (const auto& finding : lint(sound(given))) {
        CHECK_FALSE(finding.message.empty());
        CHECK_FALSE(finding.hint.empty());
        texts.push_back(std::string(manifest::name_of(finding.severity)) + " " + finding.rule +
                        " " + finding.where);
    }
    return texts;
}

std::vector<std::string> findings_of_pip(std::vector<std::string> lines) {
    model::Manifest given;
    given.pip = std::move(lines);
    return findings_of(given);
}

using Expected = std::vector<std::string>;

}  // namespace

TEST_CASE("a sound manifest has no findings") {
    CHECK(findings_of_pip({"numpy==2.4.6", "a @ https://example.org/a-1.whl",
                           "git+https://example.org/x@" + std::string(40, 'a'),
                           "b @ git+ssh://git@example.org/b@" + std::string(40, '0') + "#egg=b",
                           "c==1 ; python_version < '3.12'", "c==2 ; python_version >= '3.12'",
                           "--pre", "d==1 --config-settings=x=y",
                           "--extra-index-url https://${TOKEN}@example.org/simple"})
              .empty());
}

TEST_CASE("each requirement is judged by its line") {
    CHECK(findings_of_pip({"numpy"}) == Expected{"warning unpinned pip[0]"});
    CHECK(findings_of_pip({"a==1", "-e ."}) == Expected{"error editable pip[1]"});
    CHECK(findings_of_pip({"--editable=git+https://example.org/x"}) ==
          Expected{"error editable pip[0]"});
    for (const auto* const line :
         {"./wheels/a.whl", "a @ ./a.whl", "a @ file:///a.whl", "file:///a", "a-1.0.tar.gz",
          "-r other.txt", "-cother.txt", "--find-links ./wheels", "~/x"}) {
        CAPTURE(line);
        CHECK(contains(findings_of_pip({line}).back(), "error local-path pip[0]"));
    }
    for (const auto* const line :
         {"git+https://example.org/x", "git+https://example.org/x@main",
          "a @ git+https://example.org/x@v1.2#egg=a", "a @ git+ssh://git@example.org/x",
          "svn+https://example.org/x@x", "git+https://example.org/x@0123abc"}) {
        CAPTURE(line);
        CHECK(findings_of_pip({line}) == Expected{"warning vcs-branch pip[0]"});
    }
    CHECK(findings_of_pip({"numpy=2"}) == Expected{"error syntax pip[0]"});
    CHECK(findings_of_pip({"a==1 --hash=sha256:00"}) == Expected{"error hash pip[0]"});
    CHECK(findings_of_pip({"a @ https://u:p@example.org/a.whl"}) ==
          Expected{"error url-credentials pip[0]"});
    CHECK(findings_of_pip({"--extra-index-url https://u:p@example.org/"}) ==
          Expected{"error url-credentials pip[0]"});
}

TEST_CASE("repetitions and contradictions go by the normal name") {
    CHECK(findings_of_pip({"A.b==1", "a-B==1"}) == Expected{"warning duplicate pip[1]"});
    CHECK(findings_of_pip({"A.b==1", "a_b==2"}) == Expected{"error contradiction pip[1]"});
    CHECK(findings_of_pip({"a>2,<1"}) ==
          Expected{"warning unpinned pip[0]", "error contradiction pip[0]"});
    CHECK(findings_of_pip({"a==1 ; python_version < '3'", "a==2"}) ==
          Expected{"error contradiction pip[1]"});
    CHECK(findings_of_pip({"a @ https://example.org/1.whl", "a @ https://example.org/2.whl"}) ==
          Expected{"error contradiction pip[1]"});
    CHECK(findings_of_pip({"a==1 ; os_name == 'nt'", "a==2 ; os_name == 'posix'"}).empty());
}

TEST_CASE("variables of the engine and secrets are found, and never shown") {
    model::Manifest given;
    given.env_vars = {{"GENEVA_ZIPS", "x"},
                      {"GENEVA_X", "1"},
                      {"RAY_ADDRESS", "x"},
                      {"PYTHONPATH", "/x"},
                      {"HF_TOKEN", "short"},
                      {"EMPTY_KEY", ""},
                      {"X", "ghp_0123456789012345678901234567890123456"},
                      {"URL", "https://user:hunter2@example.org/"}};
    CHECK(findings_of(given) == Expected{"warning engine-env env_vars[\"GENEVA_X\"]",
                                         "error reserved-env env_vars[\"GENEVA_ZIPS\"]",
                                         "warning secret-name env_vars[\"HF_TOKEN\"]",
                                         "warning engine-env env_vars[\"PYTHONPATH\"]",
                                         "warning engine-env env_vars[\"RAY_ADDRESS\"]",
                                         "error secret-env env_vars[\"URL\"]",
                                         "error secret-env env_vars[\"X\"]"});
    for (const auto& finding : lint(sound(given))) {
        CHECK_FALSE(contains(finding.message + finding.hint, "hunter2"));
        CHECK_FALSE(contains(finding.message + finding.hint, "ghp_"));
    }
}

TEST_CASE("images, indexes, files and checksums are looked at") {
    model::Manifest given;
    given.head_image = "registry.example.org:5000/ray";
    given.worker_image = "ray:latest";
    CHECK(findings_of(given) ==
          Expected{"warning image-tag head_image", "warning image-tag worker_image"});
    given.head_image = "ray:2.60.0";
    given.worker_image = "ray@sha256:00";
    CHECK(findings_of(given).empty());

    given.pip_extra_index_urls = {"https://u:p@example.org/simple", "ftp://x",
                                  "https://${A}@example.org/"};
    CHECK(findings_of(given) == Expected{"error url-credentials pip_extra_index_urls[0]",
                                         "error index-url pip_extra_index_urls[1]",
                                         "error index-url pip_extra_index_urls[2]"});
    given.pip_extra_index_urls = {"https://example.org/?token=abc"};
    CHECK(findings_of(given) == Expected{"error url-credentials pip_extra_index_urls[0]"});
    given.pip_extra_index_urls.clear();
    given.requirements_path = "r.txt";
    CHECK(findings_of(given) == Expected{"error local-path requirements_path"});

    given.requirements_path.reset();
    given.checksum = "0";
    CHECK(lint(given).front().rule == "checksum");
    CHECK(lint(given).front().severity == manifest::Severity::error);
    given.checksum.clear();
    CHECK(lint(given).front().severity == manifest::Severity::warning);
}

TEST_CASE("conda environments are judged too") {
    model::Manifest given;
    given.conda = R"({"channels":["https://h/t/abc/x"],)"
                  R"("dependencies":["python",{"pip":["numpy","-e ."]}]})";
    given.pip = {"a==1"};
    CHECK(findings_of(given) == Expected{"error conda-and-pip pip",
                                         "error url-credentials conda.channels[0]",
                                         "warning unpinned conda.dependencies[1].pip[0]",
                                         "error editable conda.dependencies[1].pip[1]",
                                         "warning conda-geneva conda.dependencies"});
    given.pip.clear();
    given.conda = R"({"dependencies":["conda-forge::geneva=0.17"]})";
    CHECK(findings_of(given).empty());
}

TEST_CASE("what looks like a secret") {
    for (const auto* const text :
         {"AKIAABCDEFGHIJKLMNOP", "sk-proj-0123456789abcdefghij", "eyJhbGciOi.eyJzdWIi.x",
          "-----BEGIN RSA PRIVATE KEY-----\nx", "postgres://u:p@h/d", "https://t@h/"}) {
        CAPTURE(text);
        CHECK(manifest::looks_like_secret(text));
    }
    for (const auto* const text : {"", "1", "sk-learn", "cuda:0", "https://h/?q=1", "AKIA",
                                   "git+ssh://git@h/x", "https://${TOKEN}@h/", "eyJ"}) {
        CAPTURE(text);
        CHECK_FALSE(manifest::looks_like_secret(text));
    }
    CHECK(manifest::shown_text("a @ https://u:p@h/x?sig=abc&y=1 ; os_name == 'nt'") ==
          "a @ https://[redacted]@h/x?sig=[redacted]&y=1 ; os_name == 'nt'");
    CHECK(manifest::shown_value("MY_TOKEN", "x") == "[redacted]");
    CHECK(manifest::shown_value("THREADS", "8") == "8");
}
