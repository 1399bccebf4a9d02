// PersonStage: stores a data set of people, and finds the doors they live behind.
//
// A person is known again by the external id. People meet doors by the normal form of street, number and unit; which of
// several points with one address, postal code and city say (db/queries/import_person.sql, find_doors). A person whose
// address does not change keeps the door. Do-not-contact marks are never touched.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "db/store/import_store.h"

namespace snowfield::db {

// Texts are UTF-8 without NUL. An empty street_key says that the address could not be read.
struct StagedPerson {
  int64_t line = 0;
  std::string_view external_id;
  std::string_view content_key;  // the same for rows that say the same
  std::string_view first_name;
  std::string_view middle_name;
  std::string_view last_name;
  std::string_view suffix;
  std::string_view address_line;
  std::string_view street_key;
  std::string_view number_key;
  std::string_view unit_key;
  std::string_view city;
  std::string_view postal_code;
  std::optional<int32_t> birth_year;
  std::string_view sex;
  std::string_view party;
  std::string_view phone;
  std::string_view email;
};

class PersonStage {
 public:
  // The transaction must not be used between Open() and EndRows().
  static absl::StatusOr<PersonStage> Open(Transaction& transaction);
  absl::Status Put(const StagedPerson& person);
  // People who were erased come back where the file has them; otherwise their rows are taken out and reported.
  void BringBackErased() { brings_back_erased_ = true; }
  // Ends the rows; the transaction may be used again.
  absl::Status EndRows();
  // Stores the rows as the data set, with their doors. To be called once, after EndRows(), under the lock of imports.
  absl::StatusOr<MergeCounts> Merge(const std::string& dataset, OnFinding on_finding);

 private:
  explicit PersonStage(StageCopy stage) : stage_(std::move(stage)) {}
  absl::Status FindDoors(const std::string& dataset);
  // How many rows were taken out.
  absl::StatusOr<int64_t> KeepErasedOut(OnFinding on_finding);

  StageCopy stage_;
  int64_t row_count_ = 0;
  bool brings_back_erased_ = false;
};

// Looks again for the doors of all people of the campaign who have none: after new addresses. Not in the transaction of
// a PersonStage.
absl::Status FindDoorsOfUnmatched(Transaction& transaction);

struct MatchCounts {
  int64_t matched = 0;
  int64_t unmatched = 0;
};
// People with and without a door: of a data set, or of the whole campaign where `dataset` is empty.
absl::StatusOr<MatchCounts> CountMatchedPeople(Transaction& transaction, const std::string& dataset);

}  // namespace snowfield::db
