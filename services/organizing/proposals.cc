#include "services/organizing/proposals.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/growth_store.h"
#include "db/store/member_store.h"
#include "db/store/proposal_store.h"
#include "services/access/scope.h"
#include "services/organizing/branch_rights.h"
#include "services/organizing/teams.h"
#include "services/organizing/tree_change.h"
#include "services/organizing/wire.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {
namespace {

constexpr char kListName[] = "proposals";
constexpr int64_t kEverybody = -1;

constexpr std::array<std::pair<v1::ProposalState, std::string_view>, 4> kStates = {
    {{v1::PROPOSAL_STATE_OPEN, "open"},
     {v1::PROPOSAL_STATE_ACCEPTED, "accepted"},
     {v1::PROPOSAL_STATE_DECLINED, "declined"},
     {v1::PROPOSAL_STATE_STALE, "stale"}}};

void ToMessage(const db::ProposalRow& row, v1::Proposal& proposal) {
  proposal.set_proposal_id(row.proposal.value);
  proposal.set_kind(ProposalKindOf(row.kind));
  proposal.set_subject_id(row.subject.value);
  proposal.set_subject_name(row.subject_name);
  proposal.set_evidence(row.evidence_json);
  proposal.set_new_leader_id(row.new_leader.value);
  for (const base::MemberId follower : row.followers) proposal.add_follower_ids(follower.value);
  for (const auto& [state, name] : kStates) {
    if (name == row.state) proposal.set_state(state);
  }
  *proposal.mutable_create_time() = rpc::ToTimestamp(row.create_time);
  if (row.decide_time.has_value()) *proposal.mutable_decide_time() = rpc::ToTimestamp(*row.decide_time);
  proposal.set_decided_by_id(row.decided_by.value);
  proposal.set_reason(row.reason);
}

absl::Status CheckReason(const v1::DecideProposalRequest& request) {
  const std::string& reason = request.reason();
  if (!request.accept() && reason.empty()) {
    return base::InvalidField("reason", "REASON_MISSING", "say why not: whoever looks at it next will want to know");
  }
  const int64_t characters = base::CharacterCount(reason);
  if (characters <= kReasonCharactersMax && reason.find('\0') == std::string::npos) return absl::OkStatus();
  return base::InvalidField("reason", "TOO_LONG", absl::StrCat("at most ", kReasonCharactersMax, " characters"));
}

absl::Status CheckMayDecide(db::Transaction& transaction, const access::Caller& caller, const db::ProposalRow& row) {
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, row.subject, "proposal_id"));
  if (row.subject != caller.member || row.kind == "split") return absl::OkStatus();
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_FOR_ONESELF", "proposal_id",
                       "this is about you: whoever leads you decides it");
}

absl::Status Stale() {
  return base::NotNow("PROPOSAL_STALE", "what it says no longer holds: list the proposals again");
}

// Who has come or gone since makes a plan stale, not wrong.
absl::StatusOr<TreeChange> OrStale(absl::StatusOr<TreeChange> plan) {
  const std::string reason = base::DetailOf(plan.status()).reason;
  if (reason == "NOT_ON_TEAM" || reason == "TEAM_FULL" || reason == "MEMBER_LEFT") return Stale();
  return plan;
}

absl::StatusOr<TreeChange> PlanAccepted(db::Transaction& transaction, const access::Caller& caller,
                                        const db::ProposalRow& row, base::MemberId successor) {
  if (row.kind == "split") {
    return OrStale(PlanSplit(transaction, caller,
                             {.leader = row.subject,
                              .new_leader = row.new_leader,
                              .followers = row.followers,
                              .under = {},
                              .validate_only = false}));
  }
  if (row.kind == "quiet") {
    return OrStale(
        PlanEnding(transaction, caller, {.ending = Ending::kStepsDown, .member = row.subject, .successor = successor}));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, db::FindMember(transaction, row.subject, "proposal_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayChange(transaction, caller, member, "proposal_id"));
  return TreeChange{.roles = {{member.id, "leader"}}, .action = "member.lead", .subject = member.id};
}

// Looks again whether it holds: proposing anew makes stale what doesn't.
absl::StatusOr<db::ProposalRow> LookAgain(db::Transaction& transaction, const db::ProposalRow& row, absl::Time now) {
  base::MemberId leader = row.subject;
  if (row.kind != "split") {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, db::FindMember(transaction, row.subject, "proposal_id"));
    if (member.leave_time.has_value() || !member.leader) return Stale();
    leader = member.leader;
  }
  SNOWFIELD_RETURN_IF_ERROR(db::ProposeKind(transaction, row.kind, leader, now));
  SNOWFIELD_ASSIGN_OR_RETURN(db::ProposalRow again, db::LockProposal(transaction, row.proposal));
  if (again.state != "open") return Stale();
  return again;
}

absl::StatusOr<v1::DecideProposalResponse> Decide(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::DecideProposalRequest& request, absl::Time now) {
  const std::string_view wanted = request.accept() ? "accepted" : "declined";
  const db::ProposalId id(request.proposal_id());
  SNOWFIELD_RETURN_IF_ERROR(db::LockMoves(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(db::ProposalRow row, db::LockProposal(transaction, id));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayDecide(transaction, caller, row));
  v1::DecideProposalResponse response;
  if (row.state == wanted) {
    ToMessage(row, *response.mutable_proposal());
    return response;
  }
  if (row.state == "stale") return Stale();
  if (row.state != "open") {
    return base::NotNow("PROPOSAL_DECIDED", absl::StrCat("it was ", row.state, " before: list the proposals again"));
  }
  if (request.accept()) {
    SNOWFIELD_ASSIGN_OR_RETURN(row, LookAgain(transaction, row, now));
    SNOWFIELD_RETURN_IF_ERROR(db::LockMember(transaction, row.subject));
    SNOWFIELD_ASSIGN_OR_RETURN(const TreeChange change,
                               PlanAccepted(transaction, caller, row, base::MemberId(request.successor_id())));
    SNOWFIELD_RETURN_IF_ERROR(Apply(transaction, caller, change));
    organizing::ToMessage(change, *response.mutable_change());
  }
  SNOWFIELD_RETURN_IF_ERROR(db::DecideProposal(
      transaction, {.proposal = id, .state = wanted, .member = caller.member, .now = now, .reason = request.reason()}));
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = caller.member,
                                   .action = request.accept() ? "proposal.accept" : "proposal.decline",
                                   .subject_kind = "proposal",
                                   .subject_id = id.value}));
  SNOWFIELD_ASSIGN_OR_RETURN(row, db::LockProposal(transaction, id));
  ToMessage(row, *response.mutable_proposal());
  return response;
}

// Whose team to look at; none: everybody's.
absl::StatusOr<base::MemberId> ReadLeader(db::Transaction& transaction, const access::Caller& caller,
                                          int64_t leader_id) {
  if (leader_id == kEverybody) {
    if (!access::BranchRoot(caller)) return base::MemberId();
    return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_BRANCH", "leader_id",
                         "leaders see what is proposed for teams of their own branch");
  }
  const base::MemberId leader = leader_id == 0 ? caller.member : base::MemberId(leader_id);
  SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, leader, "leader_id").status());
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, leader, "leader_id"));
  return leader;
}

}  // namespace

v1::ProposalKind ProposalKindOf(std::string_view kind) {
  if (kind == "lead") return v1::PROPOSAL_KIND_LEAD;
  if (kind == "split") return v1::PROPOSAL_KIND_SPLIT;
  if (kind == "quiet") return v1::PROPOSAL_KIND_QUIET;
  return v1::PROPOSAL_KIND_UNSPECIFIED;
}

absl::StatusOr<bool> ProposeWhereDue(db::Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const bool due, db::LockProposing(transaction, now - kProposeEvery));
  if (!due) return false;
  SNOWFIELD_RETURN_IF_ERROR(db::Propose(transaction, base::MemberId(), now));
  SNOWFIELD_RETURN_IF_ERROR(db::MarkProposed(transaction, now));
  return true;
}

absl::StatusOr<v1::ListProposalsResponse> ListProposals(db::Pool& pool, const access::Call& call,
                                                        const v1::ListProposalsRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kListName, request.page_size(), request.page_token()));
  std::string_view state = "open";
  if (request.state() != v1::PROPOSAL_STATE_UNSPECIFIED) {
    const auto* const found =
        std::find_if(kStates.begin(), kStates.end(), [&](const auto& known) { return known.first == request.state(); });
    if (found == kStates.end()) {
      return base::InvalidField("state", "STATE_UNKNOWN", "send open, accepted, declined or stale");
    }
    state = found->second;
  }
  const db::Scope scope = request.refresh() ? call.Scope() : call.ReadScope();
  using Rows = absl::StatusOr<std::vector<db::ProposalRow>>;
  SNOWFIELD_ASSIGN_OR_RETURN(
      const auto rows, db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) -> Rows {
        SNOWFIELD_ASSIGN_OR_RETURN(const base::MemberId leader,
                                   ReadLeader(transaction, call.caller, request.leader_id()));
        if (request.refresh()) {
          SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
          SNOWFIELD_RETURN_IF_ERROR(db::Propose(transaction, leader, now));
        }
        return db::ListProposals(transaction,
                                 {.leader = leader, .state = state, .after = page.after, .count_max = page.size + 1});
      }));
  v1::ListProposalsResponse response;
  for (const db::ProposalRow& row : rows) {
    if (response.proposals_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kListName, response.proposals(page.size - 1).proposal_id()));
      break;
    }
    ToMessage(row, *response.add_proposals());
  }
  return response;
}

absl::StatusOr<v1::DecideProposalResponse> DecideProposal(db::Pool& pool, const access::Call& call,
                                                          const v1::DecideProposalRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(CheckReason(request));
  auto decided = RunOnTree(
      pool, call, [&](db::Transaction& transaction) { return Decide(transaction, call.caller, request, now); });
  if (!decided.ok()) return ExplainDepth(decided.status(), "proposal_id");
  return decided;
}

}  // namespace snowfield::organizing
