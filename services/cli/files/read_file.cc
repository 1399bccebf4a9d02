#include "services/cli/files/read_file.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "services/cli/files/csv_table.h"
#include "services/cli/files/ogr_table.h"
#include "services/cli/files/osm_reader.h"

namespace snowfield::cli {
namespace {

constexpr uint64_t kRowsPerProgress = 500;

bool EndsWithOneOf(absl::string_view name, std::initializer_list<absl::string_view> endings) {
  for (const absl::string_view ending : endings) {
    if (absl::EndsWith(name, ending)) return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(const std::string& path, const Mapping& mapping) {
  if (FormatOfPath(path) == FileFormat::kOgr) return OpenOgr(path, {.encoding = mapping.encoding});
  return OpenCsv(path, {.delimiter = mapping.delimiter, .encoding = mapping.encoding});
}

absl::Status ReadTable(const std::string& path, const Mapping& mapping, const RowOptions& options, RowSink& sink) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto table, OpenTable(path, mapping));
  const bool needs_geometry = mapping.kind != snowfield::territory::v1::IMPORT_KIND_ADDRESSES &&
                              mapping.kind != snowfield::territory::v1::IMPORT_KIND_PEOPLE;
  if (needs_geometry && !table->has_geometry()) {
    return base::InvalidField("file", "FORMAT_UNFIT",
                              absl::StrCat(KindName(mapping.kind),
                                           " have lines or areas, which a CSV has not; give GeoJSON, a shapefile, a "
                                           "GeoPackage or an OpenStreetMap file"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(RowMaker maker, RowMaker::For(mapping, *table, options));
  Record record;
  for (uint64_t count = 0;; ++count) {
    if (count % kRowsPerProgress == 0) sink.TakeProgress(table->Fraction());
    SNOWFIELD_ASSIGN_OR_RETURN(const bool more, table->Next(record, sink));
    if (!more) break;
    SNOWFIELD_RETURN_IF_ERROR(maker.Take(record, sink));
  }
  maker.ReportSkipped(sink);
  sink.TakeProgress(1);
  return absl::OkStatus();
}

}  // namespace

FileFormat FormatOfPath(const std::string& path) {
  const std::string name = absl::AsciiStrToLower(path);
  if (EndsWithOneOf(name, {".osm", ".pbf", ".osm.bz2", ".osm.gz"})) return FileFormat::kOsm;
  const absl::string_view plain = absl::StripSuffix(name, ".gz");
  if (EndsWithOneOf(plain, {".csv", ".tsv", ".txt"})) return FileFormat::kCsv;
  if (EndsWithOneOf(plain, {".geojson", ".json"})) return FileFormat::kOgr;
  if (EndsWithOneOf(name, {".gpkg", ".shp", ".zip"})) return FileFormat::kOgr;
  return FileFormat::kUnknown;
}

absl::Status ReadFile(const std::string& path, const Mapping& mapping, const RowOptions& options, RowSink& sink) {
  switch (FormatOfPath(path)) {
    case FileFormat::kOsm:
      return ReadOsm(path, {.kind = mapping.kind, .boundary_kind = options.kind}, sink);
    case FileFormat::kUnknown:
      return base::InvalidField("file", "FORMAT_UNKNOWN",
                                absl::StrCat(path,
                                             " has an unknown ending; known are .csv .tsv .txt .geojson .json .gpkg "
                                             ".shp .zip .osm .osm.pbf .osm.bz2, and .gz of text"));
    default:
      return ReadTable(path, mapping, options, sink);
  }
}

}  // namespace snowfield::cli
