// ReadFile: one foreign file of any known format, as rows of one kind.
//
//   .csv .tsv .txt (also .gz)                     OpenCsv
//   .geojson .json (also .gz), .gpkg, .shp, .zip  OpenOgr
//   .osm .pbf .osm.bz2 .osm.gz                    ReadOsm
// Thread safety: one call, one thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/cli/files/mapping.h"
#include "services/cli/files/row_maker.h"
#include "services/cli/files/row_sink.h"

namespace snowfield::cli {

enum class FileFormat { kUnknown, kCsv, kOgr, kOsm };

// By the ending of the name, without regard to case.
FileFormat FormatOfPath(const std::string& path);

// Reads the whole file into `sink`. The mapping's kind says which rows; OpenStreetMap files need no columns and use
// only its kind and options.kind. Errors: those of the readers, FORMAT_UNKNOWN, and the sink's own.
absl::Status ReadFile(const std::string& path, const Mapping& mapping, const RowOptions& options, RowSink& sink);

}  // namespace snowfield::cli
