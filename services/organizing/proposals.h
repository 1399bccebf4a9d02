// Proposals: who is ready to lead, which full team to split and how, which leader has gone quiet. The system proposes
// (db/queries/proposal.sql says when), a person decides; what is accepted is done in the same transaction, if it still
// holds then. Thread safety: all functions from any thread, as the transaction's.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/growth.pb.h"

namespace snowfield::organizing {

// How often the background work looks for new ones in a campaign.
inline constexpr absl::Duration kProposeEvery = absl::Hours(1);
inline constexpr int kReasonCharactersMax = 500;

// Unspecified for a kind that this server does not know.
v1::ProposalKind ProposalKindOf(std::string_view kind);

// Proposes for the whole campaign where the last time is kProposeEvery ago; false where it is not, or another server
// does.
absl::StatusOr<bool> ProposeWhereDue(db::Transaction& transaction, absl::Time now);

// PERMISSION_DENIED NOT_YOUR_BRANCH; NOT_FOUND (leader_id); INVALID_ARGUMENT for a bad page or state.
absl::StatusOr<v1::ListProposalsResponse> ListProposals(db::Pool& pool, const access::Call& call,
                                                        const v1::ListProposalsRequest& request, absl::Time now);

// FAILED_PRECONDITION PROPOSAL_STALE, PROPOSAL_DECIDED, and as services/organizing/teams.h; INVALID_ARGUMENT
// REASON_MISSING, TOO_LONG; PERMISSION_DENIED NOT_YOUR_BRANCH, NOT_FOR_ONESELF; NOT_FOUND (proposal_id).
absl::StatusOr<v1::DecideProposalResponse> DecideProposal(db::Pool& pool, const access::Call& call,
                                                          const v1::DecideProposalRequest& request, absl::Time now);

}  // namespace snowfield::organizing
