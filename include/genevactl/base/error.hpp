// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace genevactl::base {

/// What went wrong, in the terms a script can act on. Each kind has one exit code (exit_code_of).
enum class ErrorKind : std::uint8_t {
    failed,           ///< the request was understood and could not be carried out
    usage,            ///< wrong arguments or configuration; found before any network call
    changes_pending,  ///< not a failure: `--exit-code` found a difference
    unauthenticated,  ///< no key, or one that the deployment does not know
    permission,       ///< the key is known and may not do this
    not_found,        ///< a table, column, view, job, manifest or file that is not there
    conflict,         ///< something else holds or contradicts what was asked
    unreachable,      ///< no connection, or it broke, after all retries
    throttled,        ///< the deployment asked to slow down, after all retries
    wait_timed_out,   ///< waiting ended, the job goes on
    refused,          ///< refused by policy: a secret, an unsafe URL
    job_failed,       ///< the job ended FAILED
    job_cancelled,    ///< the job ended CANCELLED
    contact_lost,     ///< the job's state is unknown
    internal,         ///< a bug in genevactl
    interrupted,      ///< SIGINT
    terminated,       ///< SIGTERM
};

/// One row of the table of exit codes; docs/exit-codes.md prints the same table.
struct ExitCodeRow {
    ErrorKind kind;
    int code;
    std::string_view name;  ///< the `kind` of JSON errors
    std::string_view meaning;
};

/// Every kind once, ordered by exit code.
const std::vector<ExitCodeRow>& exit_code_table();

/// The exit code of a kind, 1..143; 0 is success and has no kind.
int exit_code_of(ErrorKind kind);
/// The stable lower_snake_case name of a kind, as in JSON errors.
std::string_view name_of(ErrorKind kind);

/// A failure as a value. `message` is one sentence without a final period that names what and
/// where; `hint` says what to do; `context` are the steps it happened in, innermost first.
struct Error {
    ErrorKind kind = ErrorKind::failed;
    std::string message;
    std::string hint = {};
    std::vector<std::string> context = {};
    std::string detail = {};  ///< several lines shown below, e.g. a user's traceback
    std::optional<std::string> request_id = {};
    std::optional<int> api_code = {};  ///< 0..23 of the namespace API
    bool retryable = false;
    /// Certainly nothing of the request reached the server: whatever it asked for was not done.
    bool not_sent = false;

    /// The same error with one more step of context: "while reading reqs.txt".
    Error&& while_doing(std::string step) && {
        context.push_back(std::move(step));
        return std::move(*this);
    }
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

/// An unexpected value of the given kind, for `return fail(...)`.
tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {});
inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace genevactl::base
