// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/log.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include "genevactl/base/text.hpp"

namespace genevactl::base {

// A logger of its own, in no registry: there is no global state, and nothing of it is made before
// somebody asks for a log.
struct Log::Lines {
    explicit Lines(std::ostream& out)
        : logger("genevactl", std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true)) {
        logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
            "genevactl: %Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc, "\n"));
        // What cannot be written is no reason for the command to fail, nor for another message.
        logger.set_error_handler([](const std::string&) {});
    }
    spdlog::logger logger;
};

Log::Log(std::ostream& out, Clock& clock) : m_lines(std::make_unique<Lines>(out)), m_clock(clock) {}

Log::~Log() = default;

void Log::say(std::string_view text) {
    auto line = printable(text);
    std::ranges::replace(line, '\n', ' ');
    m_lines->logger.log(m_clock.now(), spdlog::source_loc{}, spdlog::level::info,
                        spdlog::string_view_t(line));
}

}  // namespace genevactl::base
