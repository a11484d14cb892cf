// SPDX-License-Identifier: Apache-2.0
#include "s3_answers.hpp"

#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace genevactl::storage {

namespace {

/// The document if its root has that name.
base::Result<pugi::xml_document> read_answer(const std::string& xml, const char* root) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size()) ||
        std::string_view(document.document_element().name()) != root) {
        return base::fail(base::ErrorKind::failed, fmt::format("the store's answer is no {}", root),
                          "is aws_endpoint of the deployment's storage options a server of S3?");
    }
    return document;
}

std::optional<std::string> next_of(const pugi::xml_node& root, const char* name) {
    const std::string token = root.child_value(name);
    const bool goes_on = std::string_view(root.child_value("IsTruncated")) == "true";
    return goes_on && !token.empty() ? std::optional(token) : std::nullopt;
}

}  // namespace

base::Result<ObjectPage> read_object_page(const std::string& xml) {
    const auto document = read_answer(xml, "ListBucketResult");
    if (!document) {
        return base::fail(document.error());
    }
    const auto root = document->document_element();
    ObjectPage page;
    for (const auto& entry : root.children("Contents")) {
        Object object{.key = entry.child_value("Key"),
                      .size = entry.child("Size").text().as_ullong()};
        if (const auto modified = base::parse_rfc3339(entry.child_value("LastModified"))) {
            object.modified = *modified;
        }
        page.objects.push_back(std::move(object));
    }
    page.next = next_of(root, "NextContinuationToken");
    return page;
}

base::Result<PartPage> read_part_page(const std::string& xml) {
    pugi::xml_document document;
    const bool read = document.load_buffer(xml.data(), xml.size());
    const auto root = document.document_element();
    if (!read || !root.child("UploadId")) {  // servers differ in the root's name
        return base::fail(base::ErrorKind::failed, "the store's answer is no list of parts");
    }
    PartPage page;
    for (const auto& entry : root.children("Part")) {
        page.parts[entry.child("PartNumber").text().as_int()] = {
            .etag = entry.child_value("ETag"),
            .size = entry.child("Size").text().as_ullong(),
            .sha256 = entry.child_value("ChecksumSHA256")};
    }
    page.next = next_of(root, "NextPartNumberMarker");
    return page;
}

base::Result<std::string> read_upload_id(const std::string& xml) {
    const auto document = read_answer(xml, "InitiateMultipartUploadResult");
    if (!document) {
        return base::fail(document.error());
    }
    std::string id = document->document_element().child_value("UploadId");
    if (id.empty()) {
        return base::fail(base::ErrorKind::failed, "the store began an upload without an id");
    }
    return id;
}

bool is_completed(const std::string& xml) {
    return read_answer(xml, "CompleteMultipartUploadResult").has_value();
}

std::string completion_of(const std::map<int, UploadedPart>& parts) {
    pugi::xml_document document;
    auto root = document.append_child("CompleteMultipartUpload");
    root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
    for (const auto& [number, part] : parts) {
        auto entry = root.append_child("Part");
        entry.append_child("PartNumber").text().set(number);
        entry.append_child("ETag").text().set(part.etag.c_str());
        if (!part.sha256.empty()) {
            entry.append_child("ChecksumSHA256").text().set(part.sha256.c_str());
        }
    }
    std::ostringstream text;
    document.save(text, "", pugi::format_raw);
    return text.str();
}

}  // namespace genevactl::storage
