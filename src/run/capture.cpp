// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/capture.hpp"

#include <fmt/format.h>

#include "capture_steps.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/pip.hpp"
#include "inputs.hpp"
#include "manifest_out.hpp"

namespace genevactl::run {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

constexpr capture::Level k_default_level = 6;
constexpr std::size_t k_listed = 10;

/// The level of --compression; "auto" stores what stays on this machine.
base::Result<capture::Level> level_of(const std::string& text, bool is_remote) {
    if (text == "auto") {
        return is_remote ? k_default_level : capture::k_stored;
    }
    if (text == "store") {
        return capture::k_stored;
    }
    if (text.size() == 1 && text[0] >= '1' && text[0] <= '9') {
        return text[0] - '0';
    }
    return base::fail(ErrorKind::usage, fmt::format("--compression {}: no such level", text),
                      "use auto, store, or 1 to 9");
}

/// "a, b, c and 4 more".
std::string some_of(const std::vector<std::string>& all) {
    const auto shown = std::min(all.size(), k_listed);
    auto text = base::join(std::span(all).first(shown), ", ");
    return all.size() > shown ? text + fmt::format(" and {} more", all.size() - shown) : text;
}

/// More threads than processors where each archive is flushed to this machine's disk: while some
/// wait for it, others compress.
unsigned packers(const storage::Store& store, const std::optional<unsigned>& jobs) {
    constexpr unsigned k_waiting = 2;
    return threads_of(jobs) + (jobs || store.is_remote() ? 0 : k_waiting);
}

base::Status check_secrets(Session& session, const capture::Contents& contents, bool strict) {
    if (contents.secrets.empty()) {
        return {};
    }
    if (strict) {
        std::vector<std::string> paths;
        for (const auto& secret : contents.secrets) {
            paths.push_back(fmt::format("{} ({})", secret.path, secret.why));
        }
        return base::fail(ErrorKind::refused, fmt::format("--strict-secrets: {}", some_of(paths)),
                          "take them out of the tree, or take one in with --allow-secret PATH");
    }
    for (const auto& secret : contents.secrets) {
        session.reporter().warn(fmt::format("left out {} ({})", secret.path, secret.why),
                                "take it in with --allow-secret PATH if it is none");
    }
    return {};
}

base::Status check_misfits(const capture::Contents& contents, bool allowed) {
    if (contents.misfits.empty() || allowed) {
        return {};
    }
    std::vector<std::string> texts;
    for (const auto& misfit : contents.misfits) {
        texts.push_back(fmt::format("{}: {}", misfit.what, misfit.why));
    }
    base::Error error{.kind = ErrorKind::refused,
                      .message = fmt::format("{} cannot be loaded by the workers",
                                             base::plural(static_cast<long long>(texts.size()),
                                                          "native module or wheel")),
                      .hint =
                          "name the workers' platform with --target-platform and "
                          "--target-python, list the package with --pip and leave "
                          "site-packages out, or go on with --allow-platform-mismatch"};
    error.detail = base::join(texts, "\n");
    return base::fail(std::move(error));
}

void say_what_is_shadowed(Session& session, const capture::Contents& contents) {
    if (!contents.shadowed.empty()) {
        session.reporter().warn(fmt::format("the workers have {} themselves, and load their own",
                                            some_of(contents.shadowed)),
                                "keep the versions here and on the deployment alike");
    }
}

/// The files that stdout and stderr were redirected to: they change while they are captured.
std::vector<std::string> files_being_written() {
    std::vector<std::string> files;
    for (const auto* link : {"/proc/self/fd/1", "/proc/self/fd/2"}) {
        std::error_code ignored;
        if (fs::is_regular_file(link, ignored)) {
            files.push_back(fs::read_symlink(link, ignored).string());
        }
    }
    return files;
}

/// The sources, without what the last capture wrote into the workspace: it would make another
/// capture of this one.
base::Result<capture::Sources> sources_of(Session& session, const CaptureCreate& request) {
    GENEVACTL_TRY(auto sources, gather(session, request.sources));
    for (const auto& written : {request.out, request.output_dir}) {
        if (written) {
            sources.scan.except.push_back(
                from_working_directory(session, *written).lexically_normal().string());
        }
    }
    for (auto& file : files_being_written()) {
        sources.scan.except.push_back(std::move(file));
    }
    for (const auto& file : request.except) {
        sources.scan.except.push_back(file.lexically_normal().string());
    }
    return sources;
}

/// The manifest of the options with the archives of the contents, whose places the store names.
base::Result<manifest::Built> manifest_of(manifest::PipOptions options,
                                          const capture::Contents& contents,
                                          const storage::Store& store) {
    if (options.name.empty()) {
        options.name = "captured-" + contents.lists.front().digest().substr(0, 12);
    }
    GENEVACTL_TRY(auto built, manifest::build_pip(options));
    built.manifest.zips.clear();
    for (const auto& list : contents.lists) {
        auto& uris = built.manifest.zips.emplace_back();
        uris.push_back(store.uri_of(list.head_file_name()));
        for (const auto& shard : list.shards) {
            uris.push_back(store.uri_of(shard.file_name()));
        }
    }
    built.manifest.checksum = manifest::checksum_of(built.manifest);
    return built;
}

}  // namespace

base::Result<Captured> take_capture(Session& session, const CaptureCreate& request,
                                    manifest::PipOptions options, Upload upload) {
    GENEVACTL_CHECK(level_of(request.compression, true));
    GENEVACTL_TRY(const auto sources, sources_of(session, request));
    GENEVACTL_TRY(auto store, upload == Upload::yes ? upload_place(session, request)
                                                    : known_upload_place(session, request));
    const bool place_is_known = store != nullptr;
    if (!place_is_known) {
        store = storage::folder_store("/nonexistent", k_unknown_place);
    }
    GENEVACTL_TRY(const auto contents, examine(session, sources, request.sources.jobs));
    GENEVACTL_CHECK(check_secrets(session, contents, request.strict_secrets));
    GENEVACTL_CHECK(check_misfits(contents, request.allow_misfits));
    say_what_is_shadowed(session, contents);
    GENEVACTL_TRY(const auto level, level_of(request.compression, store->is_remote()));
    Captured captured{
        .files = contents.files(), .bytes = contents.bytes(), .place_is_known = place_is_known};
    GENEVACTL_TRY(captured.manifest, manifest_of(std::move(options), contents, *store));
    const auto threads = threads_of(request.sources.jobs);
    GENEVACTL_TRY(const auto archives, look_up(session, *store, contents, threads));
    captured.archives = archives.size();
    for (const auto& archive : archives) {
        if (!archive.is_there) {
            ++captured.missing;
            captured.to_send += archive.shard != nullptr ? archive.shard->bytes : 0;
        }
    }
    if (upload == Upload::yes) {
        GENEVACTL_TRY(const auto sent, send(session, *store, archives, level,
                                            packers(*store, request.sources.jobs)));
        captured.sent = sent.bytes;
    }
    return captured;
}

Answer capture_create(Session& session, const CaptureCreate& request) {
    if (request.dry_run) {
        return capture_plan(session, request);
    }
    manifest::PipOptions options;
    options.name = request.name.value_or("");
    options.requirements = request.pip;
    options.env_vars = request.env_vars;
    options.upload_site_packages = !request.sources.skip_site_packages;
    GENEVACTL_TRY(const auto captured,
                  take_capture(session, request, std::move(options), Upload::yes));
    session.reporter().note(fmt::format(
        "captured {}, {}: {} of {} written, {}",
        base::plural(static_cast<long long>(captured.files), "file"), megabytes(captured.bytes),
        captured.missing, base::plural(static_cast<long long>(captured.archives), "archive"),
        megabytes(captured.sent)));
    return manifest_outcome(session, captured.manifest, request.out);
}

Answer capture_plan(Session& session, const CaptureCreate& request) {
    GENEVACTL_CHECK(level_of(request.compression, true));
    GENEVACTL_TRY(const auto sources, sources_of(session, request));
    GENEVACTL_TRY(const auto contents,
                  examine(session, sources, request.sources.jobs, For::showing));
    const auto threads = threads_of(request.sources.jobs);
    auto store = known_upload_place(session, request);
    if (!store && request.no_upload) {
        return base::fail(std::move(store).error());
    }
    if (!store) {
        session.reporter().warn(
            fmt::format("what the deployment has already is not known: {}", store.error().message),
            store.error().hint);
    }
    const auto nowhere = storage::folder_store("/nonexistent", "");
    GENEVACTL_TRY(const auto archives,
                  look_up(session, store && *store ? **store : *nowhere, contents, threads));
    say_what_is_shadowed(session, contents);
    auto outcome = plan_outcome(contents, archives, store.has_value());
    if (contents.lists.empty()) {
        session.reporter().warn("there is nothing to capture", "");
        outcome.ended = ErrorKind::failed;
    }
    return outcome;
}

Answer capture_why(Session& session, const CaptureWhy& request) {
    GENEVACTL_TRY(const auto sources, gather(session, request.sources));
    const auto asked = from_working_directory(session, request.path).lexically_normal().string();
    const auto path =
        asked.size() > 1 && asked.back() == '/' ? asked.substr(0, asked.size() - 1) : asked;
    GENEVACTL_TRY(const auto contents,
                  examine(session, sources, request.sources.jobs, For::showing,
                          [&](const capture::File& file) { return file.source == path; }));
    auto document = versioned();
    document["path"] = path;
    const auto answer = [&](bool captured, const std::string& rule, const std::string& where) {
        document["captured"] = captured;
        document["rule"] = captured ? Json(nullptr) : Json(rule);
        document["shard"] = where.empty() ? Json(nullptr) : Json(where);
        model::Properties properties;
        properties.rows.emplace_back("path", model::Cell{path});
        properties.rows.emplace_back("captured", model::Cell{captured ? "yes" : "no"});
        properties.rows.emplace_back(captured ? "in" : "because",
                                     model::Cell{captured ? where : rule});
        return outcome_of(document, captured ? "captured" : "left-out", {properties});
    };
    for (const auto& list : contents.lists) {
        for (const auto& shard : list.shards) {
            for (const auto& file : shard.files) {
                if (file.source == path || base::starts_with(file.source, path + "/")) {
                    return answer(true, "", fmt::format("{}: {}", list.title, shard.label));
                }
            }
        }
    }
    for (const auto& tree : contents.trees) {
        for (const auto& exclusion : tree.exclusions) {
            const auto left_out = tree.root + "/" + exclusion.path;
            if (left_out == path || base::starts_with(path, left_out + "/")) {
                return answer(false, exclusion.rule, "");
            }
        }
    }
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return base::fail(ErrorKind::not_found, fmt::format("{}: there is no such file", path));
    }
    return answer(false, "it is in none of the captured folders", "");
}

}  // namespace genevactl::run
