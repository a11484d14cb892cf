// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "genevactl/storage/open.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace genevactl::test {

/// Answers by a function of the test's, and keeps what was sent; for several threads at once.
class ScriptedTransport final : public transport::Transport {
public:
    using Answer = std::function<base::Result<transport::Response>(const transport::Request&)>;

    base::Result<transport::Response> send(const transport::Request& request) override {
        const std::scoped_lock lock(m_mutex);
        sent.push_back(request);
        return answer(request);
    }

    Answer answer;
    std::vector<transport::Request> sent;

private:
    std::mutex m_mutex;
};

inline transport::Response response(long status, std::string body = {},
                                    transport::Headers headers = {}) {
    transport::Response made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

inline storage::StoreOptions store_options(const std::map<std::string, std::string>& values) {
    std::map<std::string, base::Secret> secrets;
    for (const auto& [name, value] : values) {
        secrets.emplace(name, base::Secret(value));
    }
    return storage::StoreOptions(std::move(secrets));
}

/// Header `name` of a request, secret or not, or "".
inline std::string header_of(const transport::Request& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    for (const auto& [key, value] : request.secret_headers) {
        if (key == name) return std::string(value.reveal());
    }
    return {};
}

}  // namespace genevactl::test
