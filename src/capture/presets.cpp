// SPDX-License-Identifier: Apache-2.0
#include "presets.hpp"

#include <array>

#include "genevactl/base/text.hpp"
#include "wildmatch.hpp"

namespace genevactl::capture {

namespace {

struct Preset {
    std::string_view glob;
    bool is_directory;
    std::string_view rule;
};

constexpr std::array k_presets{
    Preset{".git", true, "version control"},
    Preset{".git", false, "version control"},  // of a worktree or submodule
    Preset{".hg", true, "version control"},
    Preset{".svn", true, "version control"},
    Preset{".bzr", true, "version control"},
    Preset{"_darcs", true, "version control"},
    Preset{"CVS", true, "version control"},
    Preset{"__pycache__", true, "caches"},
    Preset{"*.py[co]", false, "caches"},
    Preset{".pytest_cache", true, "caches"},
    Preset{".mypy_cache", true, "caches"},
    Preset{".ruff_cache", true, "caches"},
    Preset{".hypothesis", true, "caches"},
    Preset{".tox", true, "caches"},
    Preset{".nox", true, "caches"},
    Preset{".eggs", true, "caches"},
    Preset{".cache", true, "caches"},
    Preset{"node_modules", true, "caches"},
    Preset{".DS_Store", false, "caches"},
    Preset{"Thumbs.db", false, "caches"},
    Preset{".ipynb_checkpoints", true, "notebook checkpoints"},
    Preset{"_geneva_uploads", true, "archives of captures"},
};

struct SecretName {
    std::string_view glob;
    std::string_view rule;
};

/// Globs over whole paths ("**/" stands for any folder, or none).
constexpr std::array k_secret_names{
    SecretName{"**/.env", "environment file"},
    SecretName{"**/.env.*", "environment file"},
    SecretName{"**/*.env", "environment file"},
    SecretName{"**/.envrc", "environment file"},
    SecretName{"**/.netrc", "passwords"},
    SecretName{"**/_netrc", "passwords"},
    SecretName{"**/.pgpass", "passwords"},
    SecretName{"**/.git-credentials", "passwords"},
    SecretName{"**/.htpasswd", "passwords"},
    SecretName{"**/.npmrc", "package index credentials"},
    SecretName{"**/.pypirc", "package index credentials"},
    SecretName{"**/.docker/config.json", "container registry credentials"},
    SecretName{"**/.dockercfg", "container registry credentials"},
    SecretName{"**/.aws/**", "cloud credentials"},
    SecretName{"**/.azure/**", "cloud credentials"},
    SecretName{"**/.kube/**", "cloud credentials"},
    SecretName{"**/.config/gcloud/**", "cloud credentials"},
    SecretName{"**/.gcloud/**", "cloud credentials"},
    SecretName{"**/application_default_credentials.json", "cloud credentials"},
    SecretName{"**/*service[-_]account*.json", "cloud credentials"},
    SecretName{"**/.ssh/**", "private key"},
    SecretName{"**/id_rsa", "private key"},
    SecretName{"**/id_dsa", "private key"},
    SecretName{"**/id_ecdsa", "private key"},
    SecretName{"**/id_ed25519", "private key"},
    SecretName{"**/*.ppk", "private key"},
    SecretName{"**/*.p12", "private key"},
    SecretName{"**/*.pfx", "private key"},
    SecretName{"**/*.jks", "private key"},
    SecretName{"**/*.keystore", "private key"},
    SecretName{"**/*.key", "private key"},
    SecretName{"**/.config/genevactl/credentials*", "LanceDB credentials"},
};

constexpr std::array<std::string_view, 6> k_example_endings{".example", ".sample",   ".template",
                                                            ".dist",    ".defaults", ".schema"};

bool is_example(std::string_view name) {
    for (const auto ending : k_example_endings) {
        if (name.ends_with(ending)) {
            return true;
        }
    }
    return base::starts_with(name, "example.") || base::starts_with(name, "sample.");
}

}  // namespace

std::optional<std::string_view> preset_of(std::string_view name, bool is_directory) {
    for (const auto& preset : k_presets) {
        if (preset.is_directory == is_directory && wildmatch(preset.glob, name, Slash::ordinary)) {
            return preset.rule;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> secret_by_name(std::string_view path) {
    const auto lowered = base::lower(path);
    if (is_example(std::string_view(lowered).substr(lowered.rfind('/') + 1))) {
        return std::nullopt;
    }
    for (const auto& secret : k_secret_names) {
        if (wildmatch(secret.glob, lowered, Slash::separates)) {
            return secret.rule;
        }
    }
    return std::nullopt;
}

}  // namespace genevactl::capture
