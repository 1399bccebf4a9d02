// AuditSealer: seals, in the background, what the campaigns that call this server have written to their audit logs.
//
// An entry that is written here gets its seal within about a second. What a server leaves unsealed when it is killed,
// the next call in that campaign by any server has sealed. Thread safety: Note() from any thread. The pool must outlive
// it.
#pragma once

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/repeating.h"
#include "db/pg/pool.h"

namespace snowfield::access {

inline constexpr absl::Duration kSealEvery = absl::Seconds(1);
// A round that takes longer gives up; what is left is sealed later.
inline constexpr absl::Duration kSealTimeMax = absl::Seconds(20);

class AuditSealer {
 public:
  explicit AuditSealer(db::Pool* pool, absl::Duration every = kSealEvery);
  // Seals once more what was noted.
  ~AuditSealer();
  AuditSealer(const AuditSealer&) = delete;
  AuditSealer& operator=(const AuditSealer&) = delete;

  // There may be something to seal in this campaign.
  void Note(base::CampaignId campaign);

 private:
  void SealNoted();

  db::Pool* const pool_;
  absl::Mutex mutex_;
  absl::flat_hash_set<base::CampaignId> noted_ ABSL_GUARDED_BY(mutex_);
  std::optional<base::Repeating> thread_;  // ends before the last sealing
};

}  // namespace snowfield::access
