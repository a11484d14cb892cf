// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include <unistd.h>

#include <fmt/format.h>

#include "archive_places.hpp"
#include "doctor.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/local/leftovers.hpp"
#include "genevactl/storage/open.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_little = std::uintmax_t{1} << 30U;        // bytes
constexpr std::uintmax_t k_too_little = std::uintmax_t{100} << 20U;  // bytes

/// The folder itself, or the nearest one above it that there is.
fs::path existing(fs::path folder) {
    std::error_code error;
    while (!fs::exists(folder, error) && folder.has_parent_path() &&
           folder != folder.parent_path()) {
        folder = folder.parent_path();
    }
    return folder;
}

/// Where commands write: state, caches, the managed environment, and the tables of a local
/// deployment.
std::set<fs::path> written_folders(const Session& session) {
    const auto& surroundings = session.surroundings();
    std::set<fs::path> folders = {surroundings.state_home(), surroundings.cache_home(),
                                  surroundings.data_home()};
    if (const auto last = local::last_started_place(surroundings)) {
        folders.insert(last->folder);
    }
    const auto& uri = session.settings().uri.value;
    if (uri && uri->find("://") == std::string::npos) {
        folders.insert(from_working_directory(session, *uri));
    }
    return folders;
}

Finding credentials_of(Session& session, const ns::UploadPlace& place,
                       const storage::StoreOptions& options, bool is_folder) {
    Finding finding{.check = "credentials"};
    finding.facts["options"] = Json::array();
    for (const auto& [name, value] : place.storage_options) {
        finding.facts["options"].push_back(name);
    }
    if (is_folder) {
        finding.said = "none needed: archives lie in a folder of this machine";
        return finding;
    }
    if (place.storage_options.empty()) {
        finding.verdict = Verdict::warn;
        finding.said = "the deployment vends none";
        finding.mend = "captures cannot be uploaded: ask its administrator for credential vending";
        return finding;
    }
    finding.said = "vended";
    if (const auto end = options.expires_at()) {
        const auto left = base::Microseconds(*end - session.surroundings().clock->now());
        finding.facts["expires_at"] = base::rfc3339(*end);
        if (left <= base::Microseconds::zero()) {
            finding.verdict = Verdict::fail;
            finding.said = fmt::format("vended, but they expired at {}", base::rfc3339(*end));
            finding.mend = "compare the clocks of this machine and of the deployment";
        } else {
            finding.said = fmt::format("vended, for {}", base::format_duration(left));
        }
    }
    return finding;
}

/// Puts a small object there and takes it away again.
base::Status try_writing(Session& session, const std::string& location,
                         storage::StoreOptions options) {
    const auto& surroundings = session.surroundings();
    GENEVACTL_TRY(const auto store,
                  storage::open_store(location, std::move(options), {},
                                      {.transport = session.transport(),
                                       .clock = *surroundings.clock,
                                       .interrupt = *surroundings.interrupt,
                                       .state = surroundings.state_home() / "uploads"}));
    GENEVACTL_TRY(const auto temporary, base::TemporaryDirectory::create("genevactl-doctor-"));
    const auto key = fmt::format("genevactl-doctor-{}.txt", base::random_hex(8));
    const auto file = temporary.path() / key;
    GENEVACTL_CHECK(base::write_atomic(file, "written by `genevactl doctor --write`\n"));
    GENEVACTL_CHECK(store->put(key, file));
    auto removed = store->remove(key);
    if (!removed) {
        return base::fail(
            std::move(removed).error().while_doing("removing " + store->uri_of(key) + " again"));
    }
    return {};
}

/// What can be said of a folder without writing to it.
Finding looked_at(const fs::path& folder) {
    const auto there = existing(folder);
    Finding finding{.check = "uploads", .said = fmt::format("{} may be written", folder.string())};
    if (::access(there.c_str(), W_OK | X_OK) != 0) {
        finding.verdict = Verdict::fail;
        finding.kind = base::ErrorKind::permission;
        finding.said = fmt::format("{} may not be written by you", there.string());
        finding.mend = "chmod it, or run the deployment over a root of your own";
    }
    return finding;
}

Finding uploads_of(Session& session, const std::string& location,
                   const std::optional<fs::path>& folder, storage::StoreOptions options,
                   bool write) {
    Finding finding{.check = "uploads"};
    if (!write && folder) {
        finding = looked_at(*folder);
    } else if (!write) {
        finding.verdict = Verdict::skip;
        finding.said = fmt::format("{}: not tried", location);
        finding.mend = "doctor --write puts a small object there and removes it";
    } else {
        std::error_code error;
        const bool ours = folder && !fs::exists(*folder, error);
        if (const auto tried = try_writing(session, location, std::move(options)); !tried) {
            finding = failure("uploads", tried.error());
        } else {
            finding.said = fmt::format("{}: an object was written and removed", location);
        }
        if (ours) {
            fs::remove(*folder, error);  // only if it is empty
        }
    }
    finding.facts["location"] = location;
    return finding;
}

}  // namespace

std::vector<Finding> check_uploads(Session& session, ns::Client& client, bool write) {
    const auto skipped = [](const char* check, std::string why) {
        return Finding{.check = check, .verdict = Verdict::skip, .said = std::move(why)};
    };
    auto found = client.find_upload_place();
    if (!found) {
        return {failure("credentials", found.error()),
                skipped("uploads", "the deployment does not say where they go")};
    }
    if (!*found) {
        const std::string why = "no capture was uploaded yet: the first one makes the place";
        return {skipped("credentials", why), skipped("uploads", why)};
    }
    const auto& place = **found;
    const storage::StoreOptions options(place.storage_options);
    const auto location = fmt::format("{}/{}", place.location, k_uploads);
    const auto folder = storage::folder_of(location);
    const auto path = folder ? *folder : std::nullopt;
    return {credentials_of(session, place, options, path.has_value()),
            uploads_of(session, location, path, options, write)};
}

Finding check_disk(const Session& session) {
    Finding finding{.check = "disk", .facts = Json::array()};
    std::optional<std::uintmax_t> least;
    fs::path tightest;
    for (const auto& folder : written_folders(session)) {
        std::error_code error;
        const auto space = fs::space(existing(folder), error);
        if (error) {
            continue;
        }
        finding.facts.push_back({{"folder", folder.string()}, {"free_bytes", space.available}});
        if (!least || space.available < *least) {
            least = space.available;
            tightest = folder;
        }
    }
    if (!least) {
        return {.check = "disk", .verdict = Verdict::skip, .said = "the system does not tell"};
    }
    constexpr double k_giga = 1e9;
    finding.said = fmt::format("{:.1f} GB free for {}", static_cast<double>(*least) / k_giga,
                               tightest.string());
    if (*least < k_little) {
        finding.verdict = *least < k_too_little ? Verdict::fail : Verdict::warn;
        finding.mend =
            "make room there, or set XDG_CACHE_HOME, XDG_DATA_HOME and XDG_STATE_HOME "
            "to another disk";
    }
    return finding;
}

Finding check_leftovers(const Session& session) {
    Finding finding{.check = "leftovers", .said = "none", .facts = Json::array()};
    std::vector<std::string> folders;
    std::vector<std::string> commands;
    for (const auto& place : local::leftovers(session.surroundings())) {
        folders.push_back(place.folder.string());
        commands.push_back("genevactl local stop --root " +
                           base::shell_quote(place.folder.string()));
        finding.facts.push_back(place.folder.string());
    }
    if (!folders.empty()) {
        finding.verdict = Verdict::warn;
        finding.said = fmt::format("a local deployment was killed and not stopped: {}",
                                   base::join(folders, ", "));
        finding.mend = base::join(commands, "; ");
    }
    return finding;
}

}  // namespace genevactl::run
