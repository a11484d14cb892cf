// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/reporter.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "progress.hpp"

namespace genevactl::run {

/// A job while it is watched.
struct WatchedJob {
    std::string id;
    std::optional<model::JobRecord> record = {};  ///< none seen so far
    Pace pace = {};
    /// Since when nothing more is expected of it.
    std::optional<base::Monotonic> left = {};
    std::string why = {};   ///< it left without an end: a sentence
    std::string told = {};  ///< what its last change was, to tell the next from it
};

/// Something that happened to a watched job.
struct JobChange {
    base::WallTime at;  ///< when it was seen
    model::JobProgress progress;
    std::string event = {};  ///< the last one, or why it is watched no longer
};

/// Looks at several jobs again and again; prints nothing.
class Watcher {
public:
    /// No ids: whatever is live in the database, and what is launched later.
    Watcher(Session& session, ns::Client& client, const std::vector<std::string>& ids);

    /// One look, and what changed since the last one.
    base::Result<std::vector<JobChange>> look();
    /// Have all ended, or was none live for a while?
    bool over() const;
    /// Does any go on, as far as it is known?
    bool any_open() const;
    const std::vector<WatchedJob>& jobs() const { return m_jobs; }
    bool any_unknown() const { return m_any_unknown; }
    /// What is to be seen now: those that are live, and those that ended a moment ago.
    std::vector<model::JobProgress> picture();
    /// The end of watching by a signal.
    base::Error interrupted() const;
    base::Clock& clock() const { return *m_session.surroundings().clock; }

private:
    base::Status join_new_ones();
    void add(const std::string& id);
    void take(WatchedJob& job, const model::JobRecord* record, std::vector<JobChange>& changes);
    void leave(WatchedJob& job, std::string why);

    Session& m_session;
    ns::Client& m_client;
    bool m_all;
    base::WallTime m_started_at;
    base::Monotonic m_started;
    base::Monotonic m_last_open;
    std::vector<WatchedJob> m_jobs;
    bool m_any_unknown = false;
    bool m_any_seen = false;
};

}  // namespace genevactl::run
