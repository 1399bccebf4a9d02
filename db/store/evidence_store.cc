#include "db/store/evidence_store.h"

#include "base/status.h"
#include "db/queries/evidence_queries.h"

namespace snowfield::db {

absl::Status InsertEvidence(Transaction& transaction, const std::vector<base::Uuid>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kInsertEvidence, Params().Id(transaction.campaign()).Uuids(knocks));
}

absl::StatusOr<std::vector<FlaggedKnock>> ListFlaggedKnocks(Transaction& transaction, const FlaggedQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListFlaggedKnocks, Params()
                                                                              .Id(transaction.campaign())
                                                                              .Int64(query.root.value)
                                                                              .Bool(query.pending_only)
                                                                              .Int64(query.after)
                                                                              .Int64(query.count_max)));
  std::vector<FlaggedKnock> knocks;
  for (const Row row : result) {
    FlaggedKnock& knock = knocks.emplace_back();
    knock.evidence_id = row.Int64(0);
    knock.knock = row.Uuid(1);
    knock.member = row.Id<base::MemberId>(2);
    knock.phone = row.Id<base::PhoneId>(3);
    knock.door = row.Id<base::DoorId>(4);
    knock.list_number = std::string(row.Text(5));
    knock.result = row.Int32(6);
    knock.phone_time = row.Time(7);
    knock.receive_time = row.Time(8);
    const std::vector<std::string> flags = row.Texts(9);
    const std::vector<double> measured = row.Doubles(10), bounds = row.Doubles(11);
    for (size_t i = 0; i < flags.size(); ++i) {
      knock.evidence.push_back({.flag = flags[i], .measured = measured[i], .bound = bounds[i]});
    }
    knock.verdict = std::string(row.Text(12));
    knock.reason = std::string(row.Text(13));
    knock.judge = row.Id<base::MemberId>(14);
    knock.judge_time = row.OptionalTime(15);
    knock.other = row.OptionalUuid(16);
    knock.other_result = row.Int32(17);
    knock.other_time = row.OptionalTime(18);
  }
  return knocks;
}

absl::StatusOr<KnockToJudge> FindKnockToJudge(Transaction& transaction, base::Uuid knock) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindKnockToJudge,
                                                                  Params().Id(transaction.campaign()).Uuid(knock)));
  if (result.empty()) return base::NoSuch("knock_id", "no such knock: list the flagged ones");
  const Row row = result[0];
  return KnockToJudge{
      .member = row.Id<base::MemberId>(0), .verdict = std::string(row.Text(1)), .door = row.Id<base::DoorId>(2)};
}

absl::StatusOr<bool> InsertJudgement(Transaction& transaction, const Judgement& judgement) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertJudgement, Params()
                                                                            .Id(transaction.campaign())
                                                                            .Uuid(judgement.knock)
                                                                            .Text(judgement.verdict)
                                                                            .Text(judgement.reason)
                                                                            .Id(judgement.judge)
                                                                            .Time(judgement.now)));
  return !result.empty();
}

absl::StatusOr<int> DropFollowUpsOfVoided(Transaction& transaction, const Judgement& judgement) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kDropFollowUpsOfVoided, Params()
                                                                                  .Id(transaction.campaign())
                                                                                  .Uuid(judgement.knock)
                                                                                  .Time(judgement.now)
                                                                                  .Id(judgement.judge)
                                                                                  .Text(judgement.reason)));
  return result.row_count();
}

absl::StatusOr<EvidenceLimits> FindEvidenceLimits(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindEvidenceLimits, Params().Id(transaction.campaign())));
  if (result.empty()) return EvidenceLimits();
  const Row row = result[0];
  return EvidenceLimits{.distance_m = row.Double(0),
                        .accuracy_m = row.Double(1),
                        .speed_m_per_s = row.Double(2),
                        .clock_ahead_s = row.Double(3),
                        .clock_behind_s = row.Double(4),
                        .clock_backwards_s = row.Double(5)};
}

absl::Status SetEvidenceLimits(Transaction& transaction, const EvidenceLimits& limits) {
  return transaction
      .Run(queries::kSetEvidenceLimits, Params()
                                            .Id(transaction.campaign())
                                            .Double(limits.distance_m)
                                            .Double(limits.accuracy_m)
                                            .Double(limits.speed_m_per_s)
                                            .Double(limits.clock_ahead_s)
                                            .Double(limits.clock_behind_s)
                                            .Double(limits.clock_backwards_s))
      .status();
}

}  // namespace snowfield::db
