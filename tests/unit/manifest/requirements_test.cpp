// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/requirement.hpp"
#include "scratch_files.hpp"
#include "text_file.hpp"

using namespace genevactl;
using manifest::testing::contains;
using manifest::testing::ScratchFiles;
using Texts = std::vector<std::string>;

namespace {

std::string numbered(std::string_view text) {
    std::string result;
    for (const auto& line : manifest::logical_lines(text)) {
        result += std::to_string(line.number) + "<" + line.text + ">";
    }
    return result;
}

manifest::InlinedRequirements inlined(ScratchFiles& files, std::string_view content) {
    auto result = manifest::read_requirements(files.write("r.txt", content));
    CAPTURE(result ? "" : result.error().message);
    REQUIRE(result);
    return std::move(*result);
}

base::Error error_of(ScratchFiles& files, std::string_view content) {
    const auto result = manifest::read_requirements(files.write("r.txt", content));
    REQUIRE_FALSE(result);
    return result.error();
}

}  // namespace

TEST_CASE("lines are joined, cut and numbered as pip does it") {
    CHECK(numbered("a\r\nb\rc\fd\u2028e") == "1<a>2<b>3<c>4<d>5<e>");
    CHECK(numbered("  a  # c\n\n#x\n b#c\n") == "1<a>4<b#c>");
    CHECK(numbered("a \\\n  b \\\n c\nd") == "1<a   b  c>4<d>");
    CHECK(numbered("a \\\n# between\n--hash=x") == "1<a>3<--hash=x>");
    CHECK(numbered("a \\\n  # between \\\nb") == "1<a>3<b>");
    CHECK(numbered("a\\\\\nb\\") == "1<ab>");
    CHECK(numbered("a \\ \nb") == "1<a \\>2<b>");
}

TEST_CASE("a file's encoding is told by a mark, a comment, or is UTF-8") {
    const auto decoded = [](std::string_view bytes) {
        return manifest::decode_text(bytes, "r.txt").value();
    };
    CHECK(decoded("\xEF\xBB\xBF\u00e9") == "\u00e9");
    CHECK(decoded(std::string_view("\xFF\xFE\xE9\0", 4)) == "\u00e9");
    CHECK(decoded(std::string_view("\xFE\xFF\0\xE9", 4)) == "\u00e9");
    CHECK(decoded(std::string_view("\xFF\xFE\0\0\xE9\0\0\0", 8)) == "\u00e9");
    CHECK(decoded("# -*- coding: latin-1 -*-\n\xE9") == "# -*- coding: latin-1 -*-\n\u00e9");
    CHECK(decoded("\n#coding=cp1252\n\x80") == "\n#coding=cp1252\n\u20ac");
    CHECK(decoded("\n\n# coding: latin-1\n\u00e9") == "\n\n# coding: latin-1\n\u00e9");
}

TEST_CASE("bytes that are not in the encoding are told with their line") {
    const auto error = manifest::decode_text("a\nb\n\xE9", "r.txt").error();
    CHECK(error.message == "r.txt:3: a byte (0xe9) that is not UTF-8");
    CHECK(contains(manifest::decode_text("# coding:-\n", "r.txt").error().message, "not known"));
    CHECK(
        contains(manifest::decode_text("# coding: klingon\n", "r.txt").error().message, "klingon"));
}

TEST_CASE("nested files are read where they stand") {
    ScratchFiles files;
    files.write("b.txt", "b==2\n-r c.txt\n");
    files.write("c.txt", "c==3");
    CHECK(inlined(files, "a==1\n-rb.txt\nd==4\n--requirement=c.txt").requirements ==
          Texts{"a==1", "b==2", "c==3", "d==4", "c==3"});
}

TEST_CASE("hashes are left out and a remark says why") {
    ScratchFiles files;
    const auto result = inlined(files,
                                "a==1 \\\n  --hash=sha256:0 \\\n  --hash=sha256:1\n    # via b\n"
                                "b==2 ; os_name == 'x' --hash sha256:2\nc==3\n");
    CHECK(result.requirements == Texts{"a==1", "b==2 ; os_name == 'x'", "c==3"});
    REQUIRE(result.remarks.size() == 1);
    CHECK(contains(result.remarks[0].text, "hashes are left out (2 lines)"));
}

TEST_CASE("options that the workers' pip reads stay in the list") {
    ScratchFiles files;
    const auto result = inlined(files,
                                "--pre\n--no-binary=:all:\n-f 'https://example.org/a;b'\n"
                                "--extra-index-url https://example.org/simple\n"
                                "a==1 --config-settings=\"x=y z\"");
    CHECK(result.requirements ==
          Texts{"--pre", "--no-binary :all:", "--find-links 'https://example.org/a;b'",
                "a==1 --config-settings='x=y z'"});
}

TEST_CASE("indexes become fields of the manifest, unless their password is a variable") {
    ScratchFiles files;
    const auto result = inlined(files,
                                "--extra-index-url https://example.org/simple\n"
                                "--extra-index-url=https://u:${TOKEN}@example.org/simple\n");
    CHECK(result.extra_index_urls == Texts{"https://example.org/simple"});
    CHECK(result.requirements == Texts{"--extra-index-url https://u:${TOKEN}@example.org/simple"});
    REQUIRE(result.remarks.size() == 1);
    CHECK(contains(result.remarks[0].text, "${TOKEN} stays as it is"));
}

TEST_CASE("a password in a URL is remarked on and not shown") {
    ScratchFiles files;
    const auto result = inlined(
        files, "a @ https://u:hunter2@example.org/a.whl\nb @ git+ssh://git@example.org/b\n");
    REQUIRE(result.remarks.size() == 1);
    CHECK(contains(result.remarks[0].text, "r.txt:1: the URL holds"));
    CHECK_FALSE(contains(result.remarks[0].text, "hunter2"));
    const auto error = error_of(files, "a @ https://u:hunter2@example.org/a.whl x");
    CHECK_FALSE(contains(error.message + error.detail, "hunter2"));
}

TEST_CASE("a typo is marked in its line") {
    ScratchFiles files;
    const auto error = error_of(files, "a==1\nnumpy=2.1\n");
    CHECK(error.kind == base::ErrorKind::usage);
    CHECK(error.message == files.text("r.txt") +
                               ":2: not a requirement at column 6: expected one of ==, !=, ~=, <=, "
                               ">=, <, >, ===");
    CHECK(error.detail == "numpy=2.1\n     ^");
}

TEST_CASE("what only this machine has is refused with its line") {
    ScratchFiles files;
    for (const auto* const line : {"-e .",
                                   "--editable git+https://example.org/a#egg=a",
                                   "./a",
                                   "../a.whl",
                                   "/a/b",
                                   "~/a",
                                   "a-1-py3-none-any.whl",
                                   "a.tar.gz ; os_name == 'x'",
                                   "file:///a.whl",
                                   "a @ file:///a.whl",
                                   "a @ ./a.whl",
                                   "git+file:///a",
                                   "C:\\a",
                                   "wheels/a",
                                   "-f ./wheels",
                                   "-r https://example.org/r.txt",
                                   "-r file:///r.txt",
                                   "-r ${HERE}/r.txt",
                                   "-i https://example.org/simple",
                                   "--no-index",
                                   "--use-feature=x",
                                   "a==${VERSION}",
                                   "--nonsense",
                                   "a==1 --nonsense",
                                   "-r a.txt -r b.txt",
                                   "--pre=1",
                                   "a==1 --hash=md5:0",
                                   "a==1 --hash=sha256",
                                   "a==1 -C x",
                                   "-r",
                                   "-r 'x",
                                   "--pre x",
                                   "--extra-index-url example.org/simple"}) {
        CAPTURE(line);
        const auto error = error_of(files, std::string("b==1\n") + line);
        CHECK(error.kind == base::ErrorKind::usage);
        CHECK(contains(error.message, "r.txt:2: "));
    }
}

TEST_CASE("the usual index may be named") {
    ScratchFiles files;
    CHECK(inlined(files,
                  "-i https://pypi"
                  ".org/simple/\na==1")
              .requirements == Texts{"a==1"});
}

TEST_CASE("files that include each other are told") {
    ScratchFiles files;
    files.write("b.txt", "-r ./r.txt");
    const auto error = error_of(files, "-r b.txt");
    CHECK(contains(error.message, "r.txt includes itself"));
    CHECK(error.context.size() == 2);
    CHECK(error_of(files, "-r none.txt").kind == base::ErrorKind::not_found);
}

TEST_CASE("doubling includes end") {
    ScratchFiles files;
    for (int i = 0; i < 20; ++i) {
        const auto next = "-r " + std::to_string(i + 1) + ".txt\n";
        files.write(std::to_string(i) + ".txt", next + next);
    }
    files.write("20.txt", "");
    CHECK(contains(error_of(files, "-r 0.txt").message, "more than 1000 files"));
}

TEST_CASE("constraints join the requirements that they name") {
    ScratchFiles files;
    files.write("c.txt",
                "A.B==1.2\nother==3\nx<2 ; os_name == 'nt'\ny @ https://example.org/y.whl\n");
    const auto result =
        inlined(files, "-c c.txt\na-b[e]\nx>=1 ; python_version < '4'\ny>=1\na-b==1.2");
    CHECK(result.requirements == Texts{"a-b[e]==1.2", "x>=1 ; python_version < '4'", "y>=1",
                                       "a-b==1.2",
                                       "x<2 ; (python_version < '4') and (os_name == 'nt')",
                                       "y @ https://example.org/y.whl"});
    REQUIRE(result.remarks.size() == 1);
    CHECK(contains(result.remarks[0].text, "other"));
}

TEST_CASE("a constraint needs a name and has no extras") {
    ScratchFiles files;
    files.write("c.txt", "a[x]==1");
    CHECK(contains(error_of(files, "-c c.txt").message, "c.txt:1: a constraint needs a name"));
}

TEST_CASE("what pip ignores is remarked on") {
    ScratchFiles files;
    CHECK(contains(inlined(files, "--hash=sha256:0").remarks.at(0).text, "without a requirement"));
    CHECK(contains(inlined(files, "a==1 --pre").remarks.at(0).text, "--pre after it"));
}
