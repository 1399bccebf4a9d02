#include "db/store/person_store.h"

#include "base/status.h"
#include "db/queries/person_queries.h"
#include "db/store/meeting_store.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

absl::Status NoSuchPerson() {
  return base::NoSuch("person_id", "this campaign has no such person: find them with `snowfield person find`");
}

}  // namespace

absl::StatusOr<std::vector<PersonRow>> ListPeople(Transaction& transaction, const PersonFilter& filter) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPeople, Campaign(transaction)
                                                                       .Int64(filter.after)
                                                                       .Text(filter.external_id)
                                                                       .Text(filter.last_name_prefix)
                                                                       .Int64(filter.limit)));
  std::vector<PersonRow> people;
  for (const Row row : result) {
    people.push_back({.person = row.Id<base::PersonId>(0),
                      .external_id = std::string(row.Text(1)),
                      .first_name = std::string(row.Text(2)),
                      .last_name = std::string(row.Text(3)),
                      .birth_year = row.OptionalInt32(4).value_or(0),
                      .address_line = std::string(row.Text(5)),
                      .city = std::string(row.Text(6)),
                      .do_not_contact = row.Bool(7),
                      .door = row.Id<base::DoorId>(8)});
  }
  return people;
}

absl::StatusOr<std::string> ExportPerson(Transaction& transaction, base::PersonId person) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kExportPerson, Campaign(transaction).Id(person)));
  if (result.empty()) return NoSuchPerson();
  return std::string(result[0].Text(0));
}

absl::StatusOr<bool> ErasePerson(Transaction& transaction, const Erasure& erasure,
                                 absl::FunctionRef<absl::Status()> before_phones_are_told) {
  const auto of_person = [&] { return Campaign(transaction).Id(erasure.person); };
  SNOWFIELD_ASSIGN_OR_RETURN(const Result found, transaction.Run(queries::kLockPerson, of_person()));
  if (found.empty()) return NoSuchPerson();
  if (!found[0].IsNull(0)) return false;
  const auto door = found[0].Id<base::DoorId>(1);
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kSuppressPerson, of_person()).status());
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kEraseWordsOfPerson, Params().Id(erasure.person).Id(door)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kEraseWordsOfPaper, Params().Id(erasure.person)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kEraseWordsOfAddition, of_person()).status());
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kDropFollowUpsOfPerson, of_person().Time(erasure.now).Id(erasure.by)).status());
  SNOWFIELD_RETURN_IF_ERROR(UninvitePeople(transaction, {erasure.person}));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kErasePerson, of_person().Time(erasure.now)).status());
  SNOWFIELD_RETURN_IF_ERROR(before_phones_are_told());
  if (!door) return true;
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kTellPhonesOfPerson, of_person().Id(door)).status());
  return true;
}

absl::StatusOr<std::vector<VotedFound>> MarkVoted(Transaction& transaction, const std::vector<Voted>& people,
                                                  base::MemberId by, absl::Time now) {
  std::vector<std::string_view> ids, days;
  for (const Voted& person : people) {
    ids.push_back(person.external_id);
    days.push_back(person.day);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kMarkVoted,
                      Params().Id(transaction.campaign()).Texts(ids).Texts(days).Time(now).Id(by)));
  std::vector<VotedFound> found;
  for (const Row row : result) {
    found.push_back(
        {.place = static_cast<int>(row.Int64(0)) - 1, .door = row.Id<base::DoorId>(1), .is_news = row.Bool(2)});
  }
  return found;
}

}  // namespace snowfield::db
