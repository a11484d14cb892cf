// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/settings/settings.hpp"

namespace genevactl::settings {

namespace {

bool are_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Only the plain spellings of this machine count: what is written in any other way is another host
/// as far as trust goes, so no parser can be led astray by "127.0.0.1@elsewhere".
bool names_this_machine(std::string_view url) {
    constexpr std::array<std::string_view, 2> k_schemes = {"http://", "https://"};
    constexpr std::array<std::string_view, 3> k_hosts = {"localhost", "127.0.0.1", "[::1]"};
    const auto text = base::lower(url);
    for (const auto scheme : k_schemes) {
        for (const auto host : k_hosts) {
            const auto beginning = std::string(scheme) + std::string(host);
            if (!base::starts_with(text, beginning)) {
                continue;
            }
            const auto rest = std::string_view(text).substr(beginning.size());
            const auto port = rest.substr(0, rest.find('/'));
            if (port.empty() || (port.front() == ':' && are_digits(port.substr(1)))) {
                return true;
            }
        }
    }
    return false;
}

std::string_view without_slash(std::string_view url) {
    while (!url.empty() && url.back() == '/') {
        url.remove_suffix(1);
    }
    return url;
}

/// Where the key comes from, or null if there is none.
const Origin* origin_of_key(const Settings& settings) {
    if (settings.bearer_token.value) {
        return &settings.bearer_token.origin;
    }
    if (settings.api_key.value) {
        return &settings.api_key.origin;
    }
    return settings.api_key_command.value ? &settings.api_key_command.origin : nullptr;
}

}  // namespace

base::Status check_key_may_go(const Settings& settings) {
    const auto& host = settings.host_override;
    const auto* key = origin_of_key(settings);
    if (!host.value || key == nullptr || host.origin.source != Source::project ||
        names_this_machine(*host.value)) {
        return {};
    }
    if (settings.profile_host &&
        without_slash(*settings.profile_host) == without_slash(*host.value)) {
        return {};
    }
    const auto shown = base::redact_url(*host.value);
    return base::fail(
        base::ErrorKind::refused,
        fmt::format("the key ({}) is not sent to {}, which only the project file names ({})",
                    key->place, shown, host.origin.place),
        fmt::format(
            "if that server is yours, say so once: `genevactl config set host_override {}`, "
            "or set LANCEDB_URI",
            base::shell_quote(shown)));
}

}  // namespace genevactl::settings
