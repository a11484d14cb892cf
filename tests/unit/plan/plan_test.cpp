// SPDX-License-Identifier: Apache-2.0
#include "genevactl/plan/plan.hpp"

#include <nlohmann/json.hpp>

#include "genevactl/model/registration.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using base::ErrorKind;
using model::JobRecord;
using model::JobStatus;
using model::Registration;
using plan::Action;
using project::Due;

namespace {

const model::ObjectId k_docs{{"docs"}};
constexpr const char* k_old = "2026-11-22T09:00:00Z";
constexpr const char* k_registered = "2026-11-22T09:10:00Z";
constexpr const char* k_new = "2026-11-22T09:20:00Z";

model::PinnedManifest manifest(const std::string& checksum, const std::string& name = "deps") {
    return {.name = name, .checksum = checksum, .json = "{}"};
}

model::TransformDescription transform(const std::string& identity = "v1:aaaa") {
    model::TransformDescription result;
    result.kind = "udf";
    result.target = "features:embed";
    result.name = "embed";
    result.identity = identity;
    result.inputs = {"text"};
    result.outputs = {{.column = "", .type = "int64", .type_json = "{}"}};
    return result;
}

/// docs.embedding as the file wants it.
plan::WantedColumn wanted_column() {
    return {.table = k_docs,
            .columns = {"embedding"},
            .place = "geneva.toml:3",
            .transform = transform(),
            .manifest = manifest("1111")};
}

/// How docs.embedding was registered.
struct Registered {
    std::string identity = "v1:aaaa";
    std::string checksum = "1111";
    std::string type = "int64";
    std::string udf = "embed";
    std::string inputs = R"(["text"])";
    std::optional<Registration> registration = Registration{};
    std::string unpack_group = {};
};

model::Field plain_field(const std::string& name, const std::string& type = "string") {
    return {.name = name, .type = type, .type_json = "{}"};
}

model::Field computed_field(const std::string& name, const Registered& of) {
    auto field = plain_field(name, of.type);
    field.metadata = {{"virtual_column", "true"},
                      {"virtual_column.udf_name", of.udf},
                      {"virtual_column.udf", "_udfs/" + name},
                      {"virtual_column.udf_inputs", of.inputs}};
    if (!of.identity.empty()) field.metadata["genevactl.identity"] = of.identity;
    if (!of.checksum.empty()) {
        field.metadata["virtual_column.manifest"] = R"({"name":"deps"})";
        field.metadata["virtual_column.manifest_checksum"] = of.checksum;
    }
    if (of.registration) {
        field.metadata[model::k_registered_key] = model::registration_text(*of.registration);
    }
    if (!of.unpack_group.empty()) {
        field.metadata["virtual_column.unpack_group"] = of.unpack_group;
    }
    return field;
}

Registration since(Registration::How how, const std::string& last_job = k_registered) {
    return {.how = how, .last_job = base::parse_rfc3339(last_job).value()};
}

JobRecord job(JobStatus status, const std::string& launched = k_new,
              const std::string& config = "{}") {
    JobRecord record;
    record.id = "job-1";
    record.table = "docs";
    record.column = "embedding";
    record.status = status;
    record.launched_at = base::parse_rfc3339(launched).value();
    record.config = config;
    return record;
}

/// A file and a deployment, and the plan of both.
struct World {
    plan::Wanted wanted = {.columns = {wanted_column()}};
    plan::Seen seen = {};
    plan::Options options = {.listed = {"docs.embedding"}};

    World() {
        seen.tables["docs"] = {.id = k_docs, .rows = 7};
        add(plain_field("text"));
    }

    void add(model::Field field) { seen.tables["docs"].schema.fields.push_back(std::move(field)); }
    void add(const Registered& of) { add(computed_field("embedding", of)); }
    plan::Plan make() const { return plan::make(wanted, seen, options); }
};

/// "alter-column docs.embedding, backfill* docs.embedding"; "*" stands for computing anew.
std::string steps_of(const plan::Plan& plan) {
    std::string text;
    for (const auto& step : plan.steps) {
        text += (text.empty() ? "" : ", ") + std::string(plan::name_of(step.action)) +
                (step.recompute ? "* " : " ") + step.target();
    }
    return text;
}

const char* const k_nothing = "";
const char* const k_backfill = "backfill docs.embedding";
const char* const k_recompute = "backfill* docs.embedding";
const char* const k_add = "add-column docs.embedding, backfill docs.embedding";
const char* const k_alter = "alter-column docs.embedding, backfill* docs.embedding";

}  // namespace

TEST_CASE("a column that is not there is added and computed") {
    World world;
    const auto plan = world.make();
    CHECK(steps_of(plan) == k_add);
    CHECK(plan.steps[1].needs == std::vector<std::size_t>{0});
    CHECK(plan.steps[0].after->checksum == "1111");
    CHECK(plan.obstacles.empty());

    world.wanted.columns[0].due = Due::never;
    CHECK(steps_of(world.make()) == "add-column docs.embedding");
    world.wanted.columns[0].transform.reset();
    world.wanted.columns[0].expression = "upper(text)";
    world.wanted.columns[0].due = Due::always;
    CHECK(steps_of(world.make()) == "add-column docs.embedding");
    world.wanted.columns[0].expression.reset();
    CHECK(world.make().obstacles.at(0).error.kind == ErrorKind::not_found);
    world.seen.tables.clear();
    CHECK(world.make().obstacles.at(0).error.message == "there is no table docs");
}

TEST_CASE("a registration is compared by identity, manifest, inputs and type") {
    struct Row {
        const char* what;
        Registered registered;
        const char* steps;
        const char* reason;
    };
    const std::vector<Row> rows = {
        {"the same", {}, k_nothing, ""},
        {"the code changed",
         {.identity = "v1:bbbb"},
         k_alter,
         "features:embed changed (v1:aaaa, registered v1:bbbb)"},
        {"the manifest changed",
         {.checksum = "2222"},
         k_alter,
         "pinned deps@2222, local definition @1111"},
        {"both changed",
         {.identity = "v1:bbbb", .checksum = "2222"},
         k_alter,
         "features:embed changed (v1:aaaa, registered v1:bbbb); pinned deps@2222, local definition "
         "@1111"},
        {"nothing was pinned",
         {.checksum = ""},
         k_alter,
         "pinned to none, local definition deps@1111"},
        {"an unknown identity, the same name", {.identity = ""}, k_nothing, ""},
        {"an identity of another algorithm", {.identity = "v2:aaaa"}, k_nothing, ""},
        {"an unknown identity, another name",
         {.identity = "", .udf = "other"},
         k_alter,
         "computed by other, the file says features:embed (embed)"},
        {"other inputs", {.inputs = R"(["title"])"}, k_alter, "reads title, the file says text"},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        World world;
        world.add(row.registered);
        world.seen.jobs["docs"] = {job(JobStatus::done)};
        const auto plan = world.make();
        CHECK(steps_of(plan) == row.steps);
        CHECK(plan.obstacles.empty());
        if (!plan.steps.empty()) {
            CHECK(plan.steps[0].reason == row.reason);
            CHECK(plan.steps[1].needs == std::vector<std::size_t>{0});
        }
        CHECK(plan.notes.size() ==
              (row.registered.identity == "v1:aaaa" || row.registered.identity == "v1:bbbb" ? 0U
                                                                                            : 1U));
    }
}

TEST_CASE("what cannot be re-pointed stands in the way") {
    struct Row {
        const char* what;
        model::Field field;
        const char* message;
    };
    const std::vector<Row> rows = {
        {"another type", computed_field("embedding", {.type = "string"}),
         "features:embed gives int64, the column is string"},
        {"a plain column", plain_field("embedding", "int64"),
         "it is a plain column, not one that a transform computes"},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        World world;
        world.add(row.field);
        const auto plan = world.make();
        CHECK(plan.steps.empty());
        REQUIRE(plan.obstacles.size() == 1);
        CHECK(plan.obstacles[0].target == "docs.embedding");
        CHECK(plan.obstacles[0].error.kind == ErrorKind::conflict);
        CHECK(plan.obstacles[0].error.message == row.message);
        CHECK(plan.obstacles[0].error.hint.find("genevactl column drop docs embedding --yes") !=
              std::string::npos);
        CHECK_FALSE(plan.empty());
    }
    World world;
    world.add(Registered{});
    world.wanted.columns[0].transform.reset();
    world.wanted.columns[0].expression = "1";
    CHECK(world.make().obstacles.size() == 1);
}

TEST_CASE("a job is due while none is DONE for the present snapshot") {
    const auto added = since(Registration::How::added);
    const auto altered = since(Registration::How::altered);
    const std::string where = R"({"where":"lang = 'en'"})";
    const std::string every = R"({"where":"1=1 AND 'genevactl apply T' = 'genevactl apply T'"})";
    const std::string plain = R"({"manifest_origin":"pinned"})";
    struct Row {
        const char* what;
        std::optional<Registration> registration;
        Due due;
        std::vector<JobRecord> jobs;
        std::optional<std::string> where;
        const char* steps;
        bool stopped = false;
    };
    const std::vector<Row> rows = {
        {"no job", added, Due::fresh, {}, {}, k_backfill},
        {"never", added, Due::never, {}, {}, k_nothing},
        {"always, nothing done", added, Due::always, {}, {}, k_backfill},
        {"done", added, Due::fresh, {job(JobStatus::done)}, {}, k_nothing},
        {"done, always", added, Due::always, {job(JobStatus::done)}, {}, k_backfill},
        {"done before", added, Due::fresh, {job(JobStatus::done, k_old)}, {}, k_backfill},
        {"done at that moment",
         added,
         Due::fresh,
         {job(JobStatus::done, k_registered)},
         {},
         k_backfill},
        {"no job had been there",
         Registration{},
         Due::fresh,
         {job(JobStatus::done, k_old)},
         {},
         k_nothing},
        {"failed", added, Due::fresh, {job(JobStatus::failed)}, {}, k_backfill},
        {"cancelled", added, Due::fresh, {job(JobStatus::cancelled)}, {}, k_backfill},
        {"runs", added, Due::fresh, {job(JobStatus::running)}, {}, k_backfill},
        {"runs since before",
         added,
         Due::fresh,
         {job(JobStatus::running, k_old)},
         {},
         k_nothing,
         true},
        {"re-pointed, no job", altered, Due::fresh, {}, {}, k_recompute},
        {"re-pointed, all computed",
         altered,
         Due::fresh,
         {job(JobStatus::done, k_new, every)},
         {},
         k_nothing},
        {"re-pointed, always",
         altered,
         Due::always,
         {job(JobStatus::done, k_new, every)},
         {},
         k_backfill},
        {"re-pointed, only the empty ones",
         altered,
         Due::fresh,
         {job(JobStatus::done, k_new, plain)},
         {},
         k_recompute},
        {"re-pointed, rows unknown", altered, Due::fresh, {job(JobStatus::done)}, {}, k_nothing},
        {"re-pointed, computed before",
         altered,
         Due::fresh,
         {job(JobStatus::done, k_old, every)},
         {},
         k_recompute},
        {"where, the same",
         added,
         Due::fresh,
         {job(JobStatus::done, k_new, where)},
         "lang = 'en'",
         k_nothing},
        {"where, another",
         added,
         Due::fresh,
         {job(JobStatus::done, k_new, where)},
         "lang = 'de'",
         k_backfill},
        {"where, in brackets with a mark",
         altered,
         Due::fresh,
         {job(JobStatus::done, k_new,
              R"({"where":"(lang = 'en') AND 'genevactl apply T' = 'genevactl apply T'"})")},
         "lang = 'en'",
         k_nothing},
        {"all, some were done",
         added,
         Due::fresh,
         {job(JobStatus::done, k_new, where)},
         {},
         k_backfill},
        {"where, all were done",
         added,
         Due::fresh,
         {job(JobStatus::done, k_new, every)},
         "lang = 'en'",
         k_nothing},
        {"with another manifest",
         added,
         Due::fresh,
         {job(JobStatus::done, k_new, R"({"manifest":"big"})")},
         {},
         k_backfill},
        {"of another client",
         std::nullopt,
         Due::fresh,
         {job(JobStatus::done, k_old)},
         {},
         k_nothing},
        {"of another client, no job", std::nullopt, Due::fresh, {}, {}, k_backfill},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        World world;
        world.add(Registered{.registration = row.registration});
        world.wanted.columns[0].due = row.due;
        world.wanted.columns[0].where = row.where;
        world.seen.jobs["docs"] = row.jobs;
        const auto plan = world.make();
        CHECK(steps_of(plan) == row.steps);
        CHECK(plan.obstacles.empty() != row.stopped);
        if (!plan.steps.empty()) CHECK(plan.steps[0].where == row.where);
    }
}

TEST_CASE("without a time only the manifest of a job tells whether it is one of the snapshot") {
    World world;
    world.add(Registered{.registration = std::nullopt});
    auto done = job(JobStatus::done);
    done.manifest_checksum = "1111";
    world.seen.jobs["docs"] = {done};
    auto plan = world.make();
    CHECK(plan.steps.empty());
    CHECK(plan.notes.at(0).find("ran with the same manifest") != std::string::npos);
    world.seen.jobs["docs"][0].manifest_checksum = "2222";
    CHECK(steps_of(world.make()) == k_backfill);
}

TEST_CASE("a job that does what is due is followed, one of the old registration waited for") {
    World world;
    world.add(Registered{.registration = since(Registration::How::added)});
    world.seen.jobs["docs"] = {job(JobStatus::running)};
    CHECK(world.make().steps.at(0).follows == "job-1");
    CHECK(world.make().steps.at(0).reason == "job job-1 is RUNNING");

    world.wanted.columns[0].manifest = manifest("3333");  // to be re-pointed while it runs
    const auto plan = world.make();
    CHECK(plan.steps.empty());
    CHECK(plan.obstacles.at(0).error.hint.find("genevactl job wait job-1") != std::string::npos);

    world.seen.jobs["docs"] = {job(JobStatus::failed)};
    world.wanted.columns[0].manifest = manifest("1111");
    CHECK(world.make().steps.at(0).reason ==
          "no DONE job for its present snapshot (job job-1 ended FAILED)");
}

TEST_CASE("a column that is re-pointed and never computed keeps its values, which is said") {
    World world;
    world.add(Registered{.checksum = "2222"});
    world.wanted.columns[0].due = Due::never;
    const auto plan = world.make();
    CHECK(steps_of(plan) == "alter-column docs.embedding");
    CHECK(plan.notes.at(0).find("old values are kept") != std::string::npos);
}

TEST_CASE("the outputs of one transform are one step, and are not re-pointed") {
    World world;
    auto& column = world.wanted.columns[0];
    column.columns = {"width", "height"};
    column.transform->outputs = {{.column = "width", .type = "int64", .type_json = "{}"},
                                 {.column = "height", .type = "int64", .type_json = "{}"}};
    CHECK(steps_of(world.make()) == "add-column docs.width,height, backfill docs.width,height");
    world.add(computed_field("width", {.unpack_group = "g"}));
    CHECK(world.make().obstacles.at(0).error.message ==
          "docs has some of the outputs of features:embed and lacks others");
    world.add(computed_field("height", {.unpack_group = "g"}));
    auto done = job(JobStatus::done);
    done.column = "width";
    world.seen.jobs["docs"] = {done};
    CHECK(world.make().steps.empty());
    CHECK(world.make().obstacles.empty());
    column.manifest = manifest("3333");
    CHECK(world.make().steps.empty());
    CHECK(world.make().obstacles.at(0).error.hint.find("column drop docs width height --yes") !=
          std::string::npos);
}

TEST_CASE("a column is computed after the columns that it reads") {
    World world;
    auto second = wanted_column();
    second.columns = {"score"};
    second.transform->inputs = {"embedding"};
    world.wanted.columns.insert(world.wanted.columns.begin(), second);
    const auto plan = world.make();
    CHECK(steps_of(plan) ==
          "add-column docs.embedding, add-column docs.score, backfill docs.embedding, "
          "backfill docs.score");
    CHECK(plan.steps[1].needs == std::vector<std::size_t>{0});
    CHECK(plan.steps[3].needs == std::vector<std::size_t>{1, 2});

    world.wanted.columns[1].transform->inputs = {"score"};
    CHECK(world.make().obstacles.at(0).error.kind == ErrorKind::usage);
}

TEST_CASE("archives are uploaded only for what is registered with them, and before that") {
    World world;
    world.wanted.uploads = {{.manifest = "deps", .checksum = "1111", .bytes = 9, .archives = 2},
                            {.manifest = "other", .checksum = "4444", .bytes = 9, .archives = 1}};
    const auto plan = world.make();
    CHECK(steps_of(plan) == "upload deps, add-column docs.embedding, backfill docs.embedding");
    CHECK(plan.steps[0].bytes == 9U);
    CHECK(plan.steps[1].needs == std::vector<std::size_t>{0});
    world.add(Registered{});
    world.seen.jobs["docs"] = {job(JobStatus::done)};
    CHECK(world.make().steps.empty());
}

TEST_CASE("what the file has not is listed, and with prune dropped at the end") {
    World world;
    world.add(computed_field("old", {.udf = "gone"}));
    auto plan = world.make();
    REQUIRE(plan.unlisted.size() == 1);
    CHECK(plan.unlisted[0].text() == "docs.old");
    CHECK(plan.unlisted[0].made_by == "gone");
    CHECK(steps_of(plan) == k_add);
    world.options.prune = true;
    plan = world.make();
    CHECK(steps_of(plan) == std::string(k_add) + ", drop-column docs.old");
    CHECK(plan.steps[2].needs == std::vector<std::size_t>{0, 1});
    world.options.selects = [](const std::string& name) { return name != "docs.old"; };
    CHECK(world.make().unlisted.empty());
    CHECK(steps_of(world.make()) == k_add);
}

TEST_CASE("a glob is matched as a shell does") {
    struct Row {
        const char* glob;
        const char* name;
        bool fits;
    };
    const std::vector<Row> rows = {
        {"docs.embedding", "docs.embedding", true},
        {"docs.*", "docs.embedding", true},
        {"*", "", true},
        {"*.embedding", "team/docs.embedding", true},
        {"d?cs.e*g", "docs.embedding", true},
        {"docs.*x", "docs.embedding", false},
        {"docs", "docs.embedding", false},
        {"", "docs", false},
        {"*a*b*", "xaxxb", true},
        {"*a*b", "xaxxbx", false},
    };
    for (const auto& row : rows) {
        INFO(row.glob << " " << row.name);
        CHECK(plan::matches(row.glob, row.name) == row.fits);
    }
}
