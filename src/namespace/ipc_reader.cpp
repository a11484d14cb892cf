// SPDX-License-Identifier: Apache-2.0
// Encapsulated messages (Arrow columnar format, "IPC"): 0xFFFFFFFF, int32 size of the metadata with
// its padding, the metadata (a FlatBuffer), the body. A file is "ARROW1", padding, such messages,
// the footer, int32 size of the footer, "ARROW1". Its messages are read in their order, which is
// also that of every writer's footer; only the number of batches is taken from the footer.
#include "ipc_reader.hpp"

#include <cerrno>
#include <cstring>

#include <nanoarrow/nanoarrow_ipc.hpp>

#include "flatbuffer.hpp"
#include "genevactl/base/try.hpp"
#include "ipc_guard.hpp"

namespace genevactl::ns {

namespace {

constexpr std::string_view k_magic = "ARROW1";
constexpr std::uint32_t k_continuation = 0xffffffffU;

/// The part of a file that holds messages, and the number of batches that its footer names.
struct FileLayout {
    std::string_view messages;
    std::size_t batches = 0;
};

base::Result<FileLayout> file_layout(std::string_view bytes) {
    constexpr auto tail = 4 + k_magic.size();
    if (bytes.size() < 8 + tail || bytes.substr(bytes.size() - k_magic.size()) != k_magic) {
        return invalid_ipc("the file is cut off");
    }
    FlatReader end(bytes);
    const auto footer_size = end.number<std::int32_t>(bytes.size() - tail);
    if (footer_size <= 0 || static_cast<std::size_t>(footer_size) > bytes.size() - tail - 8) {
        return invalid_ipc("the file's footer has no sensible size");
    }
    const auto footer_start = bytes.size() - tail - static_cast<std::size_t>(footer_size);
    FlatReader footer(bytes.substr(footer_start, static_cast<std::size_t>(footer_size)));
    const auto blocks = footer.vector(footer.root(), 3, 24);  // Footer.recordBatches
    if (!footer.ok()) return invalid_ipc("the file's footer is broken");
    auto messages = bytes.substr(8, footer_start - 8);
    const auto first = messages.find('\xff');  // whatever a writer aligns its messages to
    if (first == std::string_view::npos || messages.find_first_not_of('\0') != first ||
        first % 8 != 0) {
        return invalid_ipc("the file's first message is missing");
    }
    return FileLayout{messages.substr(first), blocks.count};
}

/// Reads the messages of a stream one by one.
class StreamReader {
public:
    StreamReader(std::string_view messages, std::size_t total) : m_left(messages), m_guard(total) {}

    base::Result<IpcContent> read() {
        if (ArrowIpcDecoderInit(m_decoder.get()) != NANOARROW_OK) return invalid_ipc("no memory");
        while (true) {
            GENEVACTL_TRY(const bool more, read_message());
            if (!more) break;
        }
        if (m_content.schema->release == nullptr) return invalid_ipc("it has no schema");
        return std::move(m_content);
    }

private:
    /// False at the end of the stream.
    base::Result<bool> read_message() {
        if (m_left.empty()) return false;
        FlatReader prefix(m_left);
        const auto continuation = prefix.number<std::uint32_t>(0);
        const auto size = prefix.number<std::int32_t>(4);
        if (!prefix.ok()) return invalid_ipc("it ends inside of a message");
        if (continuation != k_continuation) return invalid_ipc("a message does not start as one");
        if (size == 0) return false;
        if (size < 0 || static_cast<std::size_t>(size) > m_left.size() - 8) {
            return invalid_ipc("a message's header is cut off");
        }
        const auto header_size = 8 + static_cast<std::size_t>(size);
        const auto header = m_left.substr(0, header_size);
        m_left.remove_prefix(header_size);
        GENEVACTL_TRY(const auto message, m_guard.check(header.substr(8), m_left.size()));
        GENEVACTL_CHECK(decode_header(header));
        const auto body = m_left.substr(0, message.body_size);
        m_left.remove_prefix(message.body_size);
        switch (message.kind) {
            case IpcGuard::Kind::schema:
                GENEVACTL_CHECK(take_schema());
                break;
            case IpcGuard::Kind::dictionary:
                GENEVACTL_CHECK(take_dictionary(body));
                break;
            case IpcGuard::Kind::batch:
                GENEVACTL_CHECK(take_batch(body));
                break;
        }
        return true;
    }

    base::Status done(ArrowErrorCode code) {
        if (code == NANOARROW_OK) return {};
        const std::string_view what = m_error.message;
        return invalid_ipc(what.empty() ? std::string_view(std::strerror(code)) : what);
    }

    base::Status decode_header(std::string_view header) {
        // FlatBuffers are read in place and want an aligned start, which this copy has.
        m_header->size_bytes = 0;
        if (ArrowBufferAppend(m_header.get(), header.data(),
                              static_cast<std::int64_t>(header.size())) != NANOARROW_OK) {
            return invalid_ipc("no memory");
        }
        const ArrowBufferView view{{m_header->data}, m_header->size_bytes};
        ArrowErrorInit(&m_error);
        GENEVACTL_CHECK(done(ArrowIpcDecoderVerifyHeader(m_decoder.get(), view, &m_error)));
        return done(ArrowIpcDecoderDecodeHeader(m_decoder.get(), view, &m_error));
    }

    base::Status take_schema() {
        nanoarrow::ipc::UniqueDictionaryEncodings encodings;
        ArrowIpcDictionaryEncodingsInit(encodings.get());
        auto* schema = m_content.schema.get();
        GENEVACTL_CHECK(done(ArrowIpcDecoderDecodeSchemaWithDictionaries(
            m_decoder.get(), schema, encodings.get(), &m_error)));
        GENEVACTL_CHECK(
            done(ArrowIpcDictionariesInit(m_dictionaries.get(), encodings.get(), &m_error)));
        return done(ArrowIpcDecoderSetSchemaWithDictionaries(m_decoder.get(), schema,
                                                             encodings.get(), &m_error));
    }

    /// The body as a buffer of its own that the decoded arrays share.
    static ArrowErrorCode share(std::string_view body, ArrowBuffer* shared) {
        nanoarrow::UniqueBuffer copy;
        const auto size = static_cast<std::int64_t>(body.size());
        if (const auto code = ArrowBufferAppend(copy.get(), body.data(), size)) return code;
        return ArrowSharedBufferInit(shared, copy.get());
    }

    base::Status take_dictionary(std::string_view body) {
        nanoarrow::UniqueBuffer shared;
        GENEVACTL_CHECK(done(share(body, shared.get())));
        return done(ArrowIpcDecoderDecodeDictionaryFromShared(m_decoder.get(), shared.get(),
                                                              NANOARROW_VALIDATION_LEVEL_FULL,
                                                              m_dictionaries.get(), &m_error));
    }

    base::Status take_batch(std::string_view body) {
        nanoarrow::UniqueBuffer shared;
        GENEVACTL_CHECK(done(share(body, shared.get())));
        IpcContent::Batch batch;
        GENEVACTL_CHECK(done(ArrowIpcDecoderDecodeArrayFromSharedWithDictionaries(
            m_decoder.get(), shared.get(), -1, m_dictionaries.get(), batch.array.get(),
            NANOARROW_VALIDATION_LEVEL_FULL, &m_error)));
        if (batch.array->release == nullptr) return invalid_ipc("a batch cannot be built");
        GENEVACTL_CHECK(
            done(ArrowArrayViewInitFromSchema(batch.view.get(), m_content.schema.get(), &m_error)));
        GENEVACTL_CHECK(
            done(ArrowArrayViewSetArray(batch.view.get(), batch.array.get(), &m_error)));
        GENEVACTL_CHECK(done(
            ArrowArrayViewValidate(batch.view.get(), NANOARROW_VALIDATION_LEVEL_FULL, &m_error)));
        batch.first_row = m_content.rows;
        m_content.rows += batch.array->length;
        m_content.batches.push_back(std::move(batch));
        return {};
    }

    std::string_view m_left;
    IpcGuard m_guard;
    IpcContent m_content;
    ArrowError m_error{};
    nanoarrow::UniqueBuffer m_header;
    nanoarrow::ipc::UniqueDecoder m_decoder;
    nanoarrow::ipc::UniqueDictionaries m_dictionaries;
};

}  // namespace

base::Result<IpcContent> read_ipc(std::string_view bytes) {
    if (bytes.empty()) return invalid_ipc("it is empty");
    if (bytes.substr(0, k_magic.size()) != k_magic) return StreamReader(bytes, bytes.size()).read();
    GENEVACTL_TRY(const auto layout, file_layout(bytes));
    GENEVACTL_TRY(auto content, StreamReader(layout.messages, bytes.size()).read());
    if (content.batches.size() != layout.batches) {
        return invalid_ipc("the file's footer names another number of batches than it has");
    }
    return content;
}

}  // namespace genevactl::ns
