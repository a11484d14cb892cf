// SPDX-License-Identifier: Apache-2.0
#include "option_source.hpp"

#include <algorithm>

#include "genevactl/base/try.hpp"

namespace genevactl::storage {

namespace {

constexpr base::Microseconds k_ahead = std::chrono::minutes(5);

}  // namespace

OptionSource::OptionSource(StoreOptions first, Vend vend, base::Clock& clock)
    : m_vend(std::move(vend)), m_clock(clock) {
    take(std::move(first));
}

void OptionSource::take(StoreOptions options) {
    m_options = std::make_shared<const StoreOptions>(std::move(options));
    m_renew_at.reset();
    if (const auto end = m_options->expires_at()) {
        const auto left = std::max(*end - m_clock.now(), base::Microseconds::zero());
        m_renew_at = *end - std::min<base::Microseconds>(k_ahead, left / 4);
    }
}

bool OptionSource::is_old() const {
    return m_renew_at && m_vend && m_clock.now() >= *m_renew_at;
}

base::Status OptionSource::renew() {
    auto fresh = m_vend();
    if (!fresh) {
        return base::fail(std::move(fresh).error().while_doing(
            "asking the deployment for fresh storage credentials"));
    }
    take(std::move(*fresh));
    return {};
}

base::Result<Options> OptionSource::current() {
    const std::scoped_lock lock(m_mutex);
    if (is_old()) {
        const auto renewed = renew();
        const auto end = m_options->expires_at();
        if (!renewed && end && m_clock.now() >= *end) {
            return base::fail(renewed.error());
        }
    }
    return m_options;
}

base::Result<Options> OptionSource::instead_of(const Options& stale) {
    const std::scoped_lock lock(m_mutex);
    if (m_options == stale) {
        if (!m_vend) {
            return nullptr;
        }
        GENEVACTL_CHECK(renew());
    }
    return m_options;
}

}  // namespace genevactl::storage
