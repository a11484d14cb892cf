// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/json.hpp"

#include "json_tree.hpp"
#include "scratch_files.hpp"

using namespace genevactl;
using manifest::testing::contains;
using manifest::testing::ScratchFiles;

namespace {

/// What `GenevaManifest.create_pip("n").build()` of geneva 0.17.0 gives.
constexpr const char* k_plain =
    R"({"checksum":"b655cbf0655f32582d7aced540622611e34f0cb110687302fa629846e67de038",)"
    R"("conda":{},"conda_environment_path":null,"env_vars":{},"head_image":null,"name":"n",)"
    R"("pip":[],"pip_extra_index_urls":[],"py_modules":[],"requirements_path":null,)"
    R"("skip_site_packages":true,"version":null,"worker_image":null,"zips":[[]]})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

base::Error refusal_of(std::string_view text, bool verify = false) {
    const auto document = manifest::from_json(text, verify);
    REQUIRE_FALSE(document);
    return document.error();
}

}  // namespace

TEST_CASE("an empty manifest is written as the client writes it") {
    model::Manifest empty;
    empty.name = "n";
    CHECK(manifest::to_json(empty) == k_plain);
    CHECK(manifest::checksum_of(empty) ==
          "b655cbf0655f32582d7aced540622611e34f0cb110687302fa629846e67de038");
}

TEST_CASE("the name does not count for the checksum, the version does") {
    model::Manifest one;
    one.name = "a";
    auto other = one;
    other.name = "b";
    CHECK(manifest::checksum_of(one) == manifest::checksum_of(other));
    other.version = " 1 ";
    CHECK(manifest::checksum_of(other) ==
          "8da16ad5cbc1f767de8e4eff863f85ecd3f616afdcff6ad095fa3b46e298f743");
}

TEST_CASE("strings are escaped as Python's json does it") {
    CHECK(manifest::json_string("a/b\"\\\b\f\n\r\t") == R"("a/b\"\\\b\f\n\r\t")");
    CHECK(manifest::json_string(std::string_view("\0\x1f\x7f", 3)) == R"("\u0000\u001f\u007f")");
    CHECK(manifest::json_string("\u00e9\u2028\U0001F600") == R"("\u00e9\u2028\ud83d\ude00")");
}

TEST_CASE("floats are written as Python's repr does it") {
    CHECK(manifest::python_repr(1.0) == "1.0");
    CHECK(manifest::python_repr(-0.0) == "-0.0");
    CHECK(manifest::python_repr(0.1) == "0.1");
    CHECK(manifest::python_repr(0.0001) == "0.0001");
    CHECK(manifest::python_repr(0.00001) == "1e-05");
    CHECK(manifest::python_repr(123456.789) == "123456.789");
    CHECK(manifest::python_repr(1e15) == "1000000000000000.0");
    CHECK(manifest::python_repr(1e16) == "1e+16");
    CHECK(manifest::python_repr(-1.5e300) == "-1.5e+300");
    CHECK(manifest::python_repr(5e-324) == "5e-324");
}

TEST_CASE("what was written is read back") {
    model::Manifest before;
    before.name = "caf\u00e9";
    before.version = "";
    before.pip = {"a==1", "b @ https://example.org/b.whl"};
    before.py_modules = {"m"};
    before.head_image = "image:1";
    before.skip_site_packages = false;
    before.zips = {{"x.zip", "y.zip"}, {}};
    before.conda = R"({"dependencies":["python=3.11",{"pip":["a"]}]})";
    before.env_vars = {{"B", "2"}, {"A", ""}};
    before.pip_extra_index_urls = {"https://example.org/simple"};
    const auto after = manifest::from_json(manifest::to_json(before));
    REQUIRE(after);
    CHECK(after->json == manifest::to_json(before));
    CHECK(after->manifest.zips == before.zips);
    CHECK(after->manifest.version == "");
    CHECK_FALSE(after->manifest.worker_image);
    CHECK(after->manifest.carries_workspace());
}

TEST_CASE("a reformatted manifest keeps its checksum and its canonical text") {
    const auto document =
        manifest::from_json(replaced(k_plain, "\"conda\":{}", "\n \"conda\" : { } "));
    REQUIRE(document);
    CHECK(document->json == k_plain);
}

TEST_CASE("a changed manifest is a conflict unless the checksum is not asked for") {
    const auto changed = replaced(k_plain, "\"pip\":[]", "\"pip\":[\"a==1\"]");
    const auto error = refusal_of(changed, true);
    CHECK(error.kind == base::ErrorKind::conflict);
    CHECK(contains(error.message,
                   "0d7012d09083dc5ef74cf0443986bc0d000925db50e05c5da26c7bd7292f7a65"));
    const auto document = manifest::from_json(changed, false);
    REQUIRE(document);
    CHECK(document->manifest.checksum ==
          "b655cbf0655f32582d7aced540622611e34f0cb110687302fa629846e67de038");
    CHECK(contains(document->json,
                   "0d7012d09083dc5ef74cf0443986bc0d000925db50e05c5da26c7bd7292f7a65"));
}

TEST_CASE("wrong manifests are refused with their place") {
    CHECK(contains(refusal_of("").message, "manifest:1:1: not JSON: unexpected end of input"));
    CHECK(contains(refusal_of("{\n  \"name\": 'x'}").message, "manifest:2:11: not JSON"));
    CHECK(contains(refusal_of("[]").message,
                   "manifest:1:1: a manifest must be an object, not a list"));
    CHECK(contains(refusal_of(std::string(k_plain) + " x").message, "not JSON"));
    CHECK(contains(refusal_of(replaced(k_plain, "\"pip\":[]", "\"pip\":[1]")).message,
                   "pip[0] must be a string, not a number"));
    CHECK(contains(
        refusal_of(replaced(k_plain, "\"env_vars\":{}", "\"env_vars\":{\"A\":null}")).message,
        "env_vars[\"A\"] must be a string, not null"));
    CHECK(contains(refusal_of(replaced(k_plain, "\"zips\":[[]]", "\"zips\":[\"a\"]")).message,
                   "zips[0] must be a list, not a string"));
    CHECK(contains(refusal_of(replaced(k_plain, "\"pip\":[],", "")).message,
                   "the field pip is missing"));
    CHECK(contains(refusal_of(replaced(k_plain, "\"pip\":[]", "\"pip\":[],\"pip\":[]")).message,
                   "the key \"pip\" is given twice"));
}

TEST_CASE("an unknown field is refused with the one that was meant") {
    const auto error = refusal_of(replaced(k_plain, "\"py_modules\"", "\"py_module\""));
    CHECK(error.kind == base::ErrorKind::usage);
    CHECK(contains(error.message, "a manifest has no field \"py_module\""));
    CHECK(contains(error.hint, "py_modules"));
}

TEST_CASE("a manifest without a checksum is read only when none is asked for") {
    const auto without = replaced(
        k_plain,
        R"("checksum":"b655cbf0655f32582d7aced540622611e34f0cb110687302fa629846e67de038",)", "");
    CHECK(contains(refusal_of(without, true).message, "no checksum"));
    CHECK(manifest::from_json(without, false));
}

TEST_CASE("hostile JSON is an error") {
    CHECK(contains(refusal_of(std::string(100000, '[')).message, "nested deeper than 32"));
    CHECK(contains(refusal_of("{\"name\":\"\xff\"}").message, "not JSON: invalid string"));
    CHECK(contains(refusal_of("{\"name\":\"\\ud800\"}").message, "surrogate"));
    CHECK(contains(refusal_of("{\"conda\":{\"a\":1e999}}").message, "not JSON"));
    CHECK(contains(refusal_of("{\"conda\":{\"a\":NaN}}").message, "not JSON"));
}

TEST_CASE("what had been read is not in the error, for it may be a secret") {
    const auto error = refusal_of("{\"env_vars\":{\"TOKEN\":\"hunter2\\q\"}}");
    CHECK_FALSE(contains(error.message, "hunter2"));
}

TEST_CASE("conda sections keep what Python keeps") {
    const auto text =
        replaced(k_plain, "\"conda\":{}",
                 R"("conda":{"b":[1,2.0,1E22,123456789012345678901234567890,-0],"a":null})");
    const auto document = manifest::from_json(text, false);
    REQUIRE(document);
    CHECK(document->manifest.conda ==
          R"({"a":null,"b":[1,2.0,1e+22,123456789012345678901234567890,0]})");
}

TEST_CASE("a file that is wrong is named") {
    ScratchFiles files;
    const auto error = manifest::read(files.write("m.json", "{"));
    REQUIRE_FALSE(error);
    CHECK(contains(error.error().message, files.text("m.json") + ":1:1: not JSON: unexpected end"));
    CHECK(manifest::read(files.write("good.json", std::string(k_plain) + "\n")));
    CHECK(manifest::read(files.text("none.json")).error().kind == base::ErrorKind::not_found);
}
