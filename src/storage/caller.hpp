// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "genevactl/storage/open.hpp"
#include "option_source.hpp"

namespace genevactl::storage {

/// The requests of an object store: made with the options that count now, signed by whoever makes
/// them, sent with the deadlines that suit their bodies, and once more with fresh options if the
/// store says that these have expired. For several threads at once.
class Caller {
public:
    /// Makes the request, signature and all. Called again for each attempt with other options.
    using Make = std::function<base::Result<transport::Request>(const StoreOptions&)>;
    /// Does the answer say that the credentials have expired?
    using HasExpired = std::function<bool(const transport::Response&)>;

    Caller(StoreOptions options, Vend vend, const StoreContext& context, HasExpired has_expired)
        : m_context(context),
          m_options(std::move(options), std::move(vend), context.clock),
          m_has_expired(std::move(has_expired)) {}

    /// Any status is an answer, as in transport::Transport. Requests are repeatable (Repeat::safe
    /// and after a 500), follow no redirect, and those with a file for a body have no total
    /// deadline but must go on. `what` is what the error says was not done: "write
    /// s3://bucket/key".
    base::Result<transport::Response> call(std::string_view what, const Make& make);

    const StoreContext& context() const { return m_context; }

private:
    base::Result<transport::Response> send(std::string_view what, const Make& make,
                                           const StoreOptions& options);

    StoreContext m_context;
    OptionSource m_options;
    HasExpired m_has_expired;
};

}  // namespace genevactl::storage
