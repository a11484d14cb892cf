// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/bridge/environment.hpp"
#include "genevactl/run/session.hpp"

/// The checks of `doctor`. Each answers what it found and never an error: one that fails keeps none
/// of the others from being made.
namespace genevactl::run {

enum class Verdict : std::uint8_t { ok, warn, fail, skip };

struct Finding {
    std::string check = {};
    Verdict verdict = Verdict::ok;
    std::string said = {};
    std::string mend = {};
    base::ErrorKind kind = base::ErrorKind::failed;  ///< of a failure
    Json facts = Json::object();
};

/// A failure in the words of an error.
Finding failure(std::string check, const base::Error& error);

/// A process runner whose programs together end within a time.
class HurriedRunner final : public base::ProcessRunner {
public:
    HurriedRunner(base::ProcessRunner& inner, base::Clock& clock, base::Microseconds time)
        : m_inner(inner), m_clock(clock), m_end(clock.monotonic() + time) {}
    base::Result<base::ProcessResult> run(const base::Command& command) override;
    base::Result<pid_t> spawn_detached(const base::Command& command,
                                       const std::filesystem::path& log) override;

private:
    base::ProcessRunner& m_inner;
    base::Clock& m_clock;
    base::Monotonic m_end;
};

/// The interpreter, what it has, and uv. `surroundings` has the hurried runner.
struct PythonFindings {
    std::vector<Finding> findings;
    std::optional<bridge::Environment> environment = {};
};
PythonFindings check_python(const base::Surroundings& surroundings,
                            const settings::Settings& settings);

/// What the settings say, where from, and whether the key may go there.
Finding check_settings(const settings::Settings& settings);

/// Deployment, connection, key, clock, versions and the upload place.
std::vector<Finding> check_deployment(Session& session,
                                      const std::optional<bridge::Environment>& here, bool write);
/// The upload place and the credentials that come with it.
std::vector<Finding> check_uploads(Session& session, ns::Client& client, bool write);

/// Free space where genevactl writes, and what killed deployments left.
Finding check_disk(const Session& session);
Finding check_leftovers(const Session& session);

}  // namespace genevactl::run
