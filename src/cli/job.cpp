// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/jobs.hpp"
#include "invocation.hpp"

namespace genevactl::cli {

namespace {

void backfill_options(CLI::App& app, run::Backfill& request) {
    auto& parameters = request.parameters;
    app.add_option("table", request.table, "The table")->type_name("TABLE");
    app.add_option("columns", request.columns,
                   "Computed columns, a job each (one for the columns of one transform)")
        ->type_name("COLUMN");
    app.add_option("--retry-failed", request.retry_failed,
                   "Compute the rows that failed in this job; TABLE and COLUMN are the job's")
        ->type_name("JOB");
    app.add_option("--where", parameters.where,
                   "Compute the rows of this SQL filter (default: those that are null)")
        ->type_name("SQL");
    app.add_flag("--force", request.force, "Compute every row anew");
    app.add_option("--manifest", parameters.manifest,
                   "Use this manifest of the deployment for this job only")
        ->type_name("MANIFEST");
    app.add_option("--cluster", parameters.cluster, "Run on this cluster of the deployment")
        ->type_name("NAME");
    add_count(app, "--concurrency", parameters.concurrency, "Workers (default 8)");
    add_count(app, "--intra-applier-concurrency", parameters.intra_applier_concurrency,
              "Threads in each worker (default 1)");
    add_count(app, "--min-checkpoint-size", parameters.min_checkpoint_size,
              "Rows of the smallest checkpoint");
    add_count(app, "--max-checkpoint-size", parameters.max_checkpoint_size,
              "Rows of the largest checkpoint");
    add_count(app, "--checkpoint-size", parameters.checkpoint_size, "Rows of a checkpoint");
    app.add_option_function<std::string>(
           "--checkpoint-flush-interval",
           [&parameters](const std::string& text) {
               const auto duration = base::parse_duration(text);
               if (!duration) {
                   throw CLI::ValidationError(
                       "--checkpoint-flush-interval",
                       duration.error().message + ": " + duration.error().hint);
               }
               parameters.checkpoint_flush_interval_seconds =
                   std::chrono::duration<double>(*duration).count();
           },
           "Longest time between two checkpoints of a batch")
        ->type_name("DURATION");
    add_count(app, "--task-size", parameters.task_size, "Rows of a task");
    add_count(app, "--num-frags", parameters.num_frags, "Fragments to compute at most");
    add_count(app, "--read-version", parameters.read_version,
              "Table version to read (default: the present one)");
    add_count(app, "--commit-granularity", parameters.commit_granularity, "Fragments of a commit");
    app.add_flag("--new", request.fresh, "Start another job although one runs");
    app.add_flag("--dry-run", request.dry_run,
                 "Show the manifest and how many rows would be computed; start nothing");
    app.add_flag("--detach", request.waiting.detach, "Do not wait for the end");
    add_waiting(app, request.waiting);
}

void job_list_options(CLI::App& app, run::JobList& request) {
    app.add_option("--table", request.table, "Only of this table")->type_name("TABLE");
    app.add_option("--column", request.column, "Only those that fill this column")
        ->type_name("COLUMN");
    app.add_option("--status", request.statuses,
                   "Only with these: PENDING, RUNNING, DONE, FAILED, CANCELLED")
        ->type_name("STATUS")
        ->delimiter(',')
        ->expected(1)
        ->take_all();
    app.add_option("--since", request.since, "Launched since a time or an age (2h, 7d)")
        ->type_name("TIME");
    add_count(app, "--limit", request.limit, "The first N only");
    app.add_option("--sort", request.sort,
                   std::string("By ") + run::k_job_sort_keys +
                       "; a - before it turns the order (--sort=-took)")
        ->type_name("ORDER");
}

CLI::Option* id_option(CLI::App& app, std::string& id) {
    return app.add_option("id", id, "Id of the job")->required()->type_name("ID");
}

CLI::Option* ids_option(CLI::App& app, std::vector<std::string>& ids) {
    return app.add_option("ids", ids, "Ids of jobs")->type_name("ID");
}

void follow_option(CLI::App& app, bool& follow) {
    app.add_flag("-f,--follow", follow, "Go on with what comes until the job has ended");
}

void show_options(CLI::App& app, run::JobIds& request) {
    app.add_option("id", request.ids, "Id of the job")->required()->expected(1)->type_name("ID");
}

void wait_options(CLI::App& app, run::JobIds& request) {
    ids_option(app, request.ids);
    app.add_flag("--any", request.waiting.any, "Until the first of them has ended");
    add_waiting(app, request.waiting);
}

void watch_options(CLI::App& app, run::JobWatch& request) {
    ids_option(app, request.ids);
    app.add_flag("--all", request.all, "Every job that is live, and those that are launched later");
}

void events_options(CLI::App& app, run::JobEvents& request) {
    id_option(app, request.id);
    follow_option(app, request.follow);
    app.add_option("--since", request.since, "Those since a time or an age (2h, 7d)")
        ->type_name("TIME");
}

void logs_options(CLI::App& app, run::JobLogs& request) {
    id_option(app, request.id);
    follow_option(app, request.follow);
}

void report_options(CLI::App& app, run::JobReport& request) {
    app.add_option("what", request.what, "Id of a job, or a table whose jobs are shown together")
        ->required()
        ->type_name("ID|TABLE");
    app.add_option("--html", request.html, "The page to write")->required()->type_name("FILE");
}

}  // namespace

void add_backfill(CLI::App& app, Invocation& invocation) {
    add_command<run::Backfill>(
        app, invocation, "backfill",
        "Compute the rows of computed columns and follow the jobs to their end", run::backfill,
        backfill_options);
}

void add_job(CLI::App& app, Invocation& invocation) {
    auto& group = *add_group(app, "job", "Jobs of the database");
    add_command<run::JobList>(group, invocation, "list", "List jobs, newest first", run::job_list,
                              job_list_options);
    add_command<run::JobIds>(group, invocation, "show", "Show one job", run::job_show,
                             show_options);
    add_command<run::JobIds>(group, invocation, "wait",
                             "Follow jobs to their end (without an id: the last of this directory)",
                             run::job_wait, wait_options);
    add_command<run::JobWatch>(group, invocation, "watch",
                               "Show several jobs live (without an id: the last of this directory)",
                               run::job_watch, watch_options);
    add_command<run::JobEvents>(group, invocation, "events", "Show what a job said of itself",
                                run::job_events, events_options);
    add_command<run::JobErrors>(
        group, invocation, "errors", "Show the rows whose computation failed, by message",
        run::job_errors,
        [](CLI::App& command, run::JobErrors& request) { id_option(command, request.id); });
    add_command<run::JobLogs>(group, invocation, "logs",
                              "Show what a job's processes printed, where the deployment keeps it",
                              run::job_logs, logs_options);
    add_command<run::JobReport>(group, invocation, "report",
                                "Write a page about a job, or about all jobs of a table",
                                run::job_report, report_options);
    add_command<run::JobIds>(group, invocation, "cancel", "Cancel jobs, where the deployment can",
                             run::job_cancel, [](CLI::App& command, run::JobIds& request) {
                                 ids_option(command, request.ids)->required();
                             });
}

}  // namespace genevactl::cli
