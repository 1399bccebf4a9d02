#include "db/store/follow_up_store.h"

#include <optional>
#include <set>

#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "db/filter/filter.h"
#include "db/filter/knock_fields.h"
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

// What the filters of rules let pass, by place.
struct Passed {
  std::vector<base::Uuid> knocks;
  std::vector<base::RuleId> rules;
  std::vector<base::PersonId> people;  // none: the knock names nobody
};

absl::StatusOr<Passed> FindPassed(Transaction& transaction, const Result& rules, const std::vector<base::DoorId>& doors,
                                  absl::Time now) {
  Passed passed;
  for (const Row row : rules) {
    SNOWFIELD_ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(row.Text(1), KnockFields(), "rule.filter"));
    Params params = Params().Id(transaction.campaign()).Ids(doors);
    const std::string sql = absl::StrReplaceAll(queries::kKnocksOfFilter.sql, {{"(true)", filter.ToSql(now, &params)}});
    SNOWFIELD_ASSIGN_OR_RETURN(const Result found, transaction.Run({"", sql.c_str()}, params));
    for (const Row knock : found) {
      passed.knocks.push_back(knock.Uuid(0));
      passed.rules.push_back(row.Id<base::RuleId>(0));
      passed.people.push_back(knock.Id<base::PersonId>(1));
    }
  }
  return passed;
}

absl::Status Create(Transaction& transaction, const std::vector<FreshKnock>& fresh,
                    const std::vector<base::DoorId>& doors, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result rules,
                             transaction.Run(queries::kListFilterRules, Params().Id(transaction.campaign())));
  SNOWFIELD_ASSIGN_OR_RETURN(const Passed passed, FindPassed(transaction, rules, doors, now));
  std::vector<base::Uuid> ids;
  std::vector<std::optional<bool>> say_more, are_fresh;
  std::set<base::Uuid> seen;
  for (const FreshKnock& knock : fresh) {
    ids.push_back(knock.knock);
    say_more.push_back(knock.says_more);
    are_fresh.push_back(true);
    seen.insert(knock.knock);
  }
  for (const base::Uuid& knock : passed.knocks) {
    if (!seen.insert(knock).second) continue;
    ids.push_back(knock);
    say_more.push_back(true);
    are_fresh.push_back(false);
  }
  SNOWFIELD_RETURN_IF_ERROR(transaction.Defer(queries::kCreateFollowUps, Params()
                                                                             .Id(transaction.campaign())
                                                                             .Uuids(ids)
                                                                             .Bools(say_more)
                                                                             .Bools(are_fresh)
                                                                             .Uuids(passed.knocks)
                                                                             .Ids(passed.rules)
                                                                             .Ids(passed.people)));
  if (rules.empty()) return absl::OkStatus();
  return transaction.Defer(
      queries::kDropFollowUpsThatNoLongerPass,
      Params().Id(transaction.campaign()).Ids(doors).Uuids(passed.knocks).Ids(passed.rules).Time(now));
}

FollowUpRule ReadRule(const Row& row) {
  return {.rule = row.Id<base::RuleId>(0),
          .name = std::string(row.Text(1)),
          .when_result = row.Int32(2),
          .when_ask = row.Int32(3),
          .when_ask_answer = row.Int32(4),
          .when_question = std::string(row.Text(5)),
          .when_answers = row.Texts(6),
          .queue = std::string(row.Text(7)),
          .due_after = absl::Seconds(row.Int64(8)),
          .enabled = row.Bool(9),
          .priority = row.Int32(10),
          .owner_policy = std::string(row.Text(11)),
          .climb_after = absl::Seconds(row.Int64(12)),
          .filter = std::string(row.Text(13))};
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

absl::Status CreateFollowUps(Transaction& transaction, const std::vector<FreshKnock>& knocks, absl::Time now) {
  if (knocks.empty()) return absl::OkStatus();
  std::set<base::DoorId> doors;
  for (const FreshKnock& knock : knocks) doors.insert(knock.door);
  return Create(transaction, knocks, std::vector<base::DoorId>(doors.begin(), doors.end()), now);
}

absl::Status ReconsiderFollowUps(Transaction& transaction, base::DoorId door, absl::Time now) {
  return Create(transaction, {}, {door}, now);
}

absl::Status DropCorrected(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now) {
  if (knocks.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kDropCorrectedFollowUps,
                           Params().Id(transaction.campaign()).Uuids(knocks).Time(now));
}

absl::Status DropNotToContact(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now) {
  if (knocks.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kDropFollowUpsNotToContact,
                           Params().Id(transaction.campaign()).Uuids(knocks).Time(now));
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
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListFollowUpRules,
                                             Params().Id(transaction.campaign()).Int64(after.value).Int64(count_max)));
  std::vector<FollowUpRule> rules;
  for (const Row row : result) rules.push_back(ReadRule(row));
  return rules;
}

absl::StatusOr<FollowUpRule> FindRule(Transaction& transaction, base::RuleId rule) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<FollowUpRule> rules, ListRules(transaction, base::RuleId(rule.value - 1), 1));
  if (rules.empty() || rules[0].rule != rule) return base::NoSuch("rule_id", "no such rule: list them again");
  return std::move(rules[0]);
}

absl::StatusOr<RuleCounts> CountRules(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountFollowUpRules, Params().Id(transaction.campaign())));
  return RuleCounts{.all = result[0].Int64(0), .with_filter = result[0].Int64(1)};
}

absl::StatusOr<base::RuleId> InsertRule(Transaction& transaction, const FollowUpRule& rule, absl::Time begin_time) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kInsertFollowUpRule,
                                                                  Params()
                                                                      .Id(transaction.campaign())
                                                                      .Text(rule.name)
                                                                      .Int32(rule.when_result)
                                                                      .Int32(rule.when_ask)
                                                                      .Int32(rule.when_ask_answer)
                                                                      .Text(rule.when_question)
                                                                      .Texts(rule.when_answers)
                                                                      .Text(rule.filter)
                                                                      .Text(rule.queue)
                                                                      .Double(absl::ToDoubleSeconds(rule.due_after))
                                                                      .Int32(rule.priority)
                                                                      .Text(rule.owner_policy)
                                                                      .Double(absl::ToDoubleSeconds(rule.climb_after))
                                                                      .Bool(rule.enabled)
                                                                      .Time(begin_time)));
  return result[0].Id<base::RuleId>(0);
}

absl::Status UpdateRule(Transaction& transaction, const FollowUpRule& rule) {
  return transaction
      .Run(queries::kUpdateFollowUpRule, Params()
                                             .Id(transaction.campaign())
                                             .Id(rule.rule)
                                             .Text(rule.name)
                                             .Text(rule.queue)
                                             .Double(absl::ToDoubleSeconds(rule.due_after))
                                             .Int32(rule.priority)
                                             .Text(rule.owner_policy)
                                             .Double(absl::ToDoubleSeconds(rule.climb_after))
                                             .Bool(rule.enabled))
      .status();
}

absl::StatusOr<RuleTrial> TryRule(Transaction& transaction, base::RuleId rule, absl::Time since, int knocks_max,
                                  absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kKnocksReceivedSince,
                                             Params().Id(transaction.campaign()).Time(since).Int64(knocks_max)));
  std::vector<FreshKnock> knocks;
  for (const Row row : result) {
    knocks.push_back({.knock = row.Uuid(0), .door = row.Id<base::DoorId>(1), .says_more = true});
  }
  SNOWFIELD_RETURN_IF_ERROR(CreateFollowUps(transaction, knocks, now));
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result made, transaction.Run(queries::kCountFollowUpsOfRule, Params().Id(transaction.campaign()).Id(rule)));
  return RuleTrial{.knocks = static_cast<int64_t>(knocks.size()), .follow_ups = made[0].Int64(0)};
}

}  // namespace snowfield::db
