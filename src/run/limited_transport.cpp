// SPDX-License-Identifier: Apache-2.0
#include "limited_transport.hpp"

#include <algorithm>
#include <utility>

namespace genevactl::run {

namespace {

class LimitedTransport final : public transport::Transport {
public:
    LimitedTransport(std::unique_ptr<transport::Transport> inner, base::Clock& clock,
                     base::Microseconds time, base::Microseconds usual)
        : m_inner(std::move(inner)),
          m_clock(clock),
          m_end(clock.monotonic() + time),
          m_usual(usual) {}

    base::Result<transport::Response> send(const transport::Request& request) override {
        const auto left =
            std::chrono::duration_cast<base::Microseconds>(m_end - m_clock.monotonic());
        if (left <= base::Microseconds::zero()) {
            return base::fail({.kind = base::ErrorKind::unreachable,
                               .message = "no time was left to ask the deployment",
                               .not_sent = true});
        }
        auto hurried = request;
        hurried.deadline = std::min(request.deadline.value_or(m_usual), left);
        return m_inner->send(hurried);
    }

private:
    std::unique_ptr<transport::Transport> m_inner;
    base::Clock& m_clock;
    base::Monotonic m_end;
    base::Microseconds m_usual;
};

}  // namespace

std::unique_ptr<transport::Transport> limited(std::unique_ptr<transport::Transport> inner,
                                              base::Clock& clock, base::Microseconds time,
                                              base::Microseconds usual) {
    return std::make_unique<LimitedTransport>(std::move(inner), clock, time, usual);
}

}  // namespace genevactl::run
