// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/raw.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "api_errors.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/transport/method.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

constexpr std::size_t k_most_detail = std::size_t{64} << 10U;  // bytes of a body in an error

bool is_read(transport::Method method) {
    return method == transport::Method::get || method == transport::Method::head;
}

/// What the caller wrote takes the place of what every request has.
void set_headers(transport::Request& request, const transport::Headers& headers) {
    for (const auto& header : headers) {
        std::erase_if(request.headers, [&](const auto& own) {
            return base::lower(own.first) == base::lower(header.first);
        });
        request.headers.push_back(header);
    }
}

transport::Request request_of(const Client& client, const RawRequest& raw) {
    transport::Request request;
    request.method = raw.method;
    request.url = client.connection().base_url + raw.path;
    request.body = raw.body;
    add_connection(request, client.connection());
    set_headers(request, raw.headers);
    return request;
}

base::Error with_body(base::Error error, const transport::Response& response) {
    const auto body = base::is_utf8(response.body) ? response.body : std::string();
    error.detail = base::printable(body.substr(0, k_most_detail));
    return error;
}

}  // namespace

base::Result<transport::Response> ask_raw(Client& client, const RawRequest& raw) {
    return client.transport().send(request_of(client, raw));
}

base::Error error_of(const transport::Response& response, std::string_view what) {
    return api_error(response, what);
}

base::Result<transport::Response> send_raw(Client& client, const RawRequest& raw) {
    const auto what = fmt::format("{} {}", transport::name_of(raw.method),
                                  raw.path.substr(0, raw.path.find('?')));
    const Uncertainty uncertainty{.what = "look before you send it again", .hint = {}};
    auto response = is_read(raw.method) ? ask_raw(client, raw)
                                        : deliver_once(client.transport(), request_of(client, raw),
                                                       what, uncertainty);
    if (!response) {
        return base::fail(std::move(response).error().while_doing("sending " + what));
    }
    if (response->status < 200 || response->status > 299) {
        auto error = is_read(raw.method) ? api_error(*response, what)
                                         : error_of_once(*response, what, uncertainty);
        return base::fail(with_body(std::move(error), *response));
    }
    return response;
}

}  // namespace genevactl::ns
