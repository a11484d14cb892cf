// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "exchange.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

/// One attempt, as the trace tells it.
struct TraceEntry {
    const Request& request;
    const Attempt& attempt;
    std::string request_id;
    int number = 1;  ///< of the attempt, counted from 1
    base::WallTime started{};
    base::Microseconds took{};
};

/// The entry as one line of JSON without its newline (docs/transport.md lists the fields): URLs
/// without query values, sensitive headers and all secrets redacted, bodies as sizes and outlines.
std::string trace_line(const TraceEntry& entry);

/// The file of --trace-http: one JSON document a line, appended, readable by its owner alone.
class Trace {
public:
    /// Errors: usage (it cannot be opened), refused (it is there and others may read it).
    static base::Result<Trace> open(const std::filesystem::path& path);
    Trace(Trace&& other) noexcept;
    Trace& operator=(Trace&& other) noexcept;
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;
    ~Trace();

    /// Appends one line with one write, so that several programs may share the file.
    base::Status write(const TraceEntry& entry);

private:
    Trace(int descriptor, std::filesystem::path path)
        : m_descriptor(descriptor), m_path(std::move(path)) {}
    int m_descriptor;
    std::filesystem::path m_path;
};

}  // namespace genevactl::transport
