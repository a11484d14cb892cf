// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/transport/transport.hpp"
#include "support/catch.hpp"

namespace genevactl::test {

/// Keeps what was sent, and answers what the test wrote down.
class FakeTransport final : public transport::Transport {
public:
    base::Result<transport::Response> send(const transport::Request& request) override {
        sent.push_back(request);
        if (answers.empty()) FAIL("nobody expected the request " << request.url);
        auto answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    }

    void answer(long status, std::string body) {
        transport::Response response;
        response.status = status;
        response.body = std::move(body);
        response.request_id = "req-1";
        answers.emplace_back(std::move(response));
    }
    void fail(base::ErrorKind kind, std::string message) {
        answers.emplace_back(base::fail(kind, std::move(message)));
    }

    nlohmann::json body(std::size_t index) const {
        return nlohmann::json::parse(sent.at(index).body);
    }

    std::vector<transport::Request> sent = {};
    std::deque<base::Result<transport::Response>> answers = {};
};

inline const model::ObjectId k_docs{{"docs"}};

inline ns::Connection connection() {
    return {"http://127.0.0.1:4321", "default", base::Secret("sesame-key"), {}};
}

inline std::string fixture(const std::string& name) {
    return base::read_file(std::string(GENEVACTL_TEST_DATA) + "/" + name).value();
}

inline std::string header_of(const transport::Request& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    return "(none)";
}

}  // namespace genevactl::test
