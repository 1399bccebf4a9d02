// TableReader: a file of rows with named columns (CSV, GeoJSON, shapefile, GeoPackage), read one row at a time.
//
// Memory is bounded by the longest row, whatever the size of the file.
// Thread safety: one reader, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/files/row_sink.h"
#include "snowfield/geometry/v1/geometry.pb.h"

namespace snowfield::cli {

struct Record {
  uint64_t line = 0;                // CSV: the line on which the row starts, the header is line 1. OGR: feature number.
  std::vector<std::string> values;  // UTF-8, one for each column; empty where the file has none
  // WGS 84 longitude and latitude; several for a multi-part line; empty for CSV.
  std::vector<snowfield::geometry::v1::Geometry> parts;
};

class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  virtual bool has_geometry() const = 0;
  // Reads the next good row into `record`; false at the end. Rows that can't be read go to `sink` as issues.
  virtual absl::StatusOr<bool> Next(Record& record, RowSink& sink) = 0;
  // How much has been read, 0 to 1.
  virtual double Fraction() const = 0;
};

}  // namespace snowfield::cli
