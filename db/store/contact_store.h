// Contacts: how often people and households were met, called and invited, the limits on that, and who is held back.
//
// What a contact is, and when somebody is held back, is said once: household_contact, person_contact and held_back() of
// db/migrations/0030_contact_limits.sql. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct ContactLimits {
  int person_max = 0, person_days = 0;
  int household_max = 0, household_days = 0;
  // Minutes of the day in the campaign's time zone; both or none.
  std::optional<int> quiet_from, quiet_until;
};
struct LimitsNow {
  ContactLimits limits;
  std::optional<absl::Time> quiet_until;  // it is a quiet hour
};
absl::StatusOr<LimitsNow> FindContactLimits(Transaction& transaction, absl::Time now);
absl::Status SetContactLimits(Transaction& transaction, const ContactLimits& limits);

struct HeldPerson {
  base::PersonId person;
  absl::Time until;
};
// Of those who are no guests of the meeting yet.
absl::StatusOr<std::vector<HeldPerson>> FindHeldPeople(Transaction& transaction, base::MeetingId meeting,
                                                       const std::vector<base::PersonId>& people, absl::Time now);

struct HeldHousehold {
  base::DoorId door;
  int contacts = 0;
  absl::Time until;
};
// All doors to which nobody is to go.
absl::StatusOr<std::vector<HeldHousehold>> ListHeldHouseholds(Transaction& transaction, absl::Time now);
absl::Status InsertCutHeldDoors(Transaction& transaction, base::CutId cut, const std::vector<HeldHousehold>& held);
struct CutHeldDoor {
  HeldHousehold held;
  std::string house_number, street, unit;
};
// By door, above `after`.
absl::StatusOr<std::vector<CutHeldDoor>> ListCutHeldDoors(Transaction& transaction, base::CutId cut, int64_t after,
                                                          int count_max);

struct HeldFollowUp {
  base::FollowUpId follow_up;
  std::string queue;
  base::MemberId owner;
  base::DoorId door;
  base::PersonId person;
  absl::Time due_time;
  absl::Time until;
  std::string reason;
};
struct HeldFollowUpQuery {
  base::MemberId root;  // this member and everyone below; none: the whole campaign
  absl::Time now;
  int64_t after = 0;
  int count_max = 0;
};
absl::StatusOr<std::vector<HeldFollowUp>> ListHeldFollowUps(Transaction& transaction, const HeldFollowUpQuery& query);

struct AsksAndBonds {
  base::MemberId member;
  std::string display_name;
  int64_t asks = 0;
  int64_t second_conversations = 0, calls = 0, came_to_meetings = 0, trainings = 0;
};
// Of the member by themselves, then of the branch of each of their direct members.
absl::StatusOr<std::vector<AsksAndBonds>> SumAsksAndBonds(Transaction& transaction, base::MemberId member,
                                                          absl::Time since);

}  // namespace snowfield::db
