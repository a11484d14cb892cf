// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"

namespace genevactl::project {

namespace {

constexpr std::string_view k_in_the_file = "the file carries it: write it there";
constexpr std::string_view k_stays = "keep stands alone: what is there stays as it is";
constexpr std::string_view k_no_job = "an SQL expression runs in the deployment itself";

}  // namespace

const std::vector<Key>& manifest_keys() {
    static const std::vector<Key> keys = {
        {"pip", Type::texts,
         "requirements, as for pip install; beside capture they are installed too"},
        {"requirements", Type::paths, "one or several requirements files, inlined"},
        {"lock", Type::text,
         "a uv.lock, pylock.toml or poetry.lock: its exact versions for the workers' platform and "
         "Python"},
        {"capture", Type::yes,
         "the workspace and site-packages of this machine, uploaded by apply"},
        {"file", Type::text, "the JSON of a manifest, such as `genevactl manifest create` writes"},
        {"env_vars", Type::text_map, "variables of the workers' environment"},
        {"extra_index_urls", Type::texts, "more package indexes for the workers"},
        {"py_modules", Type::texts, "Python modules that the workers load"},
        {"version", Type::text, "the manifest's own version"},
        {"head_image", Type::text, "container image of the Ray head"},
        {"worker_image", Type::text, "container image of the Ray workers"},
        {"skip_site_packages", Type::boolean, "capture the workspace alone (false)"},
    };
    return keys;
}

const std::vector<Key>& column_keys() {
    static const std::vector<Key> keys = {
        {"transform", Type::transform,
         "the function that computes the column, MODULE:OBJECT, found from the folder of the file"},
        {"expression", Type::text, "an SQL expression of the table's columns"},
        {"keep", Type::yes, "the column is there and stays as it is, whatever computes it"},
        {"manifest", Type::text, "the name of a manifest of this file, pinned to the column"},
        {"inputs", Type::texts, "columns to read instead of the function's own, in its order"},
        {"backfill", Type::due,
         "when a backfill is due: never, new (no DONE job for the present snapshot; the default) "
         "or always"},
        {"where", Type::text, "SQL: only these rows are computed"},
    };
    return keys;
}

const std::vector<Key>& view_keys() {
    static const std::vector<Key> keys = {
        {"source", Type::text, "the table or view that it reads"},
        {"query", Type::yes, "the view is a query: select and where say which"},
        {"chunker", Type::transform, "the chunker (1:N) that makes the rows, MODULE:OBJECT"},
        {"udtf", Type::transform, "the table function (N:M) that makes the rows, MODULE:OBJECT"},
        {"keep", Type::yes, "the view is there and stays as it is, whatever makes it"},
        {"select", Type::texts, "columns of the source: \"id\", or \"alias=expression\""},
        {"where", Type::text, "SQL: only these rows of the source"},
        {"manifest", Type::text, "the name of a manifest of this file, the view's snapshot"},
        {"partition_by", Type::text, "the column by which a udtf's input is partitioned"},
        {"refresh", Type::due,
         "when a refresh is due: never, new (no DONE job for the present snapshot; the default) or "
         "always"},
    };
    return keys;
}

const std::vector<std::string>& manifest_kinds() {
    static const std::vector<std::string> kinds = {"pip", "requirements", "lock", "capture",
                                                   "file"};
    return kinds;
}

const std::vector<std::string>& column_kinds() {
    static const std::vector<std::string> kinds = {"transform", "expression", "keep"};
    return kinds;
}

const std::vector<std::string>& view_kinds() {
    static const std::vector<std::string> kinds = {"query", "chunker", "udtf", "keep"};
    return kinds;
}

const std::vector<Pair>& manifest_refusals() {
    static const std::vector<Pair> pairs = {
        {"skip_site_packages", "pip", "it belongs to capture = true"},
        {"skip_site_packages", "requirements", "it belongs to capture = true"},
        {"skip_site_packages", "lock", "it belongs to capture = true"},
        {"skip_site_packages", "file", k_in_the_file},
        {"env_vars", "file", k_in_the_file},
        {"extra_index_urls", "file", k_in_the_file},
        {"py_modules", "file", k_in_the_file},
        {"version", "file", k_in_the_file},
        {"head_image", "file", k_in_the_file},
        {"worker_image", "file", k_in_the_file},
    };
    return pairs;
}

const std::vector<Pair>& column_refusals() {
    static const std::vector<Pair> pairs = {
        {"manifest", "expression", k_no_job}, {"inputs", "expression", k_no_job},
        {"where", "expression", k_no_job},    {"backfill", "expression", k_no_job},
        {"manifest", "keep", k_stays},        {"inputs", "keep", k_stays},
        {"where", "keep", k_stays},           {"backfill", "keep", k_stays},
    };
    return pairs;
}

const std::vector<Pair>& view_refusals() {
    static const std::vector<Pair> pairs = {
        {"partition_by", "query", "only a udtf is partitioned"},
        {"partition_by", "chunker", "only a udtf is partitioned"},
        {"source", "keep", k_stays},
        {"select", "keep", k_stays},
        {"where", "keep", k_stays},
        {"manifest", "keep", k_stays},
        {"partition_by", "keep", k_stays},
        {"refresh", "keep", k_stays},
    };
    return pairs;
}

}  // namespace genevactl::project
