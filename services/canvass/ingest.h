// Ingest: how batches of knocks get into the data. Each knock is answered on its own; a bad one never costs the good.
//
// A knock whose id is taken is a duplicate where its content is the same, whatever has become of its list since, and
// else a conflict that is kept beside it. A correction names a knock that is stored, or in the same batch; one that
// arrives before what it corrects is rejected with CORRECTS_UNKNOWN, and the phone sends both again.
//
// Batches of several phones go in together, in one transaction of the caller's (services/canvass/intake.h says when),
// in a number of statements that does not grow with them, and that look rows up by their keys (db::Scope::look_ups): of
// one knock in two batches, the first one is stored. The last statement, which numbers the changes and holds the
// campaign's counter until the commit, is deferred to go with it: commit at once. Thread safety: as the transaction's.
#pragma once

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/knock_store.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

// A phone's clock may be ahead of the server's by this much without a flag.
inline constexpr absl::Duration kClockAheadMax = absl::Minutes(2);
// A knock from before its walk list was made, by more than this, is from a clock that runs behind.
inline constexpr absl::Duration kClockBehindMax = absl::Hours(24);

// The marks that the server puts on a knock.
inline constexpr char kFlagLateList[] = "LATE_LIST";        // the list was revoked, or no longer out on this phone
inline constexpr char kFlagClockAhead[] = "CLOCK_AHEAD";    // the phone's time lies in the future; clamped
inline constexpr char kFlagClockBehind[] = "CLOCK_BEHIND";  // the phone's time is from before the list was made
// An answer is not among those of the script that the knock names, or there is no such script: kept, and no rule fires
// on it.
inline constexpr char kFlagOffScript[] = "OFF_SCRIPT";

// One batch and the phone that sent it.
struct SentBatch {
  db::KnockSender sender;
  const v1::SendKnocksRequest* request = nullptr;
};
using KnockAnswers = std::vector<v1::KnockAnswer>;

// 1 to kBatchKnocksMax knocks. INVALID_ARGUMENT with field "knocks", reasons BATCH_EMPTY and BATCH_TOO_LARGE, refuses
// the whole.
absl::Status CheckBatch(const v1::SendKnocksRequest& request);
// Batches that CheckBatch() lets pass. The answers of each batch, in the order of its knocks.
absl::StatusOr<std::vector<KnockAnswers>> IngestBatches(db::Transaction& transaction,
                                                        const std::vector<SentBatch>& batches, absl::Time now);
// The same of batches that were walked on paper, each with who walked. Every list may have a result.
using WalkedOnPaper = std::pair<base::MemberId, v1::SendKnocksRequest>;
absl::StatusOr<std::vector<KnockAnswers>> IngestPaper(db::Transaction& transaction,
                                                      const std::vector<WalkedOnPaper>& batches, absl::Time now);

}  // namespace snowfield::canvass
