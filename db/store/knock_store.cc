#include "db/store/knock_store.h"

#include "base/status.h"
#include "db/queries/knock_queries.h"

namespace snowfield::db {
namespace {

// One column of a batch: the members or values that `get` gives.
template <typename Item, typename Get>
auto Column(const std::vector<Item>& items, Get get) {
  std::vector<std::decay_t<decltype(get(items.front()))>> column;
  column.reserve(items.size());
  for (const Item& item : items) column.push_back(get(item));
  return column;
}

template <typename Pair>
absl::StatusOr<std::vector<Pair>> FindPairs(Transaction& transaction, const Query& query,
                                            const std::vector<Pair>& pairs) {
  std::vector<Pair> found;
  if (pairs.empty()) return found;
  absl::StatusOr<Result> result =
      transaction.Run(query, Params()
                                 .Id(transaction.campaign())
                                 .Ids(Column(pairs, [](const Pair& pair) { return pair.first; }))
                                 .Ids(Column(pairs, [](const Pair& pair) { return pair.second; })));
  if (!result.ok()) return result.status();
  for (const Row row : *result) {
    found.emplace_back(row.Id<typename Pair::first_type>(0), row.Id<typename Pair::second_type>(1));
  }
  return found;
}

}  // namespace

absl::StatusOr<std::vector<StoredKnock>> FindKnocks(Transaction& transaction, const std::vector<base::Uuid>& knocks) {
  std::vector<StoredKnock> found;
  if (knocks.empty()) return found;
  absl::StatusOr<Result> result =
      transaction.Run(queries::kFindKnocks, Params().Id(transaction.campaign()).Uuids(knocks));
  if (!result.ok()) return result.status();
  for (const Row row : *result) {
    found.push_back({.knock = row.Uuid(0), .content_hash = std::string(row.Bytea(1)), .door = row.Id<base::DoorId>(2)});
  }
  return found;
}

absl::StatusOr<std::vector<std::optional<ListInHand>>> FindListsInHand(Transaction& transaction,
                                                                       const std::vector<ListSent>& sent,
                                                                       absl::Time now) {
  std::vector<std::optional<ListInHand>> found(sent.size());
  if (sent.empty()) return found;
  absl::StatusOr<Result> result = transaction.Run(
      queries::kFindListsInHand, Params()
                                     .Id(transaction.campaign())
                                     .Texts(Column(sent, [](const ListSent& s) { return s.list_number; }))
                                     .Ids(Column(sent, [](const ListSent& s) { return s.sender.member; }))
                                     .Ids(Column(sent, [](const ListSent& s) { return s.sender.phone; }))
                                     .Time(now)
                                     .Bools(Column(sent, [](const ListSent& s) { return s.sender.on_paper; })));
  if (!result.ok()) return result.status();
  for (const Row row : *result) {
    found[row.Int64(0) - 1] = ListInHand{.walk_list = row.Id<base::WalkListId>(1),
                                         .turf = row.Id<base::TurfId>(2),
                                         .create_time = row.Time(3),
                                         .late = row.Bool(4)};
  }
  return found;
}

absl::StatusOr<std::vector<DoorOfList>> FindDoorsOfLists(Transaction& transaction,
                                                         const std::vector<DoorOfList>& pairs) {
  return FindPairs(transaction, queries::kFindDoorsOfLists, pairs);
}

absl::StatusOr<std::vector<PersonAtDoor>> FindPeopleAtDoors(Transaction& transaction,
                                                            const std::vector<PersonAtDoor>& pairs) {
  return FindPairs(transaction, queries::kFindPeopleAtDoors, pairs);
}

absl::Status LockDoors(Transaction& transaction, const std::vector<base::DoorId>& doors, DoorLock lock) {
  const Query& query = lock == DoorLock::kShared ? queries::kLockDoorsShared : queries::kLockDoors;
  return transaction.Run(query, Params().Id(transaction.campaign()).Ids(doors)).status();
}

absl::StatusOr<std::vector<base::Uuid>> InsertKnocks(Transaction& transaction, const std::vector<NewKnock>& knocks,
                                                     absl::Time now) {
  std::vector<base::Uuid> stored;
  if (knocks.empty()) return stored;
  absl::StatusOr<Result> result = transaction.Run(
      queries::kInsertKnocks, Params()
                                  .Id(transaction.campaign())
                                  .Time(now)
                                  .Ids(Column(knocks, [](const NewKnock& k) { return k.sender.member; }))
                                  .Ids(Column(knocks, [](const NewKnock& k) { return k.sender.phone; }))
                                  .Uuids(Column(knocks, [](const NewKnock& k) { return k.knock; }))
                                  .Byteas(Column(knocks, [](const NewKnock& k) { return k.content_hash; }))
                                  .Ids(Column(knocks, [](const NewKnock& k) { return k.door; }))
                                  .Ids(Column(knocks, [](const NewKnock& k) { return k.walk_list; }))
                                  .Int32s(Column(knocks, [](const NewKnock& k) { return k.result; }))
                                  .Texts(Column(knocks, [](const NewKnock& k) { return k.language; }))
                                  .Texts(Column(knocks, [](const NewKnock& k) { return k.note; }))
                                  .Uuids(Column(knocks, [](const NewKnock& k) { return k.corrects; }))
                                  .Times(Column(knocks, [](const NewKnock& k) { return k.phone_time; }))
                                  .Texts(Column(knocks, [](const NewKnock& k) { return k.boot_id; }))
                                  .Int64s(Column(knocks, [](const NewKnock& k) { return k.monotonic_ms; }))
                                  .Int64s(Column(knocks, [](const NewKnock& k) { return k.running_number; }))
                                  .Doubles(Column(knocks, [](const NewKnock& k) { return k.longitude; }))
                                  .Doubles(Column(knocks, [](const NewKnock& k) { return k.latitude; }))
                                  .Doubles(Column(knocks, [](const NewKnock& k) { return k.accuracy_m; }))
                                  .Times(Column(knocks, [](const NewKnock& k) { return k.knock_time; }))
                                  .Texts(Column(knocks, [](const NewKnock& k) { return k.flags; }))
                                  .Ids(Column(knocks, [](const NewKnock& k) { return k.script; })));
  if (!result.ok()) return result.status();
  for (const Row row : *result) stored.push_back(row.Uuid(0));
  return stored;
}

absl::Status InsertResponses(Transaction& transaction, const std::vector<NewResponse>& responses) {
  if (responses.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kInsertResponses,
                           Params()
                               .Id(transaction.campaign())
                               .Uuids(Column(responses, [](const NewResponse& r) { return r.knock; }))
                               .Int32s(Column(responses, [](const NewResponse& r) { return r.ordinal; }))
                               .Ids(Column(responses, [](const NewResponse& r) { return r.person; }))
                               .Texts(Column(responses, [](const NewResponse& r) { return r.question; }))
                               .Texts(Column(responses, [](const NewResponse& r) { return r.answer; }))
                               .Bools(Column(responses, [](const NewResponse& r) { return r.off_script; })));
}

absl::Status InsertAsks(Transaction& transaction, const std::vector<NewAsk>& asks) {
  if (asks.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kInsertAsks, Params()
                                                     .Id(transaction.campaign())
                                                     .Uuids(Column(asks, [](const NewAsk& a) { return a.knock; }))
                                                     .Int32s(Column(asks, [](const NewAsk& a) { return a.ordinal; }))
                                                     .Ids(Column(asks, [](const NewAsk& a) { return a.person; }))
                                                     .Int32s(Column(asks, [](const NewAsk& a) { return a.ask; }))
                                                     .Int32s(Column(asks, [](const NewAsk& a) { return a.answer; }))
                                                     .Ids(Column(asks, [](const NewAsk& a) { return a.meeting; })));
}

absl::Status InsertConflicts(Transaction& transaction, const std::vector<NewConflict>& conflicts, absl::Time now) {
  if (conflicts.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kInsertConflicts,
                           Params()
                               .Id(transaction.campaign())
                               .Time(now)
                               .Ids(Column(conflicts, [](const NewConflict& c) { return c.sender.member; }))
                               .Ids(Column(conflicts, [](const NewConflict& c) { return c.sender.phone; }))
                               .Uuids(Column(conflicts, [](const NewConflict& c) { return c.knock; }))
                               .Byteas(Column(conflicts, [](const NewConflict& c) { return c.content_hash; }))
                               .Byteas(Column(conflicts, [](const NewConflict& c) { return c.content; })));
}

absl::Status MarkDoNotContact(Transaction& transaction, const std::vector<base::Uuid>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  const Params params = Params().Id(transaction.campaign()).Uuids(knocks);
  SNOWFIELD_RETURN_IF_ERROR(transaction.Defer(queries::kMarkPeopleDoNotContact, params));
  return transaction.Defer(queries::kMarkDoorsDoNotContact, params);
}

absl::StatusOr<std::vector<NewChange>> ChangesOfKnocks(Transaction& transaction,
                                                       const std::vector<base::Uuid>& knocks) {
  std::vector<NewChange> changes;
  if (knocks.empty()) return changes;
  absl::StatusOr<Result> result =
      transaction.Run(queries::kListChangeTargets, Params().Id(transaction.campaign()).Uuids(knocks));
  if (!result.ok()) return result.status();
  for (const Row row : *result) {
    changes.push_back({.kind = row.Int32(0) == 1 ? ChangeKind::kKnock : ChangeKind::kDoNotContact,
                       .walk_list = row.Id<base::WalkListId>(2),
                       .door = row.Id<base::DoorId>(3),
                       .knock = row.Uuid(4)});
  }
  return changes;
}

}  // namespace snowfield::db
