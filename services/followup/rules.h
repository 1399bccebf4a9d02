// Rules: which knock gives which follow-up; as data, in words, and tried on what was.
//
// How a rule fires is written once, in db/queries/follow_up.sql, in the transaction that stores the knock; a trial runs
// the same and keeps nothing. Thread safety: as the transaction's; the words are pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "db/pg/transaction.h"
#include "db/store/follow_up_store.h"
#include "services/access/caller.h"
#include "snowfield/followup/v1/rules.pb.h"

namespace snowfield::followup {

// "volunteer is answered yes", "the result is COME_BACK", "support is answered 1, and volunteer is not asked".
std::string ConditionsInWords(const db::FollowUpRule& rule);

inline constexpr int kRulesMax = 100;
// Each costs a statement for each commit of knocks.
inline constexpr int kFilterRulesMax = 20;
inline constexpr int kRuleNameCharactersMax = 100;
inline constexpr absl::Duration kRuleTimeMax = absl::Hours(24 * 365);
inline constexpr absl::Duration kClimbAfterMin = absl::Hours(1);
inline constexpr int kTrialKnocksMax = 20'000;
inline constexpr int kTrialDaysDefault = 30;
inline constexpr int kTrialDaysMax = 365;

absl::StatusOr<v1::ListRulesResponse> ListRules(db::Transaction& transaction, const v1::ListRulesRequest& request);
// INVALID_ARGUMENT: NAME_LENGTH, QUEUE_INVALID, TIME_OUT_OF_RANGE, PRIORITY_OUT_OF_RANGE, CONDITION_MISSING,
// CONDITION_UNFIT, TOO_LONG, NAME_TAKEN, and what a filter may have wrong (db/filter/filter.h). RESOURCE_EXHAUSTED
// TOO_MANY_RULES.
absl::StatusOr<v1::CreateRuleResponse> CreateRule(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::CreateRuleRequest& request, absl::Time now);
// As CreateRule; NOT_FOUND naming "rule.rule_id".
absl::StatusOr<v1::UpdateRuleResponse> UpdateRule(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::UpdateRuleRequest& request);
// As CreateRule; INVALID_ARGUMENT DAYS_OUT_OF_RANGE. In a transaction of its own, which is not committed.
absl::StatusOr<v1::TryRuleResponse> TryRule(db::Pool& pool, const access::Call& call, const v1::TryRuleRequest& request,
                                            absl::Time now);

}  // namespace snowfield::followup
