// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "answer.hpp"
#include "ask.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::bridge {

base::Result<model::TransformDescription> describe_transform(const base::Surroundings& surroundings,
                                                             const Interpreter& interpreter,
                                                             const TransformRequest& request) {
    GENEVACTL_TRY(auto input, request_json(request));
    GENEVACTL_TRY(const auto answer,
                  ask(surroundings, interpreter, std::move(input), request.target));
    return parse_answer(answer);
}

}  // namespace genevactl::bridge
