// Boundaries: named areas, each known by its kind and code.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "db/store/import_boundaries.h"
#include "geo/geos/geometry.h"
#include "services/rpc/geometry.h"
#include "services/territory/row_import.h"
#include "services/territory/row_text.h"

namespace snowfield::territory {
namespace {

bool IsKindName(std::string_view kind) {
  if (kind.empty() || !absl::ascii_islower(static_cast<unsigned char>(kind.front()))) return false;
  for (const char c : kind) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_islower(byte) && !absl::ascii_isdigit(byte) && c != '_' && c != '-') return false;
  }
  return true;
}

// The place where a boundary goes wrong is of public geography, not of a person.
absl::Status CheckValid(const std::string& area_ewkb) {
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Geometry area, geo::Geometry::FromEwkb(area_ewkb, "area"));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto invalid, area.FindInvalidity());
  if (invalid.empty()) return absl::OkStatus();
  return base::InvalidField(
      "area", "AREA_NOT_VALID",
      absl::StrFormat(
          "%s at longitude %.6f, latitude %.6f: mend the polygon there (in QGIS: \"Fix geometries\"), since "
          "what lies inside a boundary that crosses itself is not defined",
          invalid.front().reason, invalid.front().place.x, invalid.front().place.y));
}

class BoundaryKind {
 public:
  using Stage = db::BoundaryStage;
  using Row = v1::BoundaryRow;
  static const auto& RowsOf(const v1::ImportRowsRequest& batch) { return batch.boundaries(); }

  absl::Status Check(const v1::BoundaryRow& row) {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"external_id", row.external_id(), kExternalIdBytesMax},
                                          {"kind", row.kind(), kShortTextBytesMax},
                                          {"name", row.name(), kNameBytesMax},
                                          {"code", row.code(), kCodeBytesMax}}));
    if (!IsKindName(row.kind())) {
      return base::InvalidField("kind", "BOUNDARY_KIND_INVALID",
                                "say what sort of boundary it is in lower-case letters: precinct, ward, town");
    }
    // A file that has only one of the two means it for both.
    code_ = Trimmed(Trimmed(row.code()).empty() ? row.name() : row.code());
    name_ = Trimmed(Trimmed(row.name()).empty() ? row.code() : row.name());
    if (code_.empty()) {
      return base::InvalidField("code", "CODE_MISSING", "a boundary needs a code or a name of its own");
    }
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"code", code_, kCodeBytesMax}}));
    SNOWFIELD_ASSIGN_OR_RETURN(area_ewkb_, rpc::ToEwkb(row.area(), "area"));
    return CheckValid(area_ewkb_);
  }

  absl::Status Put(const v1::BoundaryRow& row, db::BoundaryStage& stage, ImportReport&) {
    const std::string_view id = Trimmed(row.external_id());
    const std::string row_key =
        id.empty() ? RowKey("code").Text(row.kind()).Text(code_).Take() : RowKey("id").Text(id).Take();
    const std::string content_key = RowKey("boundary").Text(row.kind()).Text(name_).Text(code_).Text(area_ewkb_).Take();
    return stage.Put({.line = static_cast<int64_t>(row.line()),
                      .row_key = row_key,
                      .external_id = id,
                      .kind = row.kind(),
                      .name = name_,
                      .code = code_,
                      .content_key = content_key,
                      .area_ewkb = area_ewkb_});
  }

 private:
  // Of the row that was checked last.
  std::string_view name_;
  std::string_view code_;
  std::string area_ewkb_;
};
}  // namespace

absl::StatusOr<std::unique_ptr<RowImport>> OpenBoundaryImport(db::Transaction& transaction) {
  return StagedRowImport<BoundaryKind>::Open(transaction);
}

}  // namespace snowfield::territory
