// BoundaryStage: stores a data set of boundaries.
//
// A boundary is known again by its row_key, or else by its kind and code, which are unique in a campaign: a row whose
// kind and code belong to a boundary of another data set is taken out. Changed rows are updated in place; what the file
// does not have any more is kept. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "db/store/import_store.h"

namespace snowfield::db {

struct StagedBoundary {
  int64_t line = 0;
  std::string_view row_key;  // stands for the external id, or for kind and code
  std::string_view external_id;
  std::string_view kind;
  std::string_view name;
  std::string_view code;
  std::string_view content_key;  // the same for rows that say the same
  std::string_view area_ewkb;    // valid MultiPolygon, SRID 4326
};

class BoundaryStage {
 public:
  // The transaction must not be used between Open() and EndRows().
  static absl::StatusOr<BoundaryStage> Open(Transaction& transaction);
  absl::Status Put(const StagedBoundary& boundary);
  // Ends the rows; the transaction may be used again.
  absl::Status EndRows();
  // Stores the rows as the data set. To be called once, after EndRows(), under the lock of imports.
  absl::StatusOr<MergeCounts> Merge(const std::string& dataset, OnFinding on_finding);

 private:
  explicit BoundaryStage(StageCopy stage) : stage_(std::move(stage)) {}
  StageCopy stage_;
  int64_t row_count_ = 0;
};

}  // namespace snowfield::db
