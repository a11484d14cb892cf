// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/tree.hpp"

namespace genevactl::capture {

/// An installed distribution: the files of a site-packages folder that its RECORD names (Python
/// Packaging User Guide, "Recording installed projects").
struct Distribution {
    std::string name;  ///< as its `.dist-info` folder has it
    std::string version;
    std::vector<std::size_t> files = {};       ///< indices into Tree::files, ascending
    bool is_editable = false;                  ///< direct_url.json says so (PEP 610)
    std::vector<std::string> wheel_tags = {};  ///< of its WHEEL file, "cp311-cp311-linux_x86_64"
};

/// A path that a `.pth` file or an editable install puts on sys.path, or a package that it finds
/// elsewhere.
struct Editable {
    std::string project;   ///< the file that says so, or the distribution's name
    std::string package;   ///< the import name of one package or module; empty: all of the folder
    std::string location;  ///< absolute
};

/// A site-packages folder by its parts.
struct SitePackages {
    std::vector<Distribution> distributions;  ///< sorted by name
    std::vector<std::size_t> path_files;      ///< `.pth` files that go along
    std::vector<std::size_t> loose;           ///< files that no RECORD names
    std::vector<Editable> editables;
};

/// Reads the RECORDs and the ways in which editable installs say where their code is: `.pth` lines,
/// `.egg-link` files, and the finders of setuptools (PEP 660). A `.pth` file of paths alone stays
/// here, as its paths are captured themselves. Errors: failed for a RECORD that is none, and for an
/// editable install whose way is not known, each naming the file and what to do.
/// `threads` threads read.
base::Result<SitePackages> read_site_packages(
    const Tree& tree, unsigned threads = 1,
    const base::Interrupt& interrupt = base::no_interrupt());

}  // namespace genevactl::capture
