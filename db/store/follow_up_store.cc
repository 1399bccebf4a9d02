#include "db/store/follow_up_store.h"

#include <optional>

#include "base/status.h"
#include "db/queries/follow_up_queries.h"

namespace snowfield::db {
namespace {

absl::StatusOr<std::vector<FollowUpRow>> List(Transaction& transaction, const Query& sql, base::MemberId member,
                                              const FollowUpQuery& query) {
  absl::StatusOr<Result> result = transaction.Run(sql, Params()
                                                           .Id(transaction.campaign())
                                                           .Int64(member.value)
                                                           .Text(query.state)
                                                           .Text(query.queue)
                                                           .Time(query.after_due_time)
                                                           .Int64(query.after.value)
                                                           .Int64(query.count_max));
  if (!result.ok()) return result.status();
  std::vector<FollowUpRow> rows;
  for (const Row row : *result) rows.push_back(ReadFollowUp(row));
  return rows;
}

}  // namespace

FollowUpRow ReadFollowUp(const Row& row) {
  return {.follow_up = row.Id<base::FollowUpId>(0),
          .queue = std::string(row.Text(1)),
          .rule_name = std::string(row.Text(2)),
          .state = std::string(row.Text(3)),
          .owner = row.Id<base::MemberId>(4),
          .due_time = row.Time(5),
          .knock = row.Uuid(6),
          .door = row.Id<base::DoorId>(7),
          .person = row.Id<base::PersonId>(8),
          .person_name = std::string(row.Text(9)),
          .phone_number = std::string(row.Text(10)),
          .address = std::string(row.Text(11)),
          .outcome = std::string(row.Text(12)),
          .drop_reason = std::string(row.Text(13)),
          .level = row.Int32(14),
          .snooze_time = row.OptionalTime(15),
          .holder = row.Id<base::MemberId>(16),
          .lease_expire_time = row.OptionalTime(17),
          .fence = row.Int64(18),
          .create_time = row.Time(19),
          .complete_time = row.OptionalTime(20),
          .completed_by = row.Id<base::MemberId>(21)};
}

absl::Status InstallDefaultRules(Transaction& transaction) {
  return transaction.Run(queries::kInstallDefaultRules, Params().Id(transaction.campaign())).status();
}

absl::Status CreateFollowUps(Transaction& transaction, const std::vector<FreshKnock>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  std::vector<base::Uuid> ids;
  std::vector<std::optional<bool>> say_more;
  for (const FreshKnock& knock : knocks) {
    ids.push_back(knock.knock);
    say_more.push_back(knock.says_more);
  }
  return transaction.Run(queries::kCreateFollowUps, Params().Id(transaction.campaign()).Uuids(ids).Bools(say_more))
      .status();
}

absl::Status DropCorrected(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now) {
  if (knocks.empty()) return absl::OkStatus();
  return transaction.Run(queries::kDropCorrectedFollowUps, Params().Id(transaction.campaign()).Uuids(knocks).Time(now))
      .status();
}

absl::Status DropNotToContact(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now) {
  if (knocks.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kDropFollowUpsNotToContact, Params().Id(transaction.campaign()).Uuids(knocks).Time(now))
      .status();
}

absl::StatusOr<std::vector<FollowUpRow>> ListFollowUpsOf(Transaction& transaction, base::MemberId owner,
                                                         const FollowUpQuery& query) {
  return List(transaction, queries::kListFollowUpsOfOwner, owner, query);
}

absl::StatusOr<std::vector<FollowUpRow>> ListFollowUpsBelow(Transaction& transaction, base::MemberId root,
                                                            const FollowUpQuery& query) {
  return List(transaction, queries::kListFollowUpsOfBranch, root, query);
}

absl::StatusOr<std::vector<FollowUpRule>> ListRules(Transaction& transaction, base::RuleId after, int count_max) {
  absl::StatusOr<Result> result = transaction.Run(
      queries::kListFollowUpRules, Params().Id(transaction.campaign()).Int64(after.value).Int64(count_max));
  if (!result.ok()) return result.status();
  std::vector<FollowUpRule> rules;
  for (const Row row : *result) {
    rules.push_back({.rule = row.Id<base::RuleId>(0),
                     .name = std::string(row.Text(1)),
                     .when_result = row.Int32(2),
                     .when_ask = row.Int32(3),
                     .when_ask_answer = row.Int32(4),
                     .when_question = std::string(row.Text(5)),
                     .when_answers = row.Texts(6),
                     .queue = std::string(row.Text(7)),
                     .due_after = absl::Seconds(row.Int64(8)),
                     .enabled = row.Bool(9)});
  }
  return rules;
}

}  // namespace snowfield::db
