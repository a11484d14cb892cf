// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/error.hpp"

#include <set>

#include "genevactl/base/try.hpp"
#include "support/catch.hpp"

using namespace genevactl::base;

TEST_CASE("every kind of error has the exit code that the design names") {
    const std::vector<std::pair<ErrorKind, int>> expected = {
        {ErrorKind::failed, 1},          {ErrorKind::usage, 2},
        {ErrorKind::changes_pending, 3}, {ErrorKind::unauthenticated, 4},
        {ErrorKind::permission, 4},      {ErrorKind::not_found, 5},
        {ErrorKind::conflict, 6},        {ErrorKind::unreachable, 7},
        {ErrorKind::throttled, 7},       {ErrorKind::wait_timed_out, 8},
        {ErrorKind::refused, 9},         {ErrorKind::job_failed, 10},
        {ErrorKind::job_cancelled, 11},  {ErrorKind::contact_lost, 12},
        {ErrorKind::internal, 70},       {ErrorKind::interrupted, 130},
        {ErrorKind::terminated, 143}};
    for (const auto& [kind, code] : expected) {
        CHECK(exit_code_of(kind) == code);
    }
    CHECK(exit_code_table().size() == expected.size());
}

TEST_CASE("the table of exit codes names every kind once and is ordered by code") {
    std::set<ErrorKind> kinds;
    std::set<std::string_view> names;
    int before = 0;
    for (const auto& row : exit_code_table()) {
        CHECK(kinds.insert(row.kind).second);
        CHECK(names.insert(row.name).second);
        CHECK(name_of(row.kind) == row.name);
        CHECK_FALSE(row.meaning.empty());
        CHECK(row.code >= before);
        before = row.code;
    }
}

namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return fail(ErrorKind::usage, "odd", "take an even one");
    }
    return number / 2;
}

Result<int> quarter(int number) {
    GENEVACTL_TRY(const int once, half(number));
    GENEVACTL_TRY(const int twice, half(once));
    return twice;
}

Status check_even(int number) {
    GENEVACTL_CHECK(half(number));
    return {};
}

}  // namespace

TEST_CASE("an error passes through a function that tries") {
    CHECK(quarter(8).value() == 2);
    CHECK(quarter(6).error().message == "odd");
    CHECK(quarter(6).error().hint == "take an even one");
    CHECK(check_even(2).has_value());
    CHECK(check_even(3).error().kind == ErrorKind::usage);
}

TEST_CASE("context is kept innermost first") {
    const auto error = Error{.message = "no"}.while_doing("reading a").while_doing("building b");
    CHECK(error.context == std::vector<std::string>{"reading a", "building b"});
}
