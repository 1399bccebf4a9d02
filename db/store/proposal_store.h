// Proposals of the system: who is ready to lead, which full team to split, which leader has gone quiet.
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
#include "db/pg/transaction.h"

namespace snowfield::db {

using ProposalId = base::Id<struct ProposalTag>;

// Takes the turn to propose in this campaign where the last time was before `before`; false where it is not due, or
// another server is at it.
absl::StatusOr<bool> LockProposing(Transaction& transaction, absl::Time before);
absl::Status MarkProposed(Transaction& transaction, absl::Time now);

// Stores what holds now about the team of `leader` (none: about everybody), and marks what no longer holds as stale.
// Where EnsureGrowthPlan was called before.
absl::Status Propose(Transaction& transaction, base::MemberId leader, absl::Time now);

// As Propose, as far as the proposals of this kind ("lead", "split", "quiet") go.
absl::Status ProposeKind(Transaction& transaction, std::string_view kind, base::MemberId leader, absl::Time now);

struct ProposalRow {
  ProposalId proposal;
  std::string kind;  // lead, split, quiet
  base::MemberId subject;
  std::string subject_name;
  std::string evidence_json;
  base::MemberId new_leader;
  std::vector<base::MemberId> followers;
  std::string state;  // open, accepted, declined, stale
  absl::Time create_time;
  std::optional<absl::Time> decide_time;
  base::MemberId decided_by;
  std::string reason;
};
struct ProposalQuery {
  base::MemberId leader;  // none: everybody's
  std::string_view state;
  int64_t after = 0;
  int count_max = 0;
};
// In order of id.
absl::StatusOr<std::vector<ProposalRow>> ListProposals(Transaction& transaction, const ProposalQuery& query);
// NOT_FOUND naming "proposal_id". Holds it to the end of the transaction.
absl::StatusOr<ProposalRow> LockProposal(Transaction& transaction, ProposalId proposal);

struct ProposalDecision {
  ProposalId proposal;
  std::string_view state;
  base::MemberId member;
  absl::Time now;
  std::string reason;
};
absl::Status DecideProposal(Transaction& transaction, const ProposalDecision& decision);

struct OpenProposalRow {
  ProposalId proposal;
  std::string kind;
  base::MemberId subject;
};
absl::StatusOr<std::vector<OpenProposalRow>> ListProposalsOfTeam(Transaction& transaction, base::MemberId leader,
                                                                 int count_max);

}  // namespace snowfield::db
