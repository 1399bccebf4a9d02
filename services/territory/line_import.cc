// Streets and barriers.
#include <string>

#include "base/status.h"
#include "db/store/import_lines.h"
#include "geo/streets/street_class.h"
#include "services/rpc/geometry.h"
#include "services/territory/row_import.h"
#include "services/territory/row_text.h"
#include "services/territory/street_keys.h"

namespace snowfield::territory {
namespace {

// A line whose points are all the same has no direction to walk in.
absl::Status CheckHasLength(const geometry::v1::Line& line, std::string_view field) {
  for (int i = 2; i + 1 < line.coordinates_size(); i += 2) {
    if (line.coordinates(i) != line.coordinates(0) || line.coordinates(i + 1) != line.coordinates(1)) {
      return absl::OkStatus();
    }
  }
  return base::InvalidField(field, "LINE_HAS_NO_LENGTH",
                            "all points of the line are the same: give at least two places");
}

class StreetKind {
 public:
  using Stage = db::StreetStage;
  using Row = v1::StreetRow;
  static const auto& RowsOf(const v1::ImportRowsRequest& batch) { return batch.streets(); }

  absl::Status Check(const v1::StreetRow& row) {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"external_id", row.external_id(), kExternalIdBytesMax},
                                          {"name", row.name(), kStreetBytesMax},
                                          {"source_class", row.source_class(), kShortTextBytesMax}}));
    if (row.class_scheme() == v1::CLASS_SCHEME_OSM) {
      street_class_ = geo::FromOsmHighway(row.source_class());
    } else if (row.class_scheme() == v1::CLASS_SCHEME_MTFCC) {
      street_class_ = geo::FromMtfcc(row.source_class());
    } else {
      return base::InvalidField("class_scheme", "CLASS_SCHEME_MISSING",
                                "say in which scheme source_class is: OpenStreetMap's highway, or MTFCC");
    }
    if (!v1::Walkability_IsValid(row.walkability())) {
      return base::InvalidField("walkability", "WALKABILITY_UNKNOWN", "send walkable, not walkable, or nothing");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(line_ewkb_, rpc::ToEwkb(row.line_string(), "line_string"));
    return CheckHasLength(row.line_string(), "line_string");
  }

  absl::Status Put(const v1::StreetRow& row, db::StreetStage& stage, ImportReport& report) {
    if (street_class_ == geo::StreetClass::kUnknown) {
      SNOWFIELD_RETURN_IF_ERROR(report.Remark(row.line(), "CLASS_UNKNOWN", "source_class",
                                              "not a class of its scheme: taken as a residential street"));
    }
    const bool walkable = row.walkability() == v1::WALKABILITY_UNSPECIFIED
                              ? geo::IsWalkable(street_class_)
                              : row.walkability() == v1::WALKABILITY_WALKABLE;
    const std::string row_key = KeyOf(row);
    return stage.Put({.line = static_cast<int64_t>(row.line()),
                      .row_key = row_key,
                      .external_id = Trimmed(row.external_id()),
                      .name = Trimmed(row.name()),
                      .name_key = street_keys_.Of(row.name()),
                      .street_class = geo::StreetClassName(street_class_),
                      .walkable = walkable,
                      .bridge_or_tunnel = row.bridge_or_tunnel(),
                      .line_ewkb = line_ewkb_});
  }

 private:
  std::string KeyOf(const v1::StreetRow& row) const {
    const std::string_view id = Trimmed(row.external_id());
    if (!id.empty()) return RowKey("id").Text(id).Take();
    return RowKey("street").Text(Folded(row.name())).Text(line_ewkb_).Take();
  }

  StreetKeys street_keys_;
  // Of the row that was checked last.
  geo::StreetClass street_class_ = geo::StreetClass::kUnknown;
  std::string line_ewkb_;
};

class BarrierKind {
 public:
  using Stage = db::BarrierStage;
  using Row = v1::BarrierRow;
  static const auto& RowsOf(const v1::ImportRowsRequest& batch) { return batch.barriers(); }

  absl::Status Check(const v1::BarrierRow& row) {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"external_id", row.external_id(), kExternalIdBytesMax}}));
    if (NameOf(row.kind()).empty()) {
      return base::InvalidField("kind", "BARRIER_KIND_MISSING", "say what it is: water, rail, motorway, or other");
    }
    if (row.geometry().has_point()) {
      return base::InvalidField("geometry", "GEOMETRY_IS_A_POINT", "a barrier is a line or an area");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(shape_ewkb_, rpc::ToEwkb(row.geometry(), "geometry"));
    return row.geometry().has_line() ? CheckHasLength(row.geometry().line(), "geometry") : absl::OkStatus();
  }

  absl::Status Put(const v1::BarrierRow& row, db::BarrierStage& stage, ImportReport&) {
    const std::string row_key = KeyOf(row);
    return stage.Put({.line = static_cast<int64_t>(row.line()),
                      .row_key = row_key,
                      .external_id = Trimmed(row.external_id()),
                      .kind = NameOf(row.kind()),
                      .shape_ewkb = shape_ewkb_});
  }

 private:
  // As the database writes it; empty where it is none.
  static std::string_view NameOf(v1::BarrierKind kind) {
    switch (kind) {
      case v1::BARRIER_KIND_WATER:
        return "water";
      case v1::BARRIER_KIND_RAIL:
        return "rail";
      case v1::BARRIER_KIND_MOTORWAY:
        return "motorway";
      case v1::BARRIER_KIND_OTHER:
        return "other";
      default:
        return "";
    }
  }

  std::string KeyOf(const v1::BarrierRow& row) const {
    const std::string_view id = Trimmed(row.external_id());
    if (!id.empty()) return RowKey("id").Text(id).Take();
    return RowKey("barrier").Text(shape_ewkb_).Take();
  }

  // Of the row that was checked last.
  std::string shape_ewkb_;
};
}  // namespace

absl::StatusOr<std::unique_ptr<RowImport>> OpenStreetImport(db::Transaction& transaction) {
  return StagedRowImport<StreetKind>::Open(transaction);
}

absl::StatusOr<std::unique_ptr<RowImport>> OpenBarrierImport(db::Transaction& transaction) {
  return StagedRowImport<BarrierKind>::Open(transaction);
}

}  // namespace snowfield::territory
