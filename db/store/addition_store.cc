#include "db/store/addition_store.h"

#include <algorithm>

#include "base/status.h"
#include "db/queries/addition_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

absl::Status InsertPeople(Transaction& transaction, const std::vector<NewAddition>& additions,
                          const std::vector<base::Uuid>& stored) {
  std::vector<base::Uuid> ids;
  std::vector<int32_t> ordinals;
  std::vector<std::string_view> first_names, last_names, phones, emails;
  for (const NewAddition& addition : additions) {
    if (std::find(stored.begin(), stored.end(), addition.addition) == stored.end()) continue;
    int32_t ordinal = 0;
    for (const FoundPerson& person : addition.people) {
      ids.push_back(addition.addition);
      ordinals.push_back(++ordinal);
      first_names.push_back(person.first_name);
      last_names.push_back(person.last_name);
      phones.push_back(person.phone);
      emails.push_back(person.email);
    }
  }
  if (ids.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kInsertAdditionPeople, Campaign(transaction)
                                               .Uuids(ids)
                                               .Int32s(ordinals)
                                               .Texts(first_names)
                                               .Texts(last_names)
                                               .Texts(phones)
                                               .Texts(emails))
      .status();
}

AdditionRow ReadAddition(const Row& row) {
  AdditionRow addition;
  addition.number = row.Int64(0);
  addition.addition = row.Uuid(1);
  addition.member = row.Id<base::MemberId>(2);
  addition.phone = row.Id<base::PhoneId>(3);
  addition.list_number = std::string(row.Text(4));
  addition.is_new_door = row.Bool(5);
  addition.door = row.Id<base::DoorId>(6);
  addition.place = {.house_number = std::string(row.Text(7)),
                    .street = std::string(row.Text(8)),
                    .unit = std::string(row.Text(9)),
                    .longitude_deg = row.Double(10),
                    .latitude_deg = row.Double(11)};
  addition.note = std::string(row.Text(12));
  addition.phone_time = row.Time(13);
  addition.receive_time = row.Time(14);
  addition.distance_m = row.Double(15);
  addition.verdict = std::string(row.Text(16));
  addition.reason = std::string(row.Text(17));
  addition.judge = row.Id<base::MemberId>(18);
  addition.judge_time = row.OptionalTime(19);
  const std::vector<std::string> first_names = row.Texts(20), last_names = row.Texts(21);
  const std::vector<std::string> phones = row.Texts(22), emails = row.Texts(23);
  for (size_t i = 0; i < first_names.size(); ++i) {
    addition.people.push_back(
        {.first_name = first_names[i], .last_name = last_names[i], .phone = phones[i], .email = emails[i]});
  }
  addition.known = row.Ids<base::PersonId>(24);
  return addition;
}

}  // namespace

absl::StatusOr<std::vector<StoredAddition>> FindAdditions(Transaction& transaction,
                                                          const std::vector<base::Uuid>& additions) {
  if (additions.empty()) return std::vector<StoredAddition>();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindAdditions, Campaign(transaction).Uuids(additions)));
  std::vector<StoredAddition> stored;
  for (const Row row : result) {
    stored.push_back({.addition = row.Uuid(0), .content_hash = std::string(row.Bytea(1))});
  }
  return stored;
}

absl::StatusOr<std::vector<base::Uuid>> InsertAdditions(Transaction& transaction, const KnockSender& sender,
                                                        const std::vector<NewAddition>& additions, absl::Time now) {
  std::vector<base::Uuid> ids, stored;
  if (additions.empty()) return stored;
  std::vector<std::string_view> hashes, house_numbers, streets, units, notes;
  std::vector<int64_t> lists;
  std::vector<std::optional<int64_t>> doors;
  std::vector<std::optional<double>> longitudes, latitudes;
  std::vector<absl::Time> times;
  for (const NewAddition& addition : additions) {
    ids.push_back(addition.addition);
    hashes.push_back(addition.content_hash);
    lists.push_back(addition.walk_list.value);
    doors.push_back(addition.found.has_value() ? std::nullopt : std::optional(addition.door.value));
    const bool is_new = addition.found.has_value();
    house_numbers.push_back(is_new ? std::string_view(addition.found->house_number) : "");
    streets.push_back(is_new ? std::string_view(addition.found->street) : "");
    units.push_back(is_new ? std::string_view(addition.found->unit) : "");
    longitudes.push_back(is_new ? std::optional(addition.found->longitude_deg) : std::nullopt);
    latitudes.push_back(is_new ? std::optional(addition.found->latitude_deg) : std::nullopt);
    notes.push_back(addition.note);
    times.push_back(addition.phone_time);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kInsertAdditions, Campaign(transaction)
                                                                                                 .Id(sender.member)
                                                                                                 .Id(sender.phone)
                                                                                                 .Time(now)
                                                                                                 .Uuids(ids)
                                                                                                 .Byteas(hashes)
                                                                                                 .Int64s(lists)
                                                                                                 .Int64s(doors)
                                                                                                 .Texts(house_numbers)
                                                                                                 .Texts(streets)
                                                                                                 .Texts(units)
                                                                                                 .Doubles(longitudes)
                                                                                                 .Doubles(latitudes)
                                                                                                 .Texts(notes)
                                                                                                 .Times(times)));
  for (const Row row : result) stored.push_back(row.Uuid(0));
  SNOWFIELD_RETURN_IF_ERROR(InsertPeople(transaction, additions, stored));
  return stored;
}

absl::StatusOr<std::vector<AdditionRow>> ListAdditions(Transaction& transaction, const AdditionQuery& query) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListAdditions, Campaign(transaction)
                                                                          .Int64(query.root.value)
                                                                          .Bool(query.pending_only)
                                                                          .Int64(query.after)
                                                                          .Int64(query.count_max)));
  std::vector<AdditionRow> additions;
  for (const Row row : result) additions.push_back(ReadAddition(row));
  return additions;
}

absl::StatusOr<AdditionToJudge> LockAddition(Transaction& transaction, base::Uuid addition) {
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kLockAddition, Campaign(transaction).Uuid(addition)).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindAdditionToJudge, Campaign(transaction).Uuid(addition)));
  if (result.empty()) return base::NoSuch("addition_id", "no such addition: list them");
  const Row row = result[0];
  return AdditionToJudge{.member = row.Id<base::MemberId>(0),
                         .walk_list = row.Id<base::WalkListId>(1),
                         .door = row.Id<base::DoorId>(2),
                         .house_number = std::string(row.Text(3)),
                         .street = std::string(row.Text(4)),
                         .unit = std::string(row.Text(5)),
                         .verdict = std::string(row.Text(6)),
                         .made_door = row.Id<base::DoorId>(7),
                         .turf = row.Id<base::TurfId>(8)};
}

absl::Status InsertAdditionJudgement(Transaction& transaction, const AdditionJudgement& judgement) {
  return transaction
      .Run(queries::kInsertAdditionJudgement, Campaign(transaction)
                                                  .Uuid(judgement.addition)
                                                  .Text(judgement.verdict)
                                                  .Text(judgement.reason)
                                                  .Id(judgement.judge)
                                                  .Time(judgement.now)
                                                  .Id(judgement.door)
                                                  .Id(judgement.turf))
      .status();
}

absl::StatusOr<base::DoorId> InsertFoundDoor(Transaction& transaction, base::Uuid addition, std::string_view unit,
                                             const AddressKeys& keys) {
  const auto address = [&] { return Campaign(transaction).Uuid(addition).Text(keys.street_key).Text(keys.number_key); };
  SNOWFIELD_ASSIGN_OR_RETURN(Result point, transaction.Run(queries::kFindPointOfAddition, address()));
  if (point.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(point, transaction.Run(queries::kInsertFoundPoint, address()));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result door,
      transaction.Run(queries::kInsertFoundDoor,
                      Campaign(transaction).Id(point[0].Id<base::AddressPointId>(0)).Text(unit).Text(keys.unit_key)));
  return door.empty() ? base::DoorId() : door[0].Id<base::DoorId>(0);
}

absl::StatusOr<std::vector<base::PersonId>> InsertFoundPeople(Transaction& transaction, base::Uuid addition,
                                                              base::DoorId door) {
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kInsertFoundPeople, Campaign(transaction).Uuid(addition).Id(door)).status());
  return ListPeopleOfAddition(transaction, addition);
}

absl::StatusOr<std::vector<base::PersonId>> ListPeopleOfAddition(Transaction& transaction, base::Uuid addition) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPeopleOfAddition, Campaign(transaction).Uuid(addition)));
  std::vector<base::PersonId> people;
  for (const Row row : result) people.push_back(row.Id<base::PersonId>(0));
  return people;
}

absl::StatusOr<std::optional<TurfForDoor>> FindTurfForAddition(Transaction& transaction, base::Uuid addition) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindTurfForAddition, Campaign(transaction).Uuid(addition)));
  if (result.empty()) return std::nullopt;
  const Row row = result[0];
  return TurfForDoor{.turf = row.Id<base::TurfId>(0),
                     .cut = row.Id<base::CutId>(1),
                     .pass = row.Id<base::PassId>(2),
                     .number = row.Int32(3)};
}

absl::Status SetFoundDoorAside(Transaction& transaction, const TurfForDoor& turf, base::DoorId door,
                               base::MemberId member) {
  return transaction
      .Run(queries::kSetFoundDoorAside,
           Campaign(transaction).Id(turf.cut).Id(turf.turf).Id(door).Id(member).Uuid(base::Uuid::Random()))
      .status();
}

absl::StatusOr<TurfPlace> FindTurfPlace(Transaction& transaction, base::TurfId turf) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindTurfNumber, Campaign(transaction).Id(turf)));
  if (result.empty()) return absl::InternalError("a turf that was judged for is gone");
  return TurfPlace{.cut = result[0].Id<base::CutId>(0), .number = result[0].Int32(1)};
}

absl::StatusOr<bool> IsSetAside(Transaction& transaction, base::CutId cut, base::DoorId door) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kIsSetAside, Campaign(transaction).Id(cut).Id(door)));
  return result[0].Bool(0);
}

absl::StatusOr<std::vector<base::WalkListId>> ListListsWithDoor(Transaction& transaction, base::DoorId door) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListListsWithDoor, Campaign(transaction).Id(door)));
  std::vector<base::WalkListId> lists;
  for (const Row row : result) lists.push_back(row.Id<base::WalkListId>(0));
  return lists;
}

}  // namespace snowfield::db
