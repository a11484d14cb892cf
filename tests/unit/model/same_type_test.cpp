// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/same_type.hpp"

#include "support/catch.hpp"

using genevactl::model::same_type;

TEST_CASE("a type that the client writes is the one that describe tells") {
    CHECK(same_type("string", "string"));
    CHECK(same_type("timestamp[us]", "timestamp"));
    CHECK(same_type("timestamp[us, tz=UTC]", "timestamp"));
    CHECK(same_type("date32:day", "date32"));
    CHECK(same_type("fixed_size_binary[4]", "fixed_size_binary(4)"));
    CHECK(same_type("list<time32[ms]>", "list<time32>"));
    CHECK(same_type("struct<a: date64:ms, b: int32>", "struct<a: date64, b: int32>"));
    CHECK(same_type("dictionary<values=string, indices=int8, ordered=0>", "string"));
}

TEST_CASE("types that differ are told apart") {
    CHECK_FALSE(same_type("string", "int64"));
    CHECK_FALSE(same_type("timestamp[us]", "date32"));
    CHECK_FALSE(same_type("fixed_size_binary[4]", "fixed_size_binary(8)"));
    CHECK_FALSE(same_type("fixed_size_list<float, 4>", "fixed_size_list<float, 8>"));
    CHECK_FALSE(same_type("struct<a: int32>", "struct<b: int32>"));
    CHECK_FALSE(same_type("struct<a: int32>", "struct<a: int64>"));
    CHECK_FALSE(same_type("list<int32", "list<int32>"));
}
