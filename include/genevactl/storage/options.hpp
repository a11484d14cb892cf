// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/secret.hpp"

namespace genevactl::storage {

/// How to reach a store, as a deployment vends it: the `storage_options` that describe answers
/// (the names of Lance: aws_access_key_id, azure_storage_sas_token, google_storage_token, …). Every
/// value counts as a secret until a store asks for it as text.
class StoreOptions {
public:
    StoreOptions() = default;
    explicit StoreOptions(std::map<std::string, base::Secret> values);

    /// The value of the first of the names (lower case; those of the options in any case) that has
    /// one that is not empty.
    std::optional<std::string> text(std::initializer_list<std::string_view> names) const;
    /// The same; empty if there is none.
    base::Secret secret(std::initializer_list<std::string_view> names) const;
    /// "true", "1", "yes" and "on", in any case.
    bool flag(std::initializer_list<std::string_view> names) const;
    /// `expires_at_millis`; nothing if they do not expire.
    std::optional<base::WallTime> expires_at() const;

private:
    const base::Secret* find(std::initializer_list<std::string_view> names) const;
    std::map<std::string, base::Secret, std::less<>> m_values;
};

/// Asks the deployment again. Called by one thread at a time, whichever that is.
using Vend = std::function<base::Result<StoreOptions>()>;

}  // namespace genevactl::storage
