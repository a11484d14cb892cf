// SPDX-License-Identifier: Apache-2.0
#include "genevactl/cli/cli.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <ostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "complete.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/render/render.hpp"
#include "tree.hpp"
#include "usage.hpp"

namespace genevactl::cli {

using base::Error;
using base::ErrorKind;

namespace {

constexpr std::string_view k_bug_hint =
    "this is a bug in genevactl: please report it with the command and this message";

int terminal_columns() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The format that the command line asks for, found without parsing it: a usage error is already
/// written in that format.
render::Format format_of(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view word = arguments[i];
        std::string text;
        if ((word == "-o" || word == "--output") && i + 1 < arguments.size()) {
            text = arguments[i + 1];
        } else if (base::starts_with(word, "--output=")) {
            text = word.substr(9);
        } else if (base::starts_with(word, "-o") && word.size() > 2) {
            text = word.substr(2);
        }
        if (!text.empty()) {
            return render::parse_format(text).value_or(render::Format::table);
        }
    }
    return render::Format::table;
}

bool wants_color(const base::Surroundings& surroundings, std::string_view when, bool terminal) {
    if (when == "always" || when == "never") {
        return when == "always";
    }
    const bool dumb = surroundings.variable("TERM") == "dumb";
    return terminal && !dumb && !surroundings.variable("NO_COLOR");
}

/// The help of the deepest command that was named, with its whole path in the usage line.
std::string help_of(const CLI::App& tree) {
    const CLI::App* deepest = &tree;
    std::string parents;
    for (auto chosen = tree.get_subcommands(); !chosen.empty();
         chosen = deepest->get_subcommands()) {
        parents += (parents.empty() ? "" : " ") + deepest->get_name();
        deepest = chosen.front();
    }
    auto help = deepest->help(parents);
    if (deepest != &tree) {
        help += "\nThe options of `genevactl --help` (--uri, --output, …) go with every command.\n";
    }
    return help;
}

class Command {
public:
    Command(const std::vector<std::string>& arguments, const base::Surroundings& surroundings,
            std::ostream& out, std::ostream& err)
        : m_arguments(arguments),
          m_surroundings(surroundings),
          m_out(out),
          m_err(err),
          m_tree(make_tree(m_invocation)) {
        m_style.format = format_of(arguments);
        m_style.columns = terminal_columns();
        m_style.terminal = surroundings.stdout_is_terminal;
        set_color("auto");
        m_invocation.working_directory = surroundings.working_directory;
    }

    int run() {
        const int code = answer_and_write();
        if (m_log) {
            m_log->say(fmt::format("exit code {}", code));
        }
        return code;
    }

private:
    int answer_and_write() {
        auto outcome = answer();
        if (!outcome) {
            render::write_error(outcome.error(), m_error_style, m_out, m_err);
            return base::exit_code_of(outcome.error().kind);
        }
        if (const auto written = render::write(*outcome, m_style, m_out, m_err); !written) {
            render::write_error(written.error(), m_error_style, m_err, m_err);
            return base::exit_code_of(written.error().kind);
        }
        const auto ended = outcome->listing ? outcome->listing->ended() : outcome->ended;
        return ended ? base::exit_code_of(*ended) : 0;
    }

    run::Answer answer() {
        try {
            auto reversed = m_arguments;
            std::ranges::reverse(reversed);
            m_tree->parse(std::move(reversed));
        } catch (const CLI::CallForHelp&) {
            return text_outcome(help_of(*m_tree));
        } catch (const CLI::CallForVersion& version) {
            return text_outcome(std::string(version.what()) + "\n");
        } catch (const CLI::ParseError& error) {
            return base::fail(usage_error(*m_tree, error, m_arguments));
        }
        GENEVACTL_TRY(m_style.format, render::parse_format(m_invocation.output, writes_files()));
        if (m_invocation.text) {
            GENEVACTL_TRY(auto text, m_invocation.text(*m_tree));
            return text_outcome(std::move(text));
        }
        GENEVACTL_TRY(auto settings, settings::load(m_surroundings, m_invocation.flags,
                                                    m_invocation.profile_must_exist));
        set_color(settings.color.value);
        m_style.quiet = m_invocation.quiet;
        auto style = m_error_style;
        style.quiet = m_invocation.quiet;
        m_settled = m_surroundings;
        if (m_invocation.verbose) {
            // Lines that are drawn anew in place would tear the log's apart.
            style.terminal = false;
            m_log.emplace(m_err, *m_surroundings.clock);
            m_settled.log = &*m_log;
            log_start(settings);
        }
        m_reporter = render::make_reporter(style, *m_surroundings.clock, m_err);
        m_session.emplace(m_settled, std::move(settings), *m_reporter);
        auto outcome = m_invocation.verb(*m_session);
        m_reporter->finish();  // what is drawn on the terminal goes before the result comes
        return outcome;
    }

    void log_start(const settings::Settings& settings) {
        m_log->say(fmt::format("genevactl {}: {} in {}", base::version(),
                               reach(*m_tree, m_arguments).path,
                               m_surroundings.working_directory.string()));
        for (const auto& setting : settings::list(settings)) {
            if (setting.origin.source != settings::Source::defaults) {
                // A command line may hold a secret.
                const bool command = setting.name == "api_key_command";
                m_log->say(fmt::format("setting {} = {} ({})", setting.name,
                                       command ? "[set]" : setting.value, setting.origin.place));
            }
        }
    }

    bool writes_files() const {
        const auto reached = reach(*m_tree, m_arguments);
        return reached.command->get_option_no_throw("--out") != nullptr;
    }

    static model::Outcome text_outcome(std::string text) {
        model::Outcome outcome;
        outcome.raw = std::move(text);
        outcome.document = *outcome.raw;
        return outcome;
    }

    void set_color(std::string_view when) {
        m_style.color = wants_color(m_surroundings, when, m_surroundings.stdout_is_terminal);
        m_error_style = m_style;
        m_error_style.terminal = m_surroundings.stderr_is_terminal;
        m_error_style.color = wants_color(m_surroundings, when, m_surroundings.stderr_is_terminal);
    }

    const std::vector<std::string>& m_arguments;
    const base::Surroundings& m_surroundings;
    std::ostream& m_out;
    std::ostream& m_err;
    Invocation m_invocation;
    std::optional<base::Log> m_log;
    std::unique_ptr<CLI::App> m_tree;
    render::Style m_style;
    render::Style m_error_style;
    base::Surroundings m_settled = {};  // with the log of this command
    std::unique_ptr<model::Reporter> m_reporter = {};
    std::optional<run::Session> m_session = {};  // a list is read from it while it is printed
};

}  // namespace

int run(const std::vector<std::string>& arguments, const base::Surroundings& surroundings,
        std::ostream& out, std::ostream& err) {
    try {
        if (!arguments.empty() && arguments.front() == k_complete) {
            return complete({arguments.begin() + 1, arguments.end()}, surroundings, out);
        }
        return Command(arguments, surroundings, out, err).run();
    } catch (const std::exception& exception) {
        const Error error{.kind = ErrorKind::internal,
                          .message = exception.what(),
                          .hint = std::string(k_bug_hint)};
        render::write_error(error, {}, out, err);
        return base::exit_code_of(ErrorKind::internal);
    }
}

}  // namespace genevactl::cli
