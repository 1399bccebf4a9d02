// Cuts: runs that split a set of doors into turfs, and which one of a pass is live.
//
// States change only from the state that the caller expects; each function says so by its answer. A running cut is
// worked on by one server (`worker`), which says so from time to time. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// As the database writes them.
inline constexpr char kCutRunning[] = "running";
inline constexpr char kCutDone[] = "done";
inline constexpr char kCutFailed[] = "failed";
inline constexpr char kCutCancelled[] = "cancelled";
inline constexpr char kCutPublished[] = "published";
inline constexpr char kCutSuperseded[] = "superseded";

// The pass of this name (1 to 100 characters), made where there is none.
absl::StatusOr<base::PassId> EnsurePass(Transaction& transaction, std::string_view name);
// Whether any boundary is of this kind.
absl::StatusOr<bool> HasBoundaryKind(Transaction& transaction, std::string_view kind);

// Where a cut's walks end.
inline constexpr char kFinishAnywhere[] = "anywhere";
inline constexpr char kFinishStart[] = "start";

// What a cut is asked for. Either the doors or the minutes are above 0.
struct CutSettings {
  int target_doors = 0;
  int min_doors = 0;
  int max_doors = 0;
  double target_minutes = 0;
  double min_minutes = 0;
  double max_minutes = 0;
  std::string finish = kFinishAnywhere;
  double walk_speed_m_per_s = 1.2;
  double seconds_per_door = 90;
  int turfs_per_region = 8;
  std::string keep_boundary_kind;  // empty: none
  bool keep_live = false;          // needs a previous cut
  int64_t seed = 0;
};

struct NewCut {
  base::PassId pass;
  base::UniverseId universe;  // none: every door
  base::CutId previous;       // the live cut of the pass, whose turf numbers it carries on; may be none
  CutSettings settings;
  std::string worker;
  int64_t door_count = 0;
  base::Uuid request;
};
// A running cut. ALREADY_EXISTS where the request has made one before.
absl::StatusOr<base::CutId> InsertCut(Transaction& transaction, const NewCut& cut);
absl::StatusOr<std::optional<base::CutId>> FindCutByRequest(Transaction& transaction, const base::Uuid& request);

struct CutRow {
  base::CutId id;
  base::PassId pass;
  std::string pass_name;
  base::UniverseId universe;
  base::CutId previous;
  CutSettings settings;
  std::string state;
  std::string failure;
  std::string report_json;
  absl::Time create_time;
  std::string worker;
  std::string stage;    // how far it is, as its server said last
  double fraction = 0;  // of the whole, 0 to 1
};
// NOT_FOUND naming "cut_id".
absl::StatusOr<CutRow> FindCut(Transaction& transaction, base::CutId cut);
// At most `limit`, the newest first, below the id `before` (0: from the newest).
absl::StatusOr<std::vector<CutRow>> ListCuts(Transaction& transaction, int64_t before, int limit);

struct CutBeat {
  base::CutId cut;
  std::string_view worker;
  std::string_view stage;
  double fraction = 0;  // of the whole, 0 to 1
};
// The worker still works on it. False where the cut is no longer running, or not this worker's.
absl::StatusOr<bool> BeatCut(Transaction& transaction, const CutBeat& beat);

struct FinishedCut {
  base::CutId cut;
  std::string worker;
  int64_t door_count = 0;
  int64_t turf_count = 0;
  std::string report_json;
};
// Running to done. False as of BeatCut.
absl::StatusOr<bool> FinishCut(Transaction& transaction, const FinishedCut& cut);
// Running to `state` (failed or cancelled). False where it was not running.
absl::StatusOr<bool> EndCut(Transaction& transaction, base::CutId cut, std::string_view state,
                            std::string_view failure);
// Every running cut of the campaign that has been silent for longer than `silence` becomes failed. How many.
absl::StatusOr<int64_t> FailDeadCuts(Transaction& transaction, absl::Duration silence, std::string_view failure);

// Publishing in this pass waits for others' transactions that hold it, and holds it to the end of this one.
absl::Status LockPass(Transaction& transaction, base::PassId pass);
absl::StatusOr<std::optional<base::CutId>> FindPublishedCut(Transaction& transaction, base::PassId pass);
struct CutStateChange {
  std::string_view from;
  std::string_view to;
};
// False where the cut is not in the first state.
absl::StatusOr<bool> SetCutState(Transaction& transaction, base::CutId cut, const CutStateChange& change);
absl::Status SetCutReport(Transaction& transaction, base::CutId cut, std::string_view report_json);
// All turfs of the cut, and with them their doors. ALREADY_EXISTS (turf_door_live_uk) where a door has a live turf.
absl::Status SetTurfsLive(Transaction& transaction, base::CutId cut, bool live);

// What publishing a cut did. The audit log keeps it: written once, by the transaction that published.
struct PublicationRow {
  base::CutId superseded;      // none where the pass had no live cut
  int revoked_walk_lists = 0;  // lists of the superseded cut that ended
  int renewed_walk_lists = 0;  // of these, those whose leader got a new list for the ground
  int kept_walk_lists = 0;     // lists of the superseded cut that go on
};
absl::Status WritePublication(Transaction& transaction, base::CutId cut, base::MemberId member,
                              const PublicationRow& publication);
// NOT_FOUND where the cut was never published.
absl::StatusOr<PublicationRow> FindPublication(Transaction& transaction, base::CutId cut);

struct TurfDoors {
  base::TurfId turf;
  int number = 0;
  std::vector<base::DoorId> doors;  // in walking order
};
// The doors of each turf of the cut, by turf id.
absl::StatusOr<std::vector<TurfDoors>> ReadTurfDoors(Transaction& transaction, base::CutId cut);

}  // namespace snowfield::db
