// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "doctor.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/namespace/raw.hpp"
#include "genevactl/transport/http_date.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

constexpr base::Microseconds k_odd_clock = std::chrono::seconds(10);
/// Object stores refuse what is signed a quarter of an hour off.
constexpr base::Microseconds k_wrong_clock = std::chrono::minutes(10);
constexpr int k_no_namespace = 1;  // of the API's codes: an empty local database

/// The first two numbers of a version: what pickles depend on.
std::string minor_of(const std::string& version) {
    const auto dot = version.find('.');
    return version.substr(0, dot == std::string::npos ? dot : version.find('.', dot + 1));
}

struct Answered {
    transport::Response response;
    base::WallTime middle;  ///< between question and answer
    base::Microseconds took{};
};

/// One cheap question that every deployment answers, and needs the key for.
base::Result<Answered> ask(Session& session, ns::Client& client) {
    auto& clock = *session.surroundings().clock;
    const auto begin = clock.now();
    auto response =
        ns::ask_raw(client, {.path = "/v1/namespace/%24/table/list?delimiter=%24&limit=1"});
    if (!response) {
        return base::fail(std::move(response).error());
    }
    const auto took = base::Microseconds(clock.now() - begin);
    return Answered{.response = std::move(*response), .middle = begin + took / 2, .took = took};
}

Finding key_of(const Session& session, const transport::Response& response) {
    const auto& settings = session.settings();
    const auto& from = settings.bearer_token.value      ? settings.bearer_token.origin.place
                       : settings.api_key.value         ? settings.api_key.origin.place
                       : settings.api_key_command.value ? settings.api_key_command.origin.place
                                                        : std::string("the local deployment");
    auto error = ns::error_of(response, "list one table");
    const bool fine = response.status >= 200 && response.status < 300;
    if (fine || error.api_code == k_no_namespace) {
        Finding finding{.check = "key", .said = fmt::format("accepted (from {})", from)};
        finding.facts["origin"] = from;
        return finding;
    }
    if (error.kind == ErrorKind::unauthenticated) {
        error.message += fmt::format(" (the key is from {})", from);
    }
    return failure("key", error);
}

Finding clock_of(const Answered& answered) {
    const auto date = transport::parse_http_date(answered.response.header("Date").value_or(""));
    if (!date) {
        return {.check = "clock",
                .verdict = Verdict::skip,
                .said = "the deployment does not say what time it is"};
    }
    // The header has whole seconds.
    const auto skew = base::Microseconds(answered.middle - *date) - std::chrono::milliseconds(500);
    const auto apart = std::chrono::abs(skew);
    Finding finding{.check = "clock"};
    finding.facts["ahead_seconds"] = std::chrono::duration<double>(skew).count();
    if (apart <= k_odd_clock) {
        finding.said = "as the deployment's";
        return finding;
    }
    finding.verdict = apart > k_wrong_clock ? Verdict::fail : Verdict::warn;
    finding.said = fmt::format("{} {} the deployment's", base::format_duration(apart),
                               skew.count() > 0 ? "ahead of" : "behind");
    finding.mend = "set the clock by NTP (timedatectl set-ntp true)";
    return finding;
}

Finding versions_of(ns::Client& client, const std::optional<bridge::Environment>& here) {
    const auto capabilities = client.capabilities();
    if (!capabilities) {
        return failure("versions", capabilities.error());
    }
    if (!capabilities->local) {
        return {.check = "versions",
                .verdict = Verdict::skip,
                .said = "the deployment does not tell what it runs"};
    }
    const auto there = Json::parse(capabilities->document, nullptr, false);
    const auto text = [&](const std::string& name) {
        const auto found = there.is_object() ? there.find(name) : there.end();
        return found != there.end() && found->is_string() ? found->get<std::string>() : "";
    };
    Finding finding{.check = "versions"};
    std::vector<std::string> different;
    const auto compare = [&](const std::string& name, const std::string& ours) {
        const auto theirs = text(name);
        finding.facts[name] = {{"here", ours.empty() ? Json(nullptr) : Json(ours)},
                               {"deployment", theirs.empty() ? Json(nullptr) : Json(theirs)}};
        const bool differ = name == "python" ? minor_of(ours) != minor_of(theirs) : ours != theirs;
        if (!ours.empty() && !theirs.empty() && differ) {
            different.push_back(fmt::format("{} {} here and {} there", name, ours, theirs));
        }
    };
    compare("python", here ? here->python : "");
    const auto versions = here ? here->versions : decltype(bridge::Environment::versions)();
    for (const auto* name : {"geneva", "lancedb", "pylance", "pyarrow", "ray"}) {
        const auto found =
            std::ranges::find(versions, name, &std::pair<std::string, std::string>::first);
        compare(name, found != versions.end() ? found->second : "");
    }
    if (different.empty()) {
        finding.said =
            fmt::format("the deployment has Python {}, geneva {}, ray {}{}", text("python"),
                        text("geneva"), text("ray"), here ? ": they fit" : "");
        return finding;
    }
    finding.verdict = Verdict::warn;
    finding.said = base::join(different, "; ");
    finding.mend =
        "a transform is pickled here and loaded there: use the same Python and packages "
        "(--python)";
    return finding;
}

/// Nothing to ask: it is only wrong where something was named.
Finding no_deployment(const Session& session, const base::Error& error) {
    const auto& settings = session.settings();
    auto finding = failure("deployment", error);
    const bool named = settings.uri.value || settings.host_override.value;
    const bool starts_itself = error.kind == ErrorKind::not_found &&
                               base::starts_with(error.message, "no local deployment serves");
    if (!named || starts_itself) {
        finding.verdict = starts_itself ? Verdict::ok : Verdict::warn;
    }
    return finding;
}

void skip(std::vector<Finding>& findings, const std::string& why,
          std::initializer_list<const char*> checks) {
    for (const auto* check : checks) {
        findings.push_back({.check = check, .verdict = Verdict::skip, .said = why});
    }
}

}  // namespace

Finding check_settings(const settings::Settings& settings) {
    Finding finding{.check = "settings", .facts = Json::array()};
    std::vector<std::string> said;
    for (const auto& setting : settings::list(settings)) {
        if (setting.origin.source == settings::Source::defaults) {
            continue;
        }
        // A command line may hold a secret.
        const auto value = setting.name == "api_key_command" ? "[set]" : setting.value;
        finding.facts.push_back(
            {{"key", setting.name}, {"value", value}, {"origin", setting.origin.place}});
        said.push_back(fmt::format("{} from {}", setting.name, setting.origin.place));
    }
    finding.said = said.empty() ? "nothing is set: all defaults" : base::join(said, ", ");
    if (const auto may = settings::check_key_may_go(settings); !may) {
        auto refused = failure("settings", may.error());
        refused.facts = std::move(finding.facts);
        return refused;
    }
    return finding;
}

std::vector<Finding> check_deployment(Session& session,
                                      const std::optional<bridge::Environment>& here, bool write) {
    std::vector<Finding> findings;
    const auto found = session.client(Start::never);
    if (!found) {
        findings.push_back(no_deployment(session, found.error()));
        skip(findings, "there is no deployment to ask",
             {"connection", "key", "clock", "versions", "credentials", "uploads"});
        return findings;
    }
    auto& client = **found;
    const auto& connection = client.connection();
    const auto url = base::redact_url(connection.base_url);
    Finding deployment{.check = "deployment",
                       .said = fmt::format("db://{} at {}", connection.database, url)};
    deployment.facts["database"] = connection.database;
    deployment.facts["url"] = url;
    findings.push_back(std::move(deployment));
    const auto answered = ask(session, client);
    if (!answered) {
        findings.push_back(failure("connection", answered.error()));
        skip(findings, "the deployment cannot be reached",
             {"key", "clock", "versions", "credentials", "uploads"});
        return findings;
    }
    Finding reached{
        .check = "connection",
        .said = fmt::format("answers within {}", base::format_duration(answered->took))};
    reached.facts["milliseconds"] =
        std::chrono::duration<double, std::milli>(answered->took).count();
    findings.push_back(std::move(reached));
    findings.push_back(key_of(session, answered->response));
    const bool accepted = findings.back().verdict == Verdict::ok;
    findings.push_back(clock_of(*answered));
    if (!accepted) {
        skip(findings, "the deployment does not let us look",
             {"versions", "credentials", "uploads"});
        return findings;
    }
    findings.push_back(versions_of(client, here));
    for (auto& finding : check_uploads(session, client, write)) {
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace genevactl::run
