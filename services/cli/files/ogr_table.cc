#include "services/cli/files/ogr_table.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "services/cli/files/line_reader.h"
#include "services/cli/files/ogr_geometry.h"
#include "services/cli/files/text_encoding.h"

namespace snowfield::cli {
namespace {

// Keeps GDAL's errors off the terminal and remembers the first, while in scope on this thread.
class GdalErrors {
 public:
  GdalErrors() { CPLPushErrorHandlerEx(&GdalErrors::Take, this); }
  ~GdalErrors() { CPLPopErrorHandler(); }
  GdalErrors(const GdalErrors&) = delete;
  GdalErrors& operator=(const GdalErrors&) = delete;

  bool any() const { return !first_.empty(); }
  const std::string& first() const { return first_; }
  void Clear() { first_.clear(); }

 private:
  static void CPL_STDCALL Take(CPLErr level, CPLErrorNum, const char* text) {
    auto* self = static_cast<GdalErrors*>(CPLGetErrorHandlerUserData());
    if (level >= CE_Failure && self->first_.empty()) self->first_ = text;
  }
  std::string first_;
};

void RegisterDrivers() {
  static std::once_flag once;
  std::call_once(once, [] {
    RegisterOGRGeoJSON();
    RegisterOGRShape();
    RegisterOGRGeoPackage();
  });
}

struct DatasetClose {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, DatasetClose>;

// GDAL opens what lies inside a .zip or .gz by a path prefix.
std::string GdalPath(const std::string& path) {
  if (absl::EndsWithIgnoreCase(path, ".zip")) return absl::StrCat("/vsizip/", path);
  if (absl::EndsWithIgnoreCase(path, ".gz")) return absl::StrCat("/vsigzip/", path);
  return path;
}

absl::Status Unreadable(const std::string& path, const std::string& why) {
  return base::InvalidField("file", "FILE_UNREADABLE",
                            absl::StrCat(path, " can't be read as GeoJSON, GeoPackage or shapefile",
                                         why.empty() ? "" : absl::StrCat(" (", why, ")"),
                                         "; fetch it again, or convert it to one of these. A shapefile needs its .shx "
                                         "and .dbf beside it"));
}

absl::Status CheckFile(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) {
    return base::Problem(absl::StatusCode::kNotFound, "FILE_NOT_FOUND", "file",
                         absl::StrCat("there is no file ", path, "; check the path"));
  }
  if (bytes == 0) return base::InvalidField("file", "FILE_EMPTY", absl::StrCat(path, " is empty; fetch it again"));
  return absl::OkStatus();
}

// GDAL reads a cut .gz as far as it goes; so the stream is read to its end once before anything is believed.
absl::Status CheckGzip(const std::string& path) {
  if (!absl::EndsWithIgnoreCase(path, ".gz")) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(auto lines, LineReader::Open(path));
  return lines->SkipToEnd();
}

class OgrTable : public TableReader {
 public:
  static absl::StatusOr<std::unique_ptr<TableReader>> Open(const std::string& path, const OgrOptions& options);

  const std::vector<std::string>& columns() const override { return columns_; }
  bool has_geometry() const override { return true; }
  double Fraction() const override {
    return feature_count_ <= 0 ? 0 : std::min(1.0, static_cast<double>(feature_number_) / feature_count_);
  }
  absl::StatusOr<bool> Next(Record& record, RowSink& sink) override;

 private:
  OgrTable(std::string path, Dataset dataset, OGRLayer* layer)
      : path_(std::move(path)), dataset_(std::move(dataset)), layer_(layer) {}

  absl::Status FindTransform();
  bool TakeFeature(OGRFeature& feature, Record& record, RowSink& sink);

  std::string path_;
  Dataset dataset_;
  OGRLayer* layer_;  // owned by dataset_
  std::vector<std::string> columns_;
  std::unique_ptr<OGRCoordinateTransformation> transform_;  // null: already WGS 84
  int64_t feature_count_ = 0;
  uint64_t feature_number_ = 0;
};

absl::StatusOr<OGRLayer*> OnlyLayer(GDALDataset& dataset) {
  OGRLayer* found = nullptr;
  for (int i = 0; i < dataset.GetLayerCount(); ++i) {
    OGRLayer* layer = dataset.GetLayer(i);
    if (layer->GetGeomType() == wkbNone) continue;
    if (found != nullptr) {
      return base::InvalidField("file", "LAYERS_MANY",
                                absl::StrCat("the file has several layers (", found->GetName(), ", ", layer->GetName(),
                                             "); save the one that is meant to a file of its own"));
    }
    found = layer;
  }
  if (found == nullptr) {
    return base::InvalidField("file", "LAYER_MISSING",
                              "the file has no layer with geometries; check that it is the right one");
  }
  return found;
}

absl::StatusOr<std::unique_ptr<TableReader>> OgrTable::Open(const std::string& path, const OgrOptions& options) {
  SNOWFIELD_RETURN_IF_ERROR(CheckFile(path));
  SNOWFIELD_RETURN_IF_ERROR(CheckGzip(path));
  RegisterDrivers();
  GdalErrors errors;
  CPLStringList open_options;
  if (!options.encoding.empty()) {
    const bool latin1 = options.encoding == "latin1";
    open_options.SetNameValue("ENCODING", latin1 ? "ISO-8859-1" : options.encoding.c_str());
  }
  constexpr unsigned kFlags = GDAL_OF_VECTOR | GDAL_OF_READONLY;
  Dataset dataset(GDALDataset::Open(GdalPath(path).c_str(), kFlags, nullptr, open_options.List(), nullptr));
  if (dataset == nullptr || errors.any()) return Unreadable(path, errors.first());
  SNOWFIELD_ASSIGN_OR_RETURN(OGRLayer * layer, OnlyLayer(*dataset));
  std::unique_ptr<OgrTable> table(new OgrTable(path, std::move(dataset), layer));
  table->feature_count_ = layer->GetFeatureCount();
  const OGRFeatureDefn& definition = *layer->GetLayerDefn();
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    table->columns_.emplace_back(definition.GetFieldDefn(i)->GetNameRef());
  }
  SNOWFIELD_RETURN_IF_ERROR(table->FindTransform());
  if (errors.any()) return Unreadable(path, errors.first());
  layer->ResetReading();
  return table;
}

absl::Status OgrTable::FindTransform() {
  const OGRSpatialReference* source = layer_->GetSpatialRef();
  if (source == nullptr) return absl::OkStatus();
  OGRSpatialReference from(*source);
  from.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReference wgs84;
  wgs84.SetWellKnownGeogCS("WGS84");
  wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (from.IsSame(&wgs84)) return absl::OkStatus();
  transform_.reset(OGRCreateCoordinateTransformation(&from, &wgs84));
  if (transform_ != nullptr) return absl::OkStatus();
  return base::InvalidField("file", "REFERENCE_SYSTEM_UNKNOWN",
                            "the file's coordinate reference system can't be turned into longitude and latitude; "
                            "convert it with: ogr2ogr -t_srs EPSG:4326 out.gpkg FILE");
}

absl::StatusOr<bool> OgrTable::Next(Record& record, RowSink& sink) {
  GdalErrors errors;
  while (true) {
    const OGRFeatureUniquePtr feature(layer_->GetNextFeature());
    if (feature == nullptr) break;
    ++feature_number_;
    if (errors.any()) {
      sink.TakeIssue(Rejection(feature_number_, "FEATURE_UNREADABLE", "geometry",
                               "the feature's geometry is damaged; mend it in a GIS program or remove it"));
      errors.Clear();
      continue;
    }
    if (TakeFeature(*feature, record, sink)) return true;
    errors.Clear();
  }
  if (errors.any()) return Unreadable(path_, errors.first());
  if (feature_count_ > 0 && static_cast<int64_t>(feature_number_) < feature_count_) {
    return Unreadable(path_, absl::StrCat("it ends after feature ", feature_number_, " of ", feature_count_));
  }
  return false;
}

bool OgrTable::TakeFeature(OGRFeature& feature, Record& record, RowSink& sink) {
  record.line = feature_number_;
  record.values.clear();
  for (int i = 0; i < feature.GetFieldCount(); ++i) {
    record.values.emplace_back(feature.IsFieldSetAndNotNull(i) ? feature.GetFieldAsString(i) : "");
    if (!IsUtf8(record.values.back())) {
      sink.TakeIssue(Rejection(feature_number_, "ENCODING_MISMATCH", columns_[static_cast<size_t>(i)],
                               "the text is not UTF-8; import it with --encoding windows-1252 (or latin1)"));
      return false;
    }
  }
  OGRGeometry* shape = feature.GetGeometryRef();
  if (shape == nullptr || shape->IsEmpty()) {
    sink.TakeIssue(Rejection(feature_number_, "GEOMETRY_EMPTY", "geometry",
                             "the feature has no geometry; draw it or remove the feature"));
    return false;
  }
  if (transform_ != nullptr && shape->transform(transform_.get()) != OGRERR_NONE) {
    sink.TakeIssue(Rejection(feature_number_, "COORDINATE_OUT_OF_RANGE", "geometry",
                             "the coordinates lie outside the file's reference system; mend the feature"));
    return false;
  }
  record.parts = PartsOf(*shape);
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenOgr(const std::string& path, const OgrOptions& options) {
  return OgrTable::Open(path, options);
}

}  // namespace snowfield::cli
