// SPDX-License-Identifier: Apache-2.0
#include "since.hpp"

#include <fmt/format.h>

namespace genevactl::run {

base::Result<base::WallTime> since_of(const Session& session, const std::string& text) {
    if (const auto age = base::parse_duration(text)) {
        return session.surroundings().clock->now() - *age;
    }
    auto time = base::parse_rfc3339(text);
    if (!time) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("--since {}: neither a time nor an age", text),
                          "write 2026-01-31T12:00:00Z, 2026-01-31, or an age such as 2h or 7d");
    }
    return time;
}

}  // namespace genevactl::run
