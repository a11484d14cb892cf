// SPDX-License-Identifier: Apache-2.0
#include "spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <fstream>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

Variables variables_of(const Command& command) {
    Variables result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            result.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    for (const auto& name : command.unset) {
        result.erase(name);
    }
    for (const auto& [name, value] : command.environment) {
        result[name] = value;
    }
    return result;
}

bool is_program(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

/// The program's file: a name with a slash as it is, another looked up on the child's own PATH.
Result<std::string> find_program(const Command& command, const Variables& variables) {
    const auto& name = command.arguments.front();
    if (name.find('/') != std::string::npos) {
        return name;
    }
    const auto path = variables.find("PATH");
    for (const auto& folder :
         split(path == variables.end() ? "/usr/bin:/bin" : path->second, ':')) {
        if (const auto candidate = fs::path(folder) / name; is_program(candidate)) {
            return candidate.string();
        }
    }
    return fail(ErrorKind::not_found, fmt::format("there is no program {} on PATH", name));
}

struct Pipe {
    Descriptor read;
    Descriptor write;
};

/// Both ends above stderr, so that none is overwritten when the child's own three are put in place.
Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return fail(ErrorKind::failed, fmt::format("cannot make a pipe: {}", reason(errno)));
    }
    Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    for (auto* end : {&pipe.read, &pipe.write}) {
        if (end->get() <= STDERR_FILENO) {
            *end = Descriptor(::fcntl(end->get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
        }
        if (!end->open()) {
            return fail(ErrorKind::failed, fmt::format("cannot make a pipe: {}", reason(errno)));
        }
    }
    return pipe;
}

/// What posix_spawn is told; the first failed call is kept.
class Plan {
public:
    Plan() {
        keep(::posix_spawn_file_actions_init(&m_actions));
        keep(::posix_spawnattr_init(&m_attributes));
        sigset_t set;
        ::sigemptyset(&set);
        keep(::posix_spawnattr_setsigmask(&m_attributes, &set));
        ::sigaddset(&set, SIGPIPE);
        keep(::posix_spawnattr_setsigdefault(&m_attributes, &set));
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    ~Plan() {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    void connect(int from, int to) {
        keep(::posix_spawn_file_actions_adddup2(&m_actions, from, to));
    }
    void open(int descriptor, const char* path, int flags) {
        keep(::posix_spawn_file_actions_addopen(&m_actions, descriptor, path, flags, 0));
    }
    void enter(const fs::path& folder) {
        keep(::posix_spawn_file_actions_addchdir_np(&m_actions, folder.c_str()));
    }
    Result<pid_t> start(const std::string& program, const Command& command,
                        const Variables& variables, int flags);

private:
    void keep(int error) { m_error = m_error != 0 ? m_error : error; }

    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
    int m_error = 0;
};

Result<pid_t> Plan::start(const std::string& program, const Command& command,
                          const Variables& variables, int flags) {
    constexpr int k_always = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    keep(::posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1));
    keep(::posix_spawnattr_setflags(&m_attributes, static_cast<short>(k_always | flags)));
    std::vector<char*> arguments;
    arguments.reserve(command.arguments.size() + 1);
    for (const auto& argument : command.arguments) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    std::vector<std::string> lines;
    lines.reserve(variables.size());
    for (const auto& [name, value] : variables) {
        lines.push_back(fmt::format("{}={}", name, value));
    }
    std::vector<char*> environment;
    environment.reserve(lines.size() + 1);
    for (auto& line : lines) {
        environment.push_back(line.data());
    }
    environment.push_back(nullptr);
    pid_t pid = -1;
    if (m_error == 0) {
        m_error = ::posix_spawn(&pid, program.c_str(), &m_actions, &m_attributes, arguments.data(),
                                environment.data());
    }
    if (m_error != 0) {
        return file_error("run", program, m_error);
    }
    return pid;
}

/// Everything that is wrong before a process exists.
Status check(const Command& command) {
    if (command.arguments.empty() || command.arguments.front().empty()) {
        return fail(ErrorKind::internal, "a command without a program");
    }
    std::error_code ignored;
    if (command.working_directory && !fs::is_directory(*command.working_directory, ignored)) {
        return fail(ErrorKind::not_found,
                    fmt::format("there is no folder {} to run {} in",
                                command.working_directory->string(), command.arguments.front()));
    }
    return {};
}

void make_non_blocking(const Descriptor& descriptor) {
    if (descriptor.open()) {
        ::fcntl(descriptor.get(), F_SETFL, ::fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
    }
}

}  // namespace

Result<Spawned> spawn(const Command& command) {
    GENEVACTL_CHECK(check(command));
    const auto variables = variables_of(command);
    GENEVACTL_TRY(const auto program, find_program(command, variables));
    Plan plan;
    if (command.working_directory) {
        plan.enter(*command.working_directory);
    }
    GENEVACTL_TRY(auto output, make_pipe());
    plan.connect(output.write.get(), STDOUT_FILENO);
    Pipe input;
    if (command.input.empty()) {
        plan.open(STDIN_FILENO, "/dev/null", O_RDONLY);
    } else {
        GENEVACTL_TRY(input, make_pipe());
        plan.connect(input.read.get(), STDIN_FILENO);
    }
    Pipe errors;
    if (!command.inherit_stderr) {
        GENEVACTL_TRY(errors, make_pipe());
        plan.connect(errors.write.get(), STDERR_FILENO);
    }
    Spawned spawned;
    spawned.own_group = !command.inherit_stderr;
    GENEVACTL_TRY(spawned.pid, plan.start(program, command, variables,
                                          spawned.own_group ? POSIX_SPAWN_SETPGROUP : 0));
    spawned.input = std::move(input.write);
    spawned.output = std::move(output.read);
    spawned.errors = std::move(errors.read);
    make_non_blocking(spawned.input);
    make_non_blocking(spawned.output);
    make_non_blocking(spawned.errors);
    return spawned;
}

Result<pid_t> spawn_into_log(const Command& command, const fs::path& log) {
    GENEVACTL_CHECK(check(command));
    const auto variables = variables_of(command);
    GENEVACTL_TRY(const auto program, find_program(command, variables));
    Descriptor file(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file.open()) {
        return file_error("write", log, errno);
    }
    if (file.get() <= STDERR_FILENO) {
        file = Descriptor(::fcntl(file.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    }
    Plan plan;
    if (command.working_directory) {
        plan.enter(*command.working_directory);
    }
    plan.open(STDIN_FILENO, "/dev/null", O_RDONLY);
    plan.connect(file.get(), STDOUT_FILENO);
    plan.connect(file.get(), STDERR_FILENO);
    return plan.start(program, command, variables, POSIX_SPAWN_SETSID);
}

std::optional<long long> process_start(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    if (!std::getline(file, line)) {
        return std::nullopt;
    }
    // Field 2 is the name in parentheses and may hold anything; field 3 comes after the last one.
    const auto fields =
        split(std::string_view(line).substr(std::min(line.rfind(')'), line.size())), ' ');
    constexpr std::size_t k_start_after_name = 20;
    if (fields.size() <= k_start_after_name) {
        return std::nullopt;
    }
    const auto& text = fields[k_start_after_name];
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    return std::stoll(text);
}

}  // namespace genevactl::base
