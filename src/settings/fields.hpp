// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/settings/settings.hpp"

namespace genevactl::settings {

/// Calls `visit(name, field)` for every field of the settings, in the order of keys().
template <typename Fields, typename Visit>
void for_each_field(Fields& settings, Visit visit) {
    visit("uri", settings.uri);
    visit("host_override", settings.host_override);
    visit("profile", settings.profile);
    visit("api_key", settings.api_key);
    visit("bearer_token", settings.bearer_token);
    visit("api_key_command", settings.api_key_command);
    visit("python", settings.python);
    visit("ca_bundle", settings.ca_bundle);
    visit("trace_http", settings.trace_http);
    visit("request_timeout", settings.request_timeout);
    visit("connect_timeout", settings.connect_timeout);
    visit("poll_interval", settings.poll_interval);
    visit("stale_after", settings.stale_after);
    visit("appear_within", settings.appear_within);
    visit("color", settings.color);
}

}  // namespace genevactl::settings
