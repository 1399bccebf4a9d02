#include "db/store/proposal_store.h"

#include <utility>

#include "base/status.h"
#include "db/queries/proposal_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

ProposalRow ReadProposal(const Row& row) {
  return {.proposal = row.Id<ProposalId>(0),
          .kind = std::string(row.Text(1)),
          .subject = row.Id<base::MemberId>(2),
          .subject_name = std::string(row.Text(3)),
          .evidence_json = std::string(row.Text(4)),
          .new_leader = row.Id<base::MemberId>(5),
          .followers = row.Ids<base::MemberId>(6),
          .state = std::string(row.Text(7)),
          .create_time = row.Time(8),
          .decide_time = row.OptionalTime(9),
          .decided_by = row.Id<base::MemberId>(10),
          .reason = std::string(row.Text(11))};
}

}  // namespace

absl::StatusOr<bool> LockProposing(Transaction& transaction, absl::Time before) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockProposing, Campaign(transaction).Time(before)));
  return !result.empty();
}

absl::Status MarkProposed(Transaction& transaction, absl::Time now) {
  return transaction.Run(queries::kMarkProposed, Campaign(transaction).Time(now)).status();
}

absl::Status Propose(Transaction& transaction, base::MemberId leader, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(ProposeKind(transaction, "split", leader, now));
  return ProposeKind(transaction, "quiet", leader, now);
}

absl::Status ProposeKind(Transaction& transaction, std::string_view kind, base::MemberId leader, absl::Time now) {
  const Params params = Campaign(transaction).Int64(leader.value).Time(now);
  if (kind == "quiet") return transaction.Run(queries::kProposeQuiet, params).status();
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kProposeLeading, params).status());
  if (kind == "lead") return absl::OkStatus();
  // Splits go by who is ready to lead.
  return transaction.Run(queries::kProposeSplits, params).status();
}

absl::StatusOr<std::vector<ProposalRow>> ListProposals(Transaction& transaction, const ProposalQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(
          queries::kListProposals,
          Campaign(transaction).Int64(query.leader.value).Text(query.state).Int64(query.after).Int32(query.count_max)));
  std::vector<ProposalRow> rows;
  for (const Row& row : result) rows.push_back(ReadProposal(row));
  return rows;
}

absl::StatusOr<ProposalRow> LockProposal(Transaction& transaction, ProposalId proposal) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockProposal, Campaign(transaction).Id(proposal)));
  if (result.empty()) return base::NoSuch("proposal_id", "this campaign has no such proposal: list them");
  return ReadProposal(result[0]);
}

absl::Status DecideProposal(Transaction& transaction, const ProposalDecision& decision) {
  return transaction
      .Run(queries::kDecideProposal, Campaign(transaction)
                                         .Id(decision.proposal)
                                         .Text(decision.state)
                                         .Id(decision.member)
                                         .Time(decision.now)
                                         .Text(decision.reason))
      .status();
}

absl::StatusOr<std::vector<OpenProposalRow>> ListProposalsOfTeam(Transaction& transaction, base::MemberId leader,
                                                                 int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListProposalsOfTeam,
                                                                  Campaign(transaction).Id(leader).Int32(count_max)));
  std::vector<OpenProposalRow> rows;
  for (const Row& row : result) {
    rows.push_back(
        {.proposal = row.Id<ProposalId>(0), .kind = std::string(row.Text(1)), .subject = row.Id<base::MemberId>(2)});
  }
  return rows;
}

}  // namespace snowfield::db
