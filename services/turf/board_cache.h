// BoardCache: the boards of the cuts that directors are at work on (geo/hand/turf_board.h), kept in memory between
// calls.
//
// A board is loaded once, and brought up to date from the database before each use: by the number of the cut's last
// edit, a board on any server knows what it has missed and reads no more than that. Invariant: at most kBoardsMax
// boards and about kBoardDoorsMax doors are kept; the one that was used longest ago goes first. Thread safety: from any
// thread. Of several calls for one cut one loads, the others wait; readers run side by side.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/turf_edit_store.h"
#include "geo/hand/turf_board.h"
#include "services/access/caller.h"

namespace snowfield::turf {

inline constexpr size_t kBoardsMax = 16;
inline constexpr int64_t kBoardDoorsMax = 4'000'000;

class BoardCache {
 public:
  // `threads` load a board. The pool must outlive the cache.
  BoardCache(db::Pool* pool, int threads) : pool_(pool), threads_(threads) {}

  // What a call sees: a board as it is after edit `cut.edit_count`.
  struct View {
    const geo::TurfBoard& board;
    const db::CutToEdit& cut;
  };
  // Runs `use` on the board of a done or published cut, up to date as of this call. NOT_FOUND naming "cut_id",
  // FAILED_PRECONDITION CUT_NOT_DONE, CUT_SUPERSEDED.
  absl::Status Use(const access::Call& call, base::CutId cut, const std::function<absl::Status(const View&)>& use);

 private:
  struct Entry {
    absl::Mutex mutex;
    std::optional<geo::TurfBoard> board ABSL_GUARDED_BY(mutex);
    int edit_count ABSL_GUARDED_BY(mutex) = -1;
    int64_t doors = 0;  // guarded by the cache's mutex
  };
  using Key = std::pair<base::CampaignId, base::CutId>;

  std::shared_ptr<Entry> Find(const Key& key);
  void NoteLoaded(Entry* entry, int64_t doors);
  void Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status BringUpToDate(const access::Call& call, base::CutId cut, Entry* entry);

  db::Pool* const pool_;
  const int threads_;
  absl::Mutex mutex_;
  std::list<std::pair<Key, std::shared_ptr<Entry>>> entries_ ABSL_GUARDED_BY(mutex_);  // the last used first
};

}  // namespace snowfield::turf
