// SPDX-License-Identifier: Apache-2.0
#include "last_jobs.hpp"

#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::run {

namespace {

std::filesystem::path last_jobs_file(const Session& session) {
    const auto digest = base::sha256_hex(session.surroundings().working_directory.string());
    return session.surroundings().state_home() / "last-jobs" / digest.substr(0, 16);
}

}  // namespace

void remember_jobs(const Session& session, const std::vector<std::string>& ids) {
    const auto file = last_jobs_file(session);
    // Losing this costs a convenience, never a job: an error here must not fail the command.
    if (base::create_private_directory(file.parent_path())) {
        (void)base::write_atomic(file, base::join(ids, "\n") + "\n", 0600);
    }
}

base::Result<std::vector<std::string>> last_jobs(const Session& session) {
    auto text = base::read_file(last_jobs_file(session));
    if (!text) {
        return base::fail(base::ErrorKind::usage,
                          "no job id was given, and no job was started from this directory",
                          "`genevactl job list` shows the ids");
    }
    std::vector<std::string> ids;
    for (const auto& line : base::split(*text, '\n')) {
        if (!line.empty()) {
            ids.push_back(line);
        }
    }
    return ids;
}

}  // namespace genevactl::run
