// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "log.hpp"
#include "server_command.hpp"
#include "supervisor.hpp"

namespace genevactl::local {
namespace {

constexpr base::Microseconds k_start_within = std::chrono::minutes(2);
constexpr base::Microseconds k_poll = std::chrono::milliseconds(50);
constexpr base::Microseconds k_clean_end = std::chrono::seconds(10);
constexpr base::Microseconds k_try_again = std::chrono::seconds(2);
constexpr int k_detail_lines = 20;
constexpr std::string_view k_its_name = "genevactl local: ";

/// One start: the child that it made, and the log before that.
struct Attempt {
    const Means& means;
    model::Reporter& reporter;
    const StartOptions& options;
    const base::Command& command;
    std::uintmax_t log_begin = 0;
    ProcessName child = {};        // pid 0: another process holds the state folder
    base::Monotonic lost_at = {};  // when that was found

    const base::Surroundings& surroundings() const { return means.surroundings; }
};

/// What the child wrote, without the key should it have come into it.
std::string log_of(const Attempt& attempt) {
    const auto& state = attempt.options.place.state;
    auto text = last_lines(log_path(state), k_detail_lines, attempt.log_begin);
    if (const auto key = base::read_private_file(state / "key")) {
        text = base::redact(std::move(text), base::Secret{std::string(base::trim(*key))});
    }
    return text;
}

/// Ends a child that is of no use: politely first, because it may have started Ray.
void end_child(Attempt& attempt) {
    if (attempt.child.pid == 0) return;
    auto& processes = attempt.means.processes;
    processes.send(attempt.child, SIGTERM);
    if (!processes.wait_for_end(attempt.child, k_clean_end)) {
        processes.send(attempt.child, SIGKILL);
        processes.wait_for_end(attempt.child, std::chrono::seconds(1));
    }
    processes.reap(attempt.child.pid);
    attempt.child = {};
}

/// The last line that says something, as the reason: the control plane ends with one sentence.
std::string reason_in(const std::string& log) {
    const auto lines = base::split(log, '\n');
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        auto text = base::trim(*line);
        if (base::starts_with(text, k_its_name)) text.remove_prefix(k_its_name.size());
        if (!text.empty()) return base::printable(text);
    }
    return "it wrote nothing";
}

base::Error ended_early(const Attempt& attempt, int code) {
    const auto& place = attempt.options.place;
    base::Error error;
    error.detail = log_of(attempt);
    if (const auto kind = unfit_kind(code)) {
        error.kind = *kind;
        error.message = "the local deployment cannot start: " + reason_in(error.detail);
        if (std::ranges::count(error.detail, '\n') <= 1) error.detail.clear();
        return error;
    }
    error.message = fmt::format(
        "the local deployment for {} ended with {} instead of answering", place.folder.string(),
        code < 0 ? std::string("an unknown exit code") : fmt::format("exit code {}", code));
    error.hint = fmt::format("the whole log: genevactl local logs{}",
                             root_argument(attempt.surroundings(), place));
    return error;
}

base::Error no_answer(const Attempt& attempt) {
    const auto& place = attempt.options.place;
    base::Error error;
    error.detail = log_of(attempt);
    error.message = fmt::format("the local deployment for {} did not answer within {}",
                                place.folder.string(), base::format_duration(k_start_within));
    const auto root = root_argument(attempt.surroundings(), place);
    error.hint = "the whole log: genevactl local logs" + root;
    // A child of ours is ended now; another process that holds the folder is not ours to end
    // unasked.
    if (attempt.child.pid == 0) error.hint += "; `genevactl local stop" + root + "` ends it";
    return error;
}

base::Status spawn(Attempt& attempt) {
    const auto log = log_path(attempt.options.place.state);
    GENEVACTL_TRY(auto pid, attempt.surroundings().process->spawn_detached(attempt.command, log));
    attempt.child = attempt.means.processes.named(pid).value_or(ProcessName{pid, std::nullopt});
    return {};
}

/// Looks whether the child ended. Exit 6 is no failure yet: another start was faster, or one that
/// was stopped is not gone yet; so it is tried again now and then until something answers.
base::Status check_child(Attempt& attempt) {
    const auto now = attempt.surroundings().clock->monotonic();
    if (attempt.child.pid == 0) {
        return now - attempt.lost_at < k_try_again ? base::Status{} : spawn(attempt);
    }
    const auto code = attempt.means.processes.reap(attempt.child.pid);
    if (!code) return {};
    attempt.child = {};
    attempt.lost_at = now;
    if (*code != k_exit_locked) return base::fail(ended_early(attempt, *code));
    attempt.reporter.step("waiting for another command that starts or stops this deployment");
    return {};
}

base::Result<Endpoint> wait_until_it_answers(Attempt& attempt) {
    const auto& clock = attempt.surroundings().clock;
    const auto end = clock->monotonic() + k_start_within;
    while (true) {
        GENEVACTL_CHECK(check_interrupt(attempt.surroundings(), "starting the local deployment"));
        // First the child, then the endpoint: what answers after that has not ended before.
        GENEVACTL_CHECK(check_child(attempt));
        GENEVACTL_TRY(auto endpoint, find(attempt.means, attempt.options.place));
        if (endpoint) return std::move(*endpoint);
        if (clock->monotonic() >= end) return base::fail(no_answer(attempt));
        clock->sleep_for(k_poll);
    }
}

/// True if the deployment uses that external Ray, as far as it says.
bool uses_ray(const std::string& status, std::string_view address) {
    const auto json = nlohmann::json::parse(status, nullptr, false);
    if (!json.is_object() || !json.contains("ray") || !json["ray"].is_object()) return false;
    const auto& ray = json["ray"];
    while (address.ends_with('/'))
        address.remove_suffix(1);
    return ray.contains("address") && ray["address"] == address;
}

/// One that runs already is as good as a new one, unless it was told something else at its start.
base::Status check_same(const Means& means, const Endpoint& endpoint, const StartOptions& options) {
    std::string other;
    if (options.port != 0 && !endpoint.url.ends_with(fmt::format(":{}", options.port))) {
        other = fmt::format("at {} and not at port {}", endpoint.url, options.port);
    } else if (options.ray != "auto") {
        GENEVACTL_TRY(auto text, status(means.transport, endpoint));
        if (!uses_ray(text, options.ray)) other = "with another Ray than " + options.ray;
    }
    if (other.empty()) return {};
    return base::fail(base::ErrorKind::conflict,
                      fmt::format("the local deployment for {} runs already, {}",
                                  options.place.folder.string(), other),
                      fmt::format("genevactl local stop{}, then start it again",
                                  root_argument(means.surroundings, options.place)));
}

base::Result<Endpoint> start_new(const Means& means, model::Reporter& reporter,
                                 const StartOptions& options) {
    const auto& state = options.place.state;
    GENEVACTL_TRY(auto command, server_command(means.surroundings, options));
    GENEVACTL_CHECK(rotate_log(state));
    Attempt attempt{means, reporter, options, command, log_size(state)};
    reporter.step("waiting until the local deployment answers");
    GENEVACTL_CHECK(spawn(attempt));
    auto endpoint = wait_until_it_answers(attempt);
    if (!endpoint) end_child(attempt);
    reporter.finish();
    return endpoint;
}

}  // namespace

base::Status check_interrupt(const base::Surroundings& surroundings, const std::string& what) {
    const int signal = surroundings.interrupt == nullptr ? 0 : surroundings.interrupt->signal();
    if (signal == 0) return {};
    const auto kind =
        signal == SIGTERM ? base::ErrorKind::terminated : base::ErrorKind::interrupted;
    return base::fail(kind, "interrupted while " + what);
}

std::string root_argument(const base::Surroundings& surroundings, const Place& place) {
    if (place.kind == RootKind::root) {
        const auto usual = place_of(surroundings, RootKind::root, default_root(surroundings));
        if (usual.folder == place.folder) return {};
    }
    return " --root " + base::shell_quote(place.folder.string());
}

base::Result<Endpoint> start(const Means& means, model::Reporter& reporter,
                             const StartOptions& options) {
    GENEVACTL_CHECK(make_state_folder(means.surroundings, options.place));
    GENEVACTL_TRY(auto running, find(means, options.place));
    if (!running) {
        GENEVACTL_CHECK(make_usual_root(means.surroundings, options.place));
        GENEVACTL_TRY(running, start_new(means, reporter, options));
    }
    GENEVACTL_CHECK(check_same(means, *running, options));
    GENEVACTL_CHECK(remember_as_last(means.surroundings, options.place));
    return std::move(*running);
}

}  // namespace genevactl::local
