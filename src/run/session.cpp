// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/session.hpp"

#include <fmt/format.h>

#include "deployment.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/try.hpp"
#include "limited_transport.hpp"

namespace genevactl::run {

Session::Session(const base::Surroundings& surroundings, settings::Settings settings,
                 model::Reporter& reporter)
    : m_surroundings(surroundings), m_settings(std::move(settings)), m_reporter(reporter) {}

Session::~Session() = default;

transport::Transport& Session::transport() {
    if (!m_transport) {
        transport::TransportOptions options{
            .ca_bundle = m_settings.ca_bundle.value,
            .connect_timeout = m_settings.connect_timeout.value,
            .deadline = m_settings.request_timeout.value,
            .user_agent = fmt::format("genevactl/{}", base::version()),
            .trace = m_settings.trace_http.value,
            .log = m_surroundings.log,
        };
        m_transport = transport::make_transport(std::move(options), *m_surroundings.clock,
                                                *m_surroundings.interrupt);
        if (m_time) {
            m_transport = limited(std::move(m_transport), *m_surroundings.clock, *m_time,
                                  m_settings.request_timeout.value);
        }
    }
    return *m_transport;
}

void Session::limit_time(base::Microseconds time) {
    m_time = time;
}

base::Result<ns::Client*> Session::client(Start start) {
    if (!m_client) {
        GENEVACTL_TRY(auto connection, connect(*this, start));
        if (auto* log = m_surroundings.log) {
            log->say(fmt::format("deployment: database {} at {}", connection.database,
                                 base::redact_url(connection.base_url)));
        }
        m_client =
            std::make_unique<ns::Client>(transport(), std::move(connection), m_surroundings.clock);
    }
    return m_client.get();
}

base::Result<bridge::Interpreter> Session::interpreter() {
    GENEVACTL_TRY(auto found,
                  bridge::find_interpreter_with_geneva(m_surroundings, m_settings.python.value,
                                                       m_settings.python.origin.place));
    if (auto* log = m_surroundings.log) {
        log->say(fmt::format("python: {} ({})", found.executable.string(), found.origin));
    }
    return found;
}

}  // namespace genevactl::run
