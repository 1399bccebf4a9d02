// Evidence: what a knock's position and clock say against it, and what a person decided about it.
//
// Invariants: evidence and judgements are append-only; a knock is judged once.
// Thread safety: as the transaction's.
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

// Weighs these stored knocks against the campaign's limits and keeps what speaks against them.
absl::Status InsertEvidence(Transaction& transaction, const std::vector<base::Uuid>& knocks);

struct Evidence {
  std::string flag;
  double measured = 0;
  double bound = 0;
};
struct FlaggedKnock {
  int64_t evidence_id = 0;  // of its first evidence
  base::Uuid knock;
  base::MemberId member;
  base::PhoneId phone;
  base::DoorId door;
  std::string list_number;
  int result = 0;
  absl::Time phone_time;
  absl::Time receive_time;
  std::vector<Evidence> evidence;
  std::string verdict;  // empty: not judged yet
  std::string reason;
  base::MemberId judge;
  std::optional<absl::Time> judge_time;
  // What a phone said at the same door on the day of a walk on paper, where it says another thing.
  std::optional<base::Uuid> other;
  int other_result = 0;
  std::optional<absl::Time> other_time;
};
struct FlaggedQuery {
  base::MemberId root = {};  // this member and everyone below; none: all
  bool pending_only = true;
  int64_t after = 0;  // evidence id
  int count_max = 0;
};
// In the order in which the evidence came.
absl::StatusOr<std::vector<FlaggedKnock>> ListFlaggedKnocks(Transaction& transaction, const FlaggedQuery& query);

struct KnockToJudge {
  base::MemberId member;
  std::string verdict;  // empty: not judged yet
  base::DoorId door;
};
// NOT_FOUND naming "knock_id".
absl::StatusOr<KnockToJudge> FindKnockToJudge(Transaction& transaction, base::Uuid knock);

struct Judgement {
  base::Uuid knock;
  std::string_view verdict;  // accepted, voided
  std::string_view reason;   // 1 to 500 characters
  base::MemberId judge;
  absl::Time now;
};
// False where the knock was judged before.
absl::StatusOr<bool> InsertJudgement(Transaction& transaction, const Judgement& judgement);
// Ends the open work of a voided knock, with the reason; how many.
absl::StatusOr<int> DropFollowUpsOfVoided(Transaction& transaction, const Judgement& judgement);

struct EvidenceLimits {
  double distance_m = 100;
  double accuracy_m = 200;
  double speed_m_per_s = 8;
  double clock_ahead_s = 120;
  double clock_behind_s = 86'400;
  double clock_backwards_s = 120;
};
// The defaults where the campaign has none of its own.
absl::StatusOr<EvidenceLimits> FindEvidenceLimits(Transaction& transaction);
absl::Status SetEvidenceLimits(Transaction& transaction, const EvidenceLimits& limits);

}  // namespace snowfield::db
