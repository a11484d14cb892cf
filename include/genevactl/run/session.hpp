// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/reporter.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/settings/settings.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::run {

/// May a command start the deployment that it needs?
enum class Start : std::uint8_t { if_needed, never };

/// What the verbs of one command share: the settings, the reporter, and, made when first asked for,
/// the transport and the client of the deployment that the settings name. The references outlive
/// it.
class Session {
public:
    Session(const base::Surroundings& surroundings, settings::Settings settings,
            model::Reporter& reporter);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    const base::Surroundings& surroundings() const { return m_surroundings; }
    const settings::Settings& settings() const { return m_settings; }
    model::Reporter& reporter() { return m_reporter; }
    transport::Transport& transport();

    /// The client of the deployment (docs/deployments.md has the rules). Errors: usage when nothing
    /// names one; a directory without a running deployment gets one, started and said, or with
    /// Start::never is an error (not_found).
    base::Result<ns::Client*> client(Start start = Start::if_needed);
    /// From now on all requests together may take this long, waits and retries included; what is
    /// asked for later is an error (unreachable). Called before anything is sent.
    void limit_time(base::Microseconds time);
    /// The interpreter that has the user's geneva; a note says which if it was not named.
    base::Result<bridge::Interpreter> interpreter();

private:
    const base::Surroundings& m_surroundings;
    settings::Settings m_settings;
    model::Reporter& m_reporter;
    std::optional<base::Microseconds> m_time = {};
    std::unique_ptr<transport::Transport> m_transport;
    std::unique_ptr<ns::Client> m_client;
};

}  // namespace genevactl::run
