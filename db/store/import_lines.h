// StreetStage and BarrierStage: store data sets of streets and of barriers.
//
// A row is known again by its row_key; several rows with one key (the lines of one feature) are numbered in the order
// of the file. Changed rows are updated in place; what the file does not have any more is kept. Thread safety: as the
// transaction's.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "db/store/import_store.h"

namespace snowfield::db {

struct StagedStreet {
  int64_t line = 0;
  std::string_view row_key;      // the external id, or what stands for the row's content
  std::string_view external_id;  // may be empty
  std::string_view name;
  std::string_view name_key;
  std::string_view street_class;
  bool walkable = false;
  bool bridge_or_tunnel = false;
  std::string_view line_ewkb;  // LineString, SRID 4326
};

class StreetStage {
 public:
  // The transaction must not be used between Open() and EndRows().
  static absl::StatusOr<StreetStage> Open(Transaction& transaction);
  absl::Status Put(const StagedStreet& street);
  // Ends the rows; the transaction may be used again.
  absl::Status EndRows();
  // Stores the rows as the data set. To be called once, after EndRows(), under the lock of imports.
  absl::StatusOr<MergeCounts> Merge(const std::string& dataset, OnFinding on_finding);

 private:
  explicit StreetStage(StageCopy stage) : stage_(std::move(stage)) {}
  StageCopy stage_;
  int64_t row_count_ = 0;
};

struct StagedBarrier {
  int64_t line = 0;
  std::string_view row_key;
  std::string_view external_id;
  std::string_view kind;        // water, rail, motorway, other
  std::string_view shape_ewkb;  // LineString or MultiPolygon, SRID 4326
};

class BarrierStage {
 public:
  static absl::StatusOr<BarrierStage> Open(Transaction& transaction);
  absl::Status Put(const StagedBarrier& barrier);
  absl::Status EndRows();
  absl::StatusOr<MergeCounts> Merge(const std::string& dataset, OnFinding on_finding);

 private:
  explicit BarrierStage(StageCopy stage) : stage_(std::move(stage)) {}
  StageCopy stage_;
  int64_t row_count_ = 0;
};

}  // namespace snowfield::db
