// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "fixture.hpp"
#include "genevactl/base/clock.hpp"

using namespace settings_test;
using base::ErrorKind;
using settings::Source;

TEST_CASE("without any source every setting has its default") {
    const World world;
    const auto settings = world.loaded();
    CHECK_FALSE(settings.uri.value.has_value());
    CHECK_FALSE(settings.host_override.value.has_value());
    CHECK_FALSE(settings.profile.value.has_value());
    CHECK_FALSE(settings.api_key.value.has_value());
    CHECK(settings.request_timeout.value == std::chrono::seconds(60));
    CHECK(settings.connect_timeout.value == std::chrono::seconds(10));
    CHECK(settings.poll_interval.value == std::chrono::seconds(2));
    CHECK(settings.stale_after.value == std::chrono::minutes(15));
    CHECK(settings.appear_within.value == std::chrono::seconds(60));
    CHECK(settings.color.value == "auto");
    for (const auto& listed : settings::list(settings)) {
        CHECK(listed.origin.source == Source::defaults);
        CHECK(listed.origin.place == "default");
    }
}

TEST_CASE("a flag beats the environment, the project, the profile and the default, in this order") {
    World world;
    const auto config = world.config_toml("[profiles.default]\npoll_interval = \"4s\"\n");
    auto settings = world.loaded();
    CHECK(settings.poll_interval.value == std::chrono::seconds(4));
    CHECK(settings.poll_interval.origin.source == Source::profile);
    CHECK(settings.poll_interval.origin.place == "profile default (" + config.string() + ":2)");

    const auto project = world.geneva_toml("# wait\n[settings]\npoll_interval = \"3s\"\n");
    settings = world.loaded();
    CHECK(settings.poll_interval.value == std::chrono::seconds(3));
    CHECK(settings.poll_interval.origin.source == Source::project);
    CHECK(settings.poll_interval.origin.place == project.string() + ":3");

    world.set("GENEVACTL_POLL_INTERVAL", "5s");
    settings = world.loaded();
    CHECK(settings.poll_interval.value == std::chrono::seconds(5));
    CHECK(settings.poll_interval.origin.source == Source::environment);
    CHECK(settings.poll_interval.origin.place == "environment GENEVACTL_POLL_INTERVAL");

    settings = world.loaded({{"poll_interval", "1s"}});
    CHECK(settings.poll_interval.value == std::chrono::seconds(1));
    CHECK(settings.poll_interval.origin.source == Source::flag);
    CHECK(settings.poll_interval.origin.place == "flag --poll-interval");
}

TEST_CASE("every key is read from its variable and from where its row says, and nowhere else") {
    for (const auto& key : settings::keys()) {
        CAPTURE(std::string(key.name));
        const std::string name(key.name);
        const std::string value = key.type == "duration" ? "7s" : name == "color" ? "never" : "/v";
        const auto origin_of = [&](const settings::Settings& settings) {
            for (const auto& listed : settings::list(settings)) {
                if (listed.name == name) {
                    return listed.origin.source;
                }
            }
            FAIL("not listed");
            return Source::defaults;
        };
        {
            World world;
            world.set(std::string(key.environment), value);
            if (name == "profile") {
                world.config_toml("[profiles.\"/v\"]\n");
            }
            CHECK(origin_of(world.loaded()) == Source::environment);
        }
        {
            const World world;
            const auto table = key.project_table.empty() ? "settings" : key.project_table;
            world.geneva_toml("[" + std::string(table) + "]\n" + name + " = \"" + value + "\"\n");
            if (name == "profile") {
                world.config_toml("[profiles.\"/v\"]\n");
            }
            if (key.project_table.empty()) {
                CHECK(world.error().kind == ErrorKind::refused);
            } else {
                CHECK(origin_of(world.loaded()) == Source::project);
            }
        }
        if (name != "profile") {
            const World world;
            const auto text = "[profiles.default]\n" + name + " = \"" + value + "\"\n";
            key.secret ? world.credentials_toml(text) : world.config_toml(text);
            CHECK(origin_of(world.loaded()) == Source::profile);
        }
    }
}

TEST_CASE("every key is listed once, in the order of the table") {
    const World world;
    std::vector<std::string> names;
    for (const auto& listed : settings::list(world.loaded())) {
        names.push_back(listed.name);
    }
    std::vector<std::string> expected;
    for (const auto& key : settings::keys()) {
        expected.emplace_back(key.name);
    }
    CHECK(names == expected);
}

TEST_CASE("an empty variable counts as none") {
    World world;
    world.set("GENEVACTL_POLL_INTERVAL", "");
    CHECK(world.loaded().poll_interval.origin.source == Source::defaults);
}

TEST_CASE("durations are text or a number of seconds") {
    const World world;
    world.geneva_toml(
        "[settings]\npoll_interval = 90\nconnect_timeout = 0.5\n"
        "request_timeout = \"1h30m\"\n");
    const auto settings = world.loaded();
    CHECK(settings.poll_interval.value == std::chrono::seconds(90));
    CHECK(settings.connect_timeout.value == std::chrono::milliseconds(500));
    CHECK(settings.request_timeout.value == std::chrono::minutes(90));
}

TEST_CASE("a value that is none of its type is an error with its place") {
    World world;
    SECTION("a duration in the environment") {
        world.set("GENEVACTL_STALE_AFTER", "soon");
        CHECK(world.error().kind == ErrorKind::usage);
        CHECK(world.error().message.find("GENEVACTL_STALE_AFTER: stale_after: ") == 0);
    }
    SECTION("no time at all") {
        const auto file = world.geneva_toml("[settings]\npoll_interval = 0\n");
        CHECK(world.error().message ==
              file.string() + ":2:1: poll_interval must be longer than nothing");
    }
    SECTION("a list for a duration") {
        const auto file = world.geneva_toml("[settings]\npoll_interval = [1]\n");
        CHECK(world.error().message ==
              file.string() + ":2:17: poll_interval must be a duration, not a list");
    }
    SECTION("a number for a text") {
        const auto file = world.geneva_toml("[deployment]\nuri = 7\n");
        CHECK(world.error().message == file.string() + ":2:7: uri must be text, not an integer");
    }
    SECTION("a colour") {
        CHECK(world.error({{"color", "blue"}}).message == "--color: color is 'blue'");
    }
    SECTION("nothing") {
        const auto file = world.geneva_toml("[deployment]\nuri = \"\"\n");
        CHECK(world.error().message == file.string() + ":2:1: uri is empty");
    }
    SECTION("a line break") {
        world.set("LANCEDB_URI", "http://a\r\nx-evil: 1");
        CHECK(world.error().message == "LANCEDB_URI: host_override holds a control character");
    }
}

TEST_CASE("an unknown flag is an error with the nearest name") {
    const World world;
    CHECK(world.error({{"pol_interval", "1s"}}).hint == "did you mean poll_interval?");
}

TEST_CASE("a key on the command line is refused") {
    const World world;
    for (const std::string name : {"api_key", "bearer_token"}) {
        const auto error = world.error({{name, "sk-very-secret"}});
        CHECK(error.kind == ErrorKind::refused);
        CHECK((error.message + error.hint).find("sk-very-secret") == std::string::npos);
    }
}

TEST_CASE("a key is taken without the blanks around it and refused with a line break in it") {
    World world;
    world.set("LANCEDB_API_KEY", " sk-1234\n");
    CHECK(world.loaded().api_key.value->reveal() == "sk-1234");
    world.set("LANCEDB_API_KEY", "sk-12\nx-evil: 1");
    const auto error = world.error();
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.message.find("LANCEDB_API_KEY") == 0);
    CHECK(error.message.find("sk-12") == std::string::npos);
    world.set("LANCEDB_API_KEY", "\n");
    CHECK(world.error().message == "LANCEDB_API_KEY: the key is empty");
}

TEST_CASE("a key replaces the keys and tokens of every weaker source") {
    World world;
    world.credentials_toml("[profiles.default]\nbearer_token = \"token-1\"\n");
    world.config_toml("[profiles.default]\napi_key_command = \"pass key\"\n");
    auto settings = world.loaded();
    CHECK(settings.bearer_token.value->reveal() == "token-1");
    CHECK_FALSE(settings.api_key_command.value.has_value());

    world.set("LANCEDB_API_KEY", "sk-1234");
    settings = world.loaded();
    CHECK(settings.api_key.value->reveal() == "sk-1234");
    CHECK_FALSE(settings.bearer_token.value.has_value());

    settings = world.loaded({{"api_key_command", "pass other"}});
    CHECK(settings.api_key_command.value == "pass other");
    CHECK_FALSE(settings.api_key.value.has_value());
    CHECK_FALSE(settings.bearer_token.value.has_value());
}

TEST_CASE("paths of files start at the file's folder, those of flags at the working directory") {
    World world;
    world.surroundings.working_directory = world.project() / "deep";
    world.geneva_toml("[deployment]\nuri = \"data\"\n");
    world.config_toml("[profiles.default]\nca_bundle = \"~/ca.pem\"\npython = \"python3.12\"\n");
    auto settings = world.loaded();
    CHECK(settings.uri.value == (world.project() / "data").string());
    CHECK(settings.ca_bundle.value == world.home() / "ca.pem");
    CHECK(settings.python.value == "python3.12");

    settings = world.loaded({{"uri", "data"}, {"trace_http", "http.log"}});
    CHECK(settings.uri.value == "data");
    CHECK(settings.trace_http.value == world.project() / "deep/http.log");

    world.geneva_toml("[deployment]\nuri = \"db://demo\"\n");
    CHECK(world.loaded().uri.value == "db://demo");
}

TEST_CASE("a list shows neither a key nor a password in a URL") {
    World world;
    world.set("LANCEDB_API_KEY", "sk-very-secret");
    world.set("LANCEDB_URI", "https://me:hunter22@db.example/?token=hunter23");
    for (const auto& listed : settings::list(world.loaded())) {
        CHECK(listed.value.find("secret") == std::string::npos);
        CHECK(listed.value.find("hunter") == std::string::npos);
        if (listed.name == "api_key") {
            CHECK(listed.value == "[set]");
        }
    }
}

TEST_CASE("a listed duration reads back as the same") {
    const World world;
    const auto listed = settings::list(world.loaded());
    for (const auto& key : settings::keys()) {
        const auto found = std::ranges::find(listed, key.name, &settings::Listed::name);
        REQUIRE(found != listed.end());
        if (key.type == "duration") {
            CAPTURE(found->value);
            const auto read = base::parse_duration(found->value);
            REQUIRE(read.has_value());
            CHECK(*read == *base::parse_duration(key.default_value));
        }
    }
}
