#include "db/store/contact_store.h"

#include "base/status.h"
#include "db/queries/contact_queries.h"

namespace snowfield::db {
namespace {
Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }
}  // namespace

absl::StatusOr<LimitsNow> FindContactLimits(Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindContactLimits, Campaign(transaction).Time(now)));
  const Row row = result[0];
  return LimitsNow{.limits = {.person_max = row.Int32(0),
                              .person_days = row.Int32(1),
                              .household_max = row.Int32(2),
                              .household_days = row.Int32(3),
                              .quiet_from = row.OptionalInt32(4),
                              .quiet_until = row.OptionalInt32(5)},
                   .quiet_until = row.OptionalTime(6)};
}

absl::Status SetContactLimits(Transaction& transaction, const ContactLimits& limits) {
  return transaction
      .Run(queries::kSetContactLimits, Campaign(transaction)
                                           .Int32(limits.person_max)
                                           .Int32(limits.person_days)
                                           .Int32(limits.household_max)
                                           .Int32(limits.household_days)
                                           .Int32(limits.quiet_from)
                                           .Int32(limits.quiet_until))
      .status();
}

absl::StatusOr<std::vector<HeldPerson>> FindHeldPeople(Transaction& transaction, base::MeetingId meeting,
                                                       const std::vector<base::PersonId>& people, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kFindHeldPeople, Campaign(transaction).Ids(people).Time(now).Id(meeting)));
  std::vector<HeldPerson> held;
  for (const Row row : result) held.push_back({.person = row.Id<base::PersonId>(0), .until = row.Time(1)});
  return held;
}

absl::StatusOr<std::vector<HeldHousehold>> ListHeldHouseholds(Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListHeldHouseholds, Campaign(transaction).Time(now)));
  std::vector<HeldHousehold> held;
  for (const Row row : result) {
    held.push_back({.door = row.Id<base::DoorId>(0), .contacts = static_cast<int>(row.Int64(1)), .until = row.Time(2)});
  }
  return held;
}

absl::Status InsertCutHeldDoors(Transaction& transaction, base::CutId cut, const std::vector<HeldHousehold>& held) {
  if (held.empty()) return absl::OkStatus();
  std::vector<base::DoorId> doors;
  std::vector<int32_t> contacts;
  std::vector<absl::Time> untils;
  for (const HeldHousehold& one : held) {
    doors.push_back(one.door);
    contacts.push_back(one.contacts);
    untils.push_back(one.until);
  }
  return transaction
      .Run(queries::kInsertCutHeldDoors, Campaign(transaction).Id(cut).Ids(doors).Int32s(contacts).Times(untils))
      .status();
}

absl::StatusOr<std::vector<CutHeldDoor>> ListCutHeldDoors(Transaction& transaction, base::CutId cut, int64_t after,
                                                          int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListCutHeldDoors, Campaign(transaction).Id(cut).Int64(after).Int64(count_max)));
  std::vector<CutHeldDoor> doors;
  for (const Row row : result) {
    doors.push_back({.held = {.door = row.Id<base::DoorId>(0), .contacts = row.Int32(4), .until = row.Time(5)},
                     .house_number = std::string(row.Text(1)),
                     .street = std::string(row.Text(2)),
                     .unit = std::string(row.Text(3))});
  }
  return doors;
}

absl::StatusOr<std::vector<HeldFollowUp>> ListHeldFollowUps(Transaction& transaction, const HeldFollowUpQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(
          queries::kListHeldFollowUps,
          Campaign(transaction).Int64(query.root.value).Time(query.now).Int64(query.after).Int64(query.count_max)));
  std::vector<HeldFollowUp> held;
  for (const Row row : result) {
    held.push_back({.follow_up = row.Id<base::FollowUpId>(0),
                    .queue = std::string(row.Text(1)),
                    .owner = row.Id<base::MemberId>(2),
                    .door = row.Id<base::DoorId>(3),
                    .person = row.Id<base::PersonId>(4),
                    .due_time = row.Time(5),
                    .until = row.Time(6),
                    .reason = std::string(row.Text(7))});
  }
  return held;
}

absl::StatusOr<std::vector<AsksAndBonds>> SumAsksAndBonds(Transaction& transaction, base::MemberId member,
                                                          absl::Time since) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kSumAsksAndBonds, Campaign(transaction).Id(member).Time(since)));
  std::vector<AsksAndBonds> sums;
  for (const Row row : result) {
    sums.push_back({.member = row.Id<base::MemberId>(0),
                    .display_name = std::string(row.Text(1)),
                    .asks = row.Int64(2),
                    .second_conversations = row.Int64(3),
                    .calls = row.Int64(4),
                    .came_to_meetings = row.Int64(5),
                    .trainings = row.Int64(6)});
  }
  return sums;
}

}  // namespace snowfield::db
