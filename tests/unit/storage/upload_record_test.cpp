// SPDX-License-Identifier: Apache-2.0
#include "upload_record.hpp"

#include <filesystem>

#include "genevactl/base/files.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using storage::UploadRecord;

TEST_CASE("a record is kept until the upload is over, for one process at a time") {
    const auto folder = base::TemporaryDirectory::create("genevactl-test-").value();
    const auto uploads = folder.path() / "uploads";
    {
        auto record = UploadRecord::open(uploads, "s3://b/k");
        REQUIRE(record);
        CHECK(record->text().empty());
        REQUIRE(record->write("a longer text"));
        REQUIRE(record->write("upload 7"));
        CHECK_FALSE(UploadRecord::open(uploads, "s3://b/k"));
        CHECK(UploadRecord::open(uploads, "s3://b/other"));
    }
    auto again = UploadRecord::open(uploads, "s3://b/k");
    REQUIRE(again);
    CHECK(again->text() == "upload 7");
    again->remove();
    CHECK(UploadRecord::open(uploads, "s3://b/k")->text().empty());
}

TEST_CASE("without a folder there is no record") {
    CHECK_FALSE(UploadRecord::open({}, "s3://b/k"));
    CHECK_FALSE(UploadRecord::open("/proc/uploads", "s3://b/k"));
}
