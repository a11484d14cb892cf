// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/surroundings.hpp"

#include "support/catch.hpp"

using namespace genevactl::base;

TEST_CASE("an empty variable counts as not set") {
    const Surroundings surroundings{.environment = {{"A", "x"}, {"B", ""}},
                                    .working_directory = {}};
    CHECK(surroundings.variable("A") == "x");
    CHECK_FALSE(surroundings.variable("B"));
    CHECK_FALSE(surroundings.variable("C"));
}

TEST_CASE("folders follow the XDG variables") {
    const Surroundings surroundings{.environment = {{"HOME", "/home/a"},
                                                    {"XDG_CONFIG_HOME", "/c"},
                                                    {"XDG_CACHE_HOME", "/k"},
                                                    {"XDG_STATE_HOME", "/s"},
                                                    {"XDG_DATA_HOME", "/d"}},
                                    .working_directory = {}};
    CHECK(surroundings.config_home() == "/c/genevactl");
    CHECK(surroundings.cache_home() == "/k/genevactl");
    CHECK(surroundings.state_home() == "/s/genevactl");
    CHECK(surroundings.data_home() == "/d/genevactl");
}

TEST_CASE("a relative or missing XDG variable falls back to HOME") {
    const Surroundings surroundings{
        .environment = {{"HOME", "/home/a"}, {"XDG_CONFIG_HOME", "relative"}},
        .working_directory = {}};
    CHECK(surroundings.config_home() == "/home/a/.config/genevactl");
    CHECK(surroundings.cache_home() == "/home/a/.cache/genevactl");
    CHECK(surroundings.state_home() == "/home/a/.local/state/genevactl");
    CHECK(surroundings.data_home() == "/home/a/.local/share/genevactl");
}

TEST_CASE("without HOME the folders are the user's own below the temporary directory") {
    const Surroundings nothing{.environment = {}, .working_directory = {}};
    CHECK(nothing.config_home().string().find("/tmp/genevactl-") == 0);
    CHECK(nothing.config_home().filename() == "config");
    const Surroundings temporary{.environment = {{"TMPDIR", "/t"}}, .working_directory = {}};
    CHECK(temporary.state_home().string().find("/t/genevactl-") == 0);
}

TEST_CASE("the process's own surroundings are read") {
    const auto surroundings = surroundings_of_process();
    CHECK(surroundings.working_directory.is_absolute());
    CHECK(version().find('.') != std::string_view::npos);
}
