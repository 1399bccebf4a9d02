#include "db/store/phone_store.h"

#include "base/status.h"
#include "db/queries/phone_queries.h"

namespace snowfield::db {

absl::StatusOr<std::optional<EnrolledPhone>> UseEnrolmentCode(Transaction& transaction, const CodeUse& use) {
  absl::StatusOr<Result> result =
      transaction.Run(queries::kUseEnrolmentCode,
                      Params().Id(transaction.campaign()).Bytea(use.code_hash).Text(use.label).Time(use.now));
  if (!result.ok()) return result.status();
  if (result->empty()) return std::optional<EnrolledPhone>();
  const Row row = (*result)[0];
  return std::optional<EnrolledPhone>({.phone = row.Id<base::PhoneId>(0), .member = row.Id<base::MemberId>(1)});
}

absl::StatusOr<std::vector<WalkListRow>> ListWalkListsOf(Transaction& transaction, const PhoneAtTime& phone,
                                                         base::WalkListId after, int count_max) {
  absl::StatusOr<Result> result = transaction.Run(queries::kListWalkListsOf, Params()
                                                                                 .Id(transaction.campaign())
                                                                                 .Id(phone.member)
                                                                                 .Int64(after.value)
                                                                                 .Int64(count_max)
                                                                                 .Id(phone.phone)
                                                                                 .Time(phone.now));
  if (!result.ok()) return result.status();
  std::vector<WalkListRow> lists;
  for (const Row row : *result) {
    lists.push_back({.walk_list = row.Id<base::WalkListId>(0),
                     .list_number = std::string(row.Text(1)),
                     .door_count = row.Int32(2),
                     .doors_done = static_cast<int>(row.Int64(4)),
                     .walk_length_m = row.Double(3),
                     .phones_out = static_cast<int>(row.Int64(5)),
                     .out_here = row.Bool(6)});
  }
  return lists;
}

absl::StatusOr<WalkListForPhone> FindWalkList(Transaction& transaction, std::string_view list_number,
                                              const PhoneAtTime& phone) {
  absl::StatusOr<Result> result = transaction.Run(
      queries::kFindWalkListForPhone,
      Params().Id(transaction.campaign()).Text(list_number).Id(phone.member).Id(phone.phone).Time(phone.now));
  if (!result.ok()) return result.status();
  if (result->empty()) {
    return base::NoSuch("list_number", "no walk list has this number: ask your leader for the current one");
  }
  const Row row = (*result)[0];
  return WalkListForPhone{.walk_list = row.Id<base::WalkListId>(0),
                          .turf = row.Id<base::TurfId>(1),
                          .turf_number = row.Int32(2),
                          .door_count = row.Int32(3),
                          .revoked = row.Bool(4),
                          .mine = row.OptionalBool(5).value_or(false),
                          .checkout_expire_time = row.OptionalTime(6),
                          .was_out = row.Bool(7)};
}

absl::Status CheckOut(Transaction& transaction, base::WalkListId walk_list, const PhoneAtTime& phone,
                      absl::Time expire_time) {
  return transaction
      .Run(queries::kCheckOutWalkList,
           Params().Id(transaction.campaign()).Id(walk_list).Id(phone.phone).Time(phone.now).Time(expire_time))
      .status();
}

absl::StatusOr<std::vector<base::PhoneId>> TakeOverList(Transaction& transaction, base::WalkListId walk_list,
                                                        const PhoneAtTime& phone) {
  absl::StatusOr<Result> result = transaction.Run(
      queries::kTakeOverWalkList,
      Params().Id(transaction.campaign()).Id(walk_list).Id(phone.phone).Time(phone.now).Id(phone.member));
  if (!result.ok()) return result.status();
  std::vector<base::PhoneId> phones;
  for (const Row row : *result) phones.push_back(row.Id<base::PhoneId>(0));
  return phones;
}

absl::Status ReturnList(Transaction& transaction, base::WalkListId walk_list, const PhoneAtTime& phone) {
  return transaction
      .Run(queries::kReturnWalkList, Params().Id(transaction.campaign()).Id(walk_list).Id(phone.phone).Time(phone.now))
      .status();
}

}  // namespace snowfield::db
