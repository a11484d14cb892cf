// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/pip.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "builder.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "installable.hpp"
#include "requirement_list.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Status;
using std::string_view;

Status add_index_urls(const PipOptions& options, Built& built) {
    for (const auto& url : options.extra_index_urls) {
        GENEVACTL_CHECK(check_index_url(url, "--extra-index-url", "the command line"));
        if (!variables_in(url).empty()) {
            return fail(ErrorKind::usage,
                        "the URL of --extra-index-url has a ${VARIABLE} that nothing would fill in",
                        "write the option into a requirements file (-r FILE): pip on the workers "
                        "fills it in there");
        }
        remark_on(url, "--extra-index-url", built.remarks);
        built.manifest.pip_extra_index_urls.push_back(url);
    }
    return {};
}

/// The index URLs of a lock file are checked already.
Status add_lock(const std::filesystem::path& file, const LockTarget& target,
                RequirementList& list) {
    GENEVACTL_TRY(auto locked, read_lock(file, target));
    for (const auto& line : locked.requirements) {
        GENEVACTL_TRY(auto parsed, check_installable(line, file.string()));
        list.lines.push_back({line, file.string(), std::move(parsed)});
    }
    std::ranges::move(locked.extra_index_urls, std::back_inserter(list.extra_index_urls));
    std::ranges::move(locked.remarks, std::back_inserter(list.remarks));
    return {};
}

Status add_requirements(const PipOptions& options, Built& built) {
    RequirementList list;
    for (std::size_t i = 0; i < options.requirements.size(); ++i) {
        GENEVACTL_CHECK(
            add_argument(list, options.requirements[i], fmt::format("requirement {}", i + 1)));
    }
    for (const auto& file : options.requirement_files) {
        GENEVACTL_CHECK(add_file(list, file));
    }
    if (options.lock) {
        GENEVACTL_CHECK(add_lock(*options.lock, options.lock_target, list));
    }
    apply_constraints(list);
    remark_on_hashes(list);
    for (auto& line : list.lines) {
        built.manifest.pip.push_back(std::move(line.text));
    }
    auto& urls = built.manifest.pip_extra_index_urls;
    urls.insert(urls.end(), list.extra_index_urls.begin(), list.extra_index_urls.end());
    std::move(list.remarks.begin(), list.remarks.end(), std::back_inserter(built.remarks));
    return {};
}

}  // namespace

base::Result<Built> build_pip(const PipOptions& options) {
    GENEVACTL_CHECK(check_utf8(options.requirements, "a requirement"));
    GENEVACTL_CHECK(check_utf8(options.extra_index_urls, "an --extra-index-url"));
    GENEVACTL_TRY(auto built, begin_manifest(options, "pip"));
    auto& manifest = built.manifest;
    manifest.skip_site_packages = !options.upload_site_packages;
    GENEVACTL_CHECK(add_index_urls(options, built));
    GENEVACTL_CHECK(add_requirements(options, built));
    if (!options.allow_unpinned) {
        remark_on_unpinned(manifest.pip, built.remarks);
    }
    manifest.checksum = checksum_of(manifest);
    return built;
}

}  // namespace genevactl::manifest
