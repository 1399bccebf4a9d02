// The doors and turfs of a cut that miss a bound, each with its reason.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/turf_store.h"

namespace snowfield::db {

// Rows of problems that one statement stores; more are split.
inline constexpr size_t kProblemsPerStatement = 50'000;

struct NewCutProblem {
  std::string reason;
  int turf_number = 0;
  base::DoorId door;  // none where it is about the turf
};
// What misses a bound, in the order in which it is listed. Once for a cut.
absl::Status InsertCutProblems(Transaction& transaction, base::CutId cut, const std::vector<NewCutProblem>& problems);

struct CutProblemRow {
  int ordinal = 0;  // its place in the list, from 1
  std::string reason;
  int turf_number = 0;
  int turf_door_count = 0;
  double turf_minutes = 0;
  TurfDoorRow door;  // its id is none where it is about the turf
};
struct CutProblemPage {
  base::CutId cut;
  std::string reason;   // only of this reason; empty: of all
  int turf_number = 0;  // only of this turf; 0: of all
  int64_t after = 0;
  int limit = 0;
};
// At most `limit` with an ordinal above `after`, in order.
absl::StatusOr<std::vector<CutProblemRow>> ListCutProblems(Transaction& transaction, const CutProblemPage& page);

}  // namespace snowfield::db
