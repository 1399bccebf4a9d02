#include "db/store/change_store.h"

#include <string_view>

#include "base/status.h"
#include "db/queries/change_queries.h"

namespace snowfield::db {
namespace {

std::string_view NameOf(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kKnock:
      return "knock";
    case ChangeKind::kDoNotContact:
      return "do_not_contact";
    case ChangeKind::kListRevoked:
      return "list_revoked";
    case ChangeKind::kListHandedOver:
      return "list_handed_over";
    case ChangeKind::kListChanged:
      return "list_changed";
    case ChangeKind::kKnockVoided:
      return "knock_voided";
  }
  return "";
}

ChangeKind KindOf(std::string_view name) {
  if (name == "knock") return ChangeKind::kKnock;
  if (name == "do_not_contact") return ChangeKind::kDoNotContact;
  if (name == "knock_voided") return ChangeKind::kKnockVoided;
  if (name == "list_handed_over") return ChangeKind::kListHandedOver;
  return name == "list_changed" ? ChangeKind::kListChanged : ChangeKind::kListRevoked;
}

}  // namespace

absl::Status AppendChanges(Transaction& transaction, const std::vector<NewChange>& changes) {
  if (changes.empty()) return absl::OkStatus();
  std::vector<std::string_view> kinds;
  std::vector<base::WalkListId> walk_lists;
  std::vector<base::DoorId> doors;
  std::vector<std::optional<base::Uuid>> knocks;
  std::vector<base::PhoneId> phones;
  for (const NewChange& change : changes) {
    kinds.push_back(NameOf(change.kind));
    walk_lists.push_back(change.walk_list);
    doors.push_back(change.door);
    knocks.push_back(change.knock);
    phones.push_back(change.phone);
  }
  return transaction.Defer(
      queries::kAppendChanges,
      Params().Id(transaction.campaign()).Texts(kinds).Ids(walk_lists).Ids(doors).Uuids(knocks).Ids(phones));
}

absl::StatusOr<ChangeBounds> FindChangeBounds(Transaction& transaction) {
  absl::StatusOr<Result> result = transaction.Run(queries::kChangeBounds, Params().Id(transaction.campaign()));
  if (!result.ok()) return result.status();
  if (result->empty()) return absl::InternalError("a campaign without a change counter");
  return ChangeBounds{.last = (*result)[0].Int64(0), .floor = (*result)[0].Int64(1)};
}

namespace {
absl::Status SayChanged(Transaction& transaction, const Result& lists) {
  std::vector<NewChange> changes;
  for (const Row row : lists) {
    changes.push_back({.kind = ChangeKind::kListChanged, .walk_list = row.Id<base::WalkListId>(0)});
  }
  return AppendChanges(transaction, changes);
}
}  // namespace

absl::Status WriteListsChanged(Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result lists,
                             transaction.Run(queries::kListListsOut, Params().Id(transaction.campaign()).Time(now)));
  return SayChanged(transaction, lists);
}

absl::Status WriteListsOfDoorsChanged(Transaction& transaction, const std::vector<base::DoorId>& doors,
                                      absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result lists,
      transaction.Run(queries::kListListsOutOfDoors, Params().Id(transaction.campaign()).Ids(doors).Time(now)));
  return SayChanged(transaction, lists);
}

absl::StatusOr<bool> ClaimUpkeep(Transaction& transaction, const UpkeepClaim& claim) {
  absl::StatusOr<Result> claimed = transaction.Run(
      queries::kClaimUpkeep, Params().Id(transaction.campaign()).Text(claim.task).Time(claim.now).Time(claim.until));
  if (!claimed.ok()) return claimed.status();
  return !claimed->empty();
}

absl::StatusOr<int64_t> PruneChanges(Transaction& transaction, absl::Time before, int count_max) {
  absl::StatusOr<Result> pruned =
      transaction.Run(queries::kPruneChanges, Params().Id(transaction.campaign()).Time(before).Int64(count_max));
  if (!pruned.ok()) return pruned.status();
  return pruned->affected_row_count();
}

absl::StatusOr<std::vector<Change>> ListChanges(Transaction& transaction, const ChangeQuery& query) {
  absl::StatusOr<Result> result = transaction.Run(queries::kListChanges, Params()
                                                                             .Id(transaction.campaign())
                                                                             .Int64(query.phone.value)
                                                                             .Int64(query.only_list.value)
                                                                             .Int64(query.after)
                                                                             .Int64(query.count_max));
  if (!result.ok()) return result.status();
  std::vector<Change> changes;
  for (const Row row : *result) {
    changes.push_back({.number = row.Int64(0),
                       .kind = KindOf(row.Text(1)),
                       .list_number = std::string(row.Text(2)),
                       .door = row.Id<base::DoorId>(3),
                       .result = row.OptionalInt32(4).value_or(0),
                       .knock_time = row.OptionalTime(5).value_or(absl::InfinitePast()),
                       .persons = row.Ids<base::PersonId>(6),
                       .replaced_by = std::string(row.Text(7))});
  }
  return changes;
}

}  // namespace snowfield::db
