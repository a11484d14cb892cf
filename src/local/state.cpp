// SPDX-License-Identifier: Apache-2.0
#include "state.hpp"

#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::local {
namespace {

using Json = nlohmann::json;

constexpr int k_version = 1;
constexpr std::size_t k_shortest_mark = 16;
constexpr std::size_t k_small_file = std::size_t{1} << 20U;

std::string text_of(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<ProcessName> process_of(const Json& json, const char* pid_key,
                                      const char* start_key) {
    const auto pid = json.find(pid_key);
    if (pid == json.end() || !pid->is_number_integer()) return std::nullopt;
    ProcessName process{pid->get<long>(), std::nullopt};
    const auto start = json.find(start_key);
    if (start != json.end() && start->is_number_integer()) process.start = start->get<long long>();
    if (process.pid <= 1) return std::nullopt;
    return process;
}

tl::unexpected<base::Error> unreadable(const std::filesystem::path& path, const std::string& why) {
    return base::fail(base::ErrorKind::failed, path.string() + " " + why,
                      "stop that deployment with the program that started it, or end its process "
                      "and remove the file");
}

base::Result<EndpointFile> endpoint_of(const std::filesystem::path& path, const Json& json) {
    if (!json.is_object()) return unreadable(path, "is not the JSON of a deployment's endpoint");
    if (json.value("version", Json(0)) != k_version) {
        return unreadable(path, "was written by another version of genevactl");
    }
    const auto process = process_of(json, "pid", "process_start");
    const auto kind = text_of(json, "kind");
    EndpointFile file{process.value_or(ProcessName{}),
                      text_of(json, "url"),
                      kind == "database" ? RootKind::database : RootKind::root,
                      text_of(json, "root"),
                      text_of(json, "python"),
                      text_of(json, "geneva"),
                      text_of(json, "started_at")};
    if (!process || file.url.empty() || file.root.empty() ||
        (kind != "root" && kind != "database")) {
        return unreadable(path, "lacks a valid pid, url, root or kind");
    }
    while (file.url.ends_with('/'))
        file.url.pop_back();
    if (!transport::is_loopback(file.url)) {
        return base::fail(base::ErrorKind::refused,
                          path.string() + " names an address that is not on this machine",
                          "the key of a local deployment is sent to loopback only; remove the file "
                          "and start the deployment again");
    }
    return file;
}

std::filesystem::path last_path(const base::Surroundings& surroundings) {
    return deployments_folder(surroundings) / "last";
}

}  // namespace

base::Result<std::optional<EndpointFile>> read_endpoint_file(const std::filesystem::path& state) {
    const auto path = state / "endpoint.json";
    auto text = base::read_file(path, k_small_file);
    if (!text) {
        if (text.error().kind == base::ErrorKind::not_found) return std::nullopt;
        return base::fail(std::move(text).error());
    }
    GENEVACTL_TRY(auto file, endpoint_of(path, Json::parse(*text, nullptr, false)));
    return file;
}

std::optional<Place> last_started_place(const base::Surroundings& surroundings) {
    const auto text = base::read_file(last_path(surroundings), k_small_file);
    if (!text) return std::nullopt;
    const auto json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto root = text_of(json, "root");
    if (root.empty()) return std::nullopt;
    return place_of(surroundings, RootKind::root, root);
}

base::Status remember_as_last(const base::Surroundings& surroundings, const Place& place) {
    if (place.kind != RootKind::root) return {};
    const Json json{{"version", k_version}, {"root", place.folder.string()}};
    const auto text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    return base::write_atomic(last_path(surroundings), text, 0600);
}

std::optional<RaySession> read_ray_file(const std::filesystem::path& state) {
    const auto text = base::read_file(state / "ray.json", k_small_file);
    if (!text) return std::nullopt;
    const auto json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto mark = text_of(json, "mark");
    // A short one could be another process's by chance.
    if (mark.size() < k_shortest_mark) return std::nullopt;
    return RaySession{"GENEVACTL_RAY_SESSION=" + mark, process_of(json, "leader", "started"),
                      text_of(json, "boot")};
}

}  // namespace genevactl::local
