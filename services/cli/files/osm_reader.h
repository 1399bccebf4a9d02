// Reads OpenStreetMap files (.osm.pbf, .osm, .osm.bz2, .osm.gz) by libosmium.
//
// The file is read once for lines and points, and once before that for the relations of areas (water, boundaries,
// buildings). Memory: the positions of the file's nodes (16 bytes each) where ways are needed, and the ways of areas;
// rows themselves stream. External ids are "n123", "w123", "r123"; a way with a gap gives "w123", "w123/2". An extract
// that lacks nodes or members goes through: ways keep the nodes they have, and remarks count what lacks. Thread safety:
// one call, one thread (libosmium reads ahead on its own).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/cli/files/row_sink.h"

namespace snowfield::cli {

struct OsmOptions {
  ImportKind kind = snowfield::territory::v1::IMPORT_KIND_UNSPECIFIED;  // people are not in OpenStreetMap
  std::string boundary_kind;  // the kind of all boundaries; empty: "admin_level_8" and so on, as tagged
};

// Errors: FILE_NOT_FOUND, FILE_EMPTY, FILE_TRUNCATED (DATA_LOSS; damaged or cut off), OSM_UNSORTED, OSM_HAS_NO_PEOPLE.
absl::Status ReadOsm(const std::string& path, const OsmOptions& options, RowSink& sink);

}  // namespace snowfield::cli
