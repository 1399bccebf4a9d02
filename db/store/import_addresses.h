// AddressStage: stores a data set of addresses.
//
// A door is known again by the external id of its row or, without one, by its place (row_key) and unit; an address
// point by its row_key. Changed rows are updated in place, so that ids stay; what the file does not name any more is
// kept. Do-not- contact marks are never touched. Two rows for one place and unit become two doors. Thread safety: as
// the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "db/store/import_store.h"

namespace snowfield::db {

// One door of a row of the file. Texts are UTF-8 without NUL.
struct StagedDoor {
  int64_t row_number = 0;        // of the row in the file, from 1, ascending
  int64_t line = 0;              // for findings
  int32_t unit_index = 0;        // 1, 2, ... for the doors of a row that counts its units; 0 for the one door of a row
  std::string_view external_id;  // of the row; may be empty
  std::string_view content_key;  // the same for rows that say the same
  std::string_view row_key;      // the same for rows of one address point
  std::string_view unit;
  std::string_view unit_key;  // without '#'
  std::optional<int32_t> floor;
  std::string_view house_number;
  std::string_view street;
  std::string_view street_key;
  std::string_view number_key;
  std::string_view city;
  std::string_view postal_code;
  std::string_view position_ewkb;  // Point, SRID 4326
};

class AddressStage {
 public:
  // The transaction must not be used between Open() and EndRows().
  static absl::StatusOr<AddressStage> Open(Transaction& transaction);

  absl::Status Put(const StagedDoor& door);
  // Ends the rows; the transaction may be used again.
  absl::Status EndRows();
  // Stores the rows as the data set. To be called once, after EndRows(), under the lock of imports.
  absl::StatusOr<MergeCounts> Merge(const std::string& dataset, OnFinding on_finding);

 private:
  explicit AddressStage(StageCopy stage) : stage_(std::move(stage)) {}
  absl::Status MatchDoors();
  absl::Status MatchPoints(const std::string& dataset);
  absl::Status StoreChanges(const std::string& dataset);
  absl::StatusOr<MergeCounts> CountChanges();

  StageCopy stage_;
  int64_t door_count_ = 0;
  int64_t row_count_ = 0;
  bool any_external_id_ = false;
};

}  // namespace snowfield::db
