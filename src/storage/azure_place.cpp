// SPDX-License-Identifier: Apache-2.0
#include "azure_place.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

namespace {

tl::unexpected<base::Error> lacks(std::string_view what, std::string_view name) {
    return base::fail(
        base::ErrorKind::failed,
        fmt::format("the deployment keeps its files in Azure and vends no {} ({})", what, name),
        "ask who runs the deployment, or write the archives with --no-upload");
}

/// {name, value} of "name=value", the value decoded.
std::pair<std::string_view, std::string> pair_of(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        return {text, ""};
    }
    const auto value = text.substr(equals + 1);
    return {text.substr(0, equals), transport::percent_decode(value).value_or(std::string(value))};
}

}  // namespace

base::Result<std::string> azure_container_url(const Place& place, const StoreOptions& options) {
    const auto at = place.bucket.find('@');
    const auto container = place.bucket.substr(0, at);
    auto account = options.text({"azure_storage_account_name", "account_name"});
    if (at != std::string::npos) {
        const auto host = place.bucket.substr(at + 1);
        account = host.substr(0, host.find('.'));
    }
    auto endpoint = options.text({"azure_storage_endpoint", "azure_endpoint", "endpoint"});
    if (!endpoint) {
        if (!account || account->empty()) {
            return lacks("account", "azure_storage_account_name");
        }
        endpoint = fmt::format("https://{}.blob.core.windows.net", *account);
    }
    while (endpoint->ends_with('/')) {
        endpoint->pop_back();
    }
    return fmt::format("{}/{}", *endpoint, transport::percent_encode(container));
}

base::Result<base::Secret> azure_signature(const StoreOptions& options) {
    const auto token =
        options.text({"azure_storage_sas_token", "azure_storage_sas_key", "sas_token", "sas_key"});
    if (!token) {
        return lacks("signature", "azure_storage_sas_token");
    }
    std::vector<std::string> pairs;
    const auto start = token->find_first_not_of("?& ");
    for (const auto& part :
         base::split(start == std::string::npos ? "" : token->substr(start), '&')) {
        const auto [name, value] = pair_of(base::trim(part));
        if (!name.empty()) {
            pairs.push_back(fmt::format("{}={}", transport::percent_encode(name),
                                        transport::percent_encode(value)));
        }
    }
    return base::Secret(base::join(pairs, "&"));
}

}  // namespace genevactl::storage
