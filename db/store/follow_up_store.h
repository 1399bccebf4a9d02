// Follow-ups: the work that knocks give rise to, and the rules that say which.
//
// Invariants: a follow-up is created in the transaction that stored its knock; one knock gives at most one per rule; an
// ended one is never opened again.
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

// The value of a rule's when_ask_answer that holds where the ask was not made at all.
inline constexpr int kAnswerNotAsked = -1;

// The default rules, for a new campaign. Repeating it changes nothing.
absl::Status InstallDefaultRules(Transaction& transaction);

struct FreshKnock {
  base::Uuid knock;
  base::DoorId door;
  bool says_more = false;  // it has responses or asks
};
// The follow-ups of these knocks, which this transaction has stored, with their responses and asks. A rule with a
// filter may be about what was before a knock, so for those all knocks at these doors are looked at again: whatever the
// order in which knocks arrive, the same work is open in the end.
absl::Status CreateFollowUps(Transaction& transaction, const std::vector<FreshKnock>& knocks, absl::Time now);
// As much of it as follows from a knock at this door that no longer stands.
absl::Status ReconsiderFollowUps(Transaction& transaction, base::DoorId door, absl::Time now);
// Ends the open work of the knocks that these correct.
absl::Status DropCorrected(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now);
// Ends the open work at the doors, or for the people, that these do-not-contact knocks mean.
absl::Status DropNotToContact(Transaction& transaction, const std::vector<base::Uuid>& knocks, absl::Time now);

struct FollowUpRow {
  base::FollowUpId follow_up;
  std::string queue;
  std::string rule_name;
  std::string state;  // open, done, dropped, dead
  base::MemberId owner;
  absl::Time due_time;
  base::Uuid knock;
  base::DoorId door;
  base::PersonId person;  // none: the household
  std::string person_name;
  std::string phone_number;
  std::string address;  // one line
  std::string outcome;  // empty while it is open
  // CORRECTED, DO_NOT_CONTACT, PERSON_ERASED, or what a person said who voided its knock; why it was given up; else
  // empty.
  std::string drop_reason;
  int level = 0;                          // climbed
  std::optional<absl::Time> snooze_time;  // put off until then
  base::MemberId holder;                  // of the lease, which may have run out; none: nobody
  std::optional<absl::Time> lease_expire_time;
  int64_t fence = 0;
  absl::Time create_time;
  std::optional<absl::Time> complete_time;
  base::MemberId completed_by;
};
FollowUpRow ReadFollowUp(const Row& row);

struct FollowUpQuery {
  std::string_view state;
  std::string_view queue = {};  // empty: all
  absl::Time after_due_time = absl::InfinitePast();
  base::FollowUpId after = {};
  int count_max = 0;
};
// In due order.
absl::StatusOr<std::vector<FollowUpRow>> ListFollowUpsOf(Transaction& transaction, base::MemberId owner,
                                                         const FollowUpQuery& query);
// Those of `root` and of everyone below; of the whole campaign where `root` is none.
absl::StatusOr<std::vector<FollowUpRow>> ListFollowUpsBelow(Transaction& transaction, base::MemberId root,
                                                            const FollowUpQuery& query);
// 0, empty and none state nothing; the numbers are those of snowfield.canvass.v1.
struct FollowUpRule {
  base::RuleId rule;
  std::string name;
  int when_result = 0;
  int when_ask = 0;
  int when_ask_answer = 0;  // or kAnswerNotAsked
  std::string when_question;
  std::vector<std::string> when_answers;
  std::string queue;
  absl::Duration due_after;
  bool enabled = true;
  int priority = 0;
  std::string owner_policy = "leader";  // leader, knocker, team
  absl::Duration climb_after = absl::Hours(24);
  std::string filter;  // of db/filter/knock_fields.h
};
// NOT_FOUND naming "rule_id".
absl::StatusOr<FollowUpRule> FindRule(Transaction& transaction, base::RuleId rule);
struct RuleCounts {
  int64_t all = 0;
  int64_t with_filter = 0;
};
absl::StatusOr<RuleCounts> CountRules(Transaction& transaction);
// It looks at what is received from `begin_time` on. INVALID_ARGUMENT where the name is taken.
absl::StatusOr<base::RuleId> InsertRule(Transaction& transaction, const FollowUpRule& rule, absl::Time begin_time);
// All but the conditions.
absl::Status UpdateRule(Transaction& transaction, const FollowUpRule& rule);

struct RuleTrial {
  int64_t knocks = 0;      // looked at
  int64_t follow_ups = 0;  // that the rule makes of them
};
// Makes the follow-ups that `rule` would have made of the last knocks received since then, at most knocks_max. For a
// transaction that is not committed.
absl::StatusOr<RuleTrial> TryRule(Transaction& transaction, base::RuleId rule, absl::Time since, int knocks_max,
                                  absl::Time now);

absl::StatusOr<std::vector<FollowUpRule>> ListRules(Transaction& transaction, base::RuleId after, int count_max);

}  // namespace snowfield::db
