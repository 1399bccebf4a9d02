#include "db/store/turf_edit_store.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "db/queries/turf_edit_queries.h"
#include "db/queries/walk_list_queries.h"

namespace snowfield::db {
namespace {

using IdOfNumber = absl::flat_hash_map<int, base::TurfId>;

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

Params EditParams(const Transaction& transaction, const EditKey& edit) {
  return Campaign(transaction).Id(edit.cut).Int32(edit.number);
}

// Turfs as columns.
struct TurfColumns {
  std::vector<base::TurfId> ids;
  std::vector<int32_t> numbers, door_counts;
  std::vector<double> lengths;
  std::vector<std::string_view> areas, walks, metrics;

  void Add(base::TurfId id, int number, const TurfContent& content) {
    ids.push_back(id);
    numbers.push_back(number);
    door_counts.push_back(static_cast<int32_t>(content.doors.size()));
    lengths.push_back(content.walk_length_m);
    areas.push_back(content.area_ewkb);
    walks.push_back(content.walk_ewkb);
    metrics.push_back(content.metrics_json);
  }
};

// New turfs get their ids; ids of all by number.
absl::StatusOr<IdOfNumber> InsertNewTurfs(Transaction& transaction, const NewEdit& edit) {
  IdOfNumber ids;
  for (const TurfChange& turf : edit.turfs) {
    if (turf.id) ids[turf.number] = turf.id;
  }
  TurfColumns columns;
  for (const TurfChange& turf : edit.turfs) {
    if (!turf.id) columns.Add(ids[turf.most_doors_from], turf.number, *turf.content);
  }
  if (columns.ids.empty()) return ids;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertEditedTurfs, Campaign(transaction)
                                                                              .Id(edit.key.cut)
                                                                              .Id(edit.pass)
                                                                              .Int32(edit.key.number)
                                                                              .Bool(edit.live)
                                                                              .Ids(columns.ids)
                                                                              .Int32s(columns.numbers)
                                                                              .Int32s(columns.door_counts)
                                                                              .Doubles(columns.lengths)
                                                                              .Byteas(columns.areas)
                                                                              .Byteas(columns.walks)
                                                                              .Texts(columns.metrics)));
  for (const Row& row : result) ids[row.Int32(0)] = row.Id<base::TurfId>(1);
  return ids;
}

absl::Status FreeDoors(Transaction& transaction, const NewEdit& edit) {
  std::vector<base::TurfId> turfs;
  for (const TurfChange& turf : edit.turfs) {
    if (turf.id) turfs.push_back(turf.id);
  }
  std::vector<base::DoorId> aside;
  for (const MoveRow& move : edit.moves) {
    if (move.from == kSetAside) aside.push_back(move.door);
  }
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kKeepVersions, Campaign(transaction).Ids(turfs).Int32(edit.key.number)).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kFreeDoors, Campaign(transaction).Ids(turfs)).status());
  if (aside.empty()) return absl::OkStatus();
  return transaction.Run(queries::kFreeAsideDoors, Campaign(transaction).Id(edit.key.cut).Ids(aside)).status();
}

absl::Status ChangeTurfs(Transaction& transaction, const NewEdit& edit) {
  TurfColumns columns;
  std::vector<base::TurfId> ended;
  for (const TurfChange& turf : edit.turfs) {
    if (!turf.id) continue;
    if (turf.content.has_value()) {
      columns.Add(turf.id, turf.number, *turf.content);
    } else {
      ended.push_back(turf.id);
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kEndTurfs, Campaign(transaction).Int32(edit.key.number).Ids(ended)).status());
  return transaction
      .Run(queries::kChangeTurfs, Campaign(transaction)
                                      .Int32(edit.key.number)
                                      .Bool(edit.live)
                                      .Ids(columns.ids)
                                      .Int32s(columns.door_counts)
                                      .Doubles(columns.lengths)
                                      .Byteas(columns.areas)
                                      .Byteas(columns.walks)
                                      .Texts(columns.metrics))
      .status();
}

absl::Status PutDoors(Transaction& transaction, const NewEdit& edit, const IdOfNumber& ids) {
  std::vector<base::TurfId> turfs;
  std::vector<base::DoorId> doors;
  std::vector<int32_t> sequences;
  for (const TurfChange& turf : edit.turfs) {
    if (!turf.content.has_value()) continue;
    int32_t sequence = 0;
    for (const base::DoorId door : turf.content->doors) {
      turfs.push_back(ids.at(turf.number));
      doors.push_back(door);
      sequences.push_back(++sequence);
    }
  }
  return transaction
      .Run(queries::kPutDoors,
           Campaign(transaction).Id(edit.key.cut).Id(edit.pass).Bool(edit.live).Ids(turfs).Ids(doors).Int32s(sequences))
      .status();
}

absl::Status PutAside(Transaction& transaction, const NewEdit& edit, const IdOfNumber& ids) {
  std::vector<base::DoorId> doors;
  std::vector<base::TurfId> turfs;
  std::vector<std::string_view> reasons;
  for (const MoveRow& move : edit.moves) {
    if (move.to != kSetAside) continue;
    doors.push_back(move.door);
    turfs.push_back(ids.at(move.aside->from_turf));
    reasons.push_back(move.aside->reason);
  }
  if (doors.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kPutAside,
           Campaign(transaction).Id(edit.key.cut).Id(edit.pass).Ids(doors).Ids(turfs).Texts(reasons))
      .status();
}

absl::Status InsertMoves(Transaction& transaction, const NewEdit& edit, const IdOfNumber& ids) {
  const auto id_of = [&ids](int number) { return number == kSetAside ? base::TurfId() : ids.at(number); };
  std::vector<base::DoorId> doors;
  std::vector<int64_t> from, to, aside;
  std::vector<std::string_view> reasons;
  for (const MoveRow& move : edit.moves) {
    doors.push_back(move.door);
    from.push_back(id_of(move.from).value);
    to.push_back(id_of(move.to).value);
    aside.push_back(move.aside.has_value() ? id_of(move.aside->from_turf).value : 0);
    reasons.push_back(move.aside.has_value() ? std::string_view(move.aside->reason) : std::string_view());
  }
  return transaction
      .Run(queries::kInsertMoves,
           EditParams(transaction, edit.key).Ids(doors).Int64s(from).Int64s(to).Int64s(aside).Texts(reasons))
      .status();
}

std::vector<AsideRow> ReadAside(const Result& result) {
  std::vector<AsideRow> doors;
  for (const Row& row : result) {
    doors.push_back({.door = row.Id<base::DoorId>(0), .from_turf = row.Int32(1), .reason = std::string(row.Text(2))});
  }
  return doors;
}

}  // namespace

absl::StatusOr<CutToEdit> FindCutToEdit(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindCutToEdit, Campaign(transaction).Id(cut)));
  if (result.empty()) return base::NoSuch("cut_id", "this campaign has no such cut: list its cuts");
  return CutToEdit{
      .pass = result[0].Id<base::PassId>(0), .state = std::string(result[0].Text(1)), .edit_count = result[0].Int32(2)};
}

absl::StatusOr<std::optional<EditKey>> FindEditByRequest(Transaction& transaction, const base::Uuid& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindEditByRequest, Campaign(transaction).Uuid(request)));
  if (result.empty()) return std::nullopt;
  return EditKey{.cut = result[0].Id<base::CutId>(0), .number = result[0].Int32(1)};
}

absl::StatusOr<std::vector<BoardTurfRow>> ReadBoardTurfs(Transaction& transaction, base::CutId cut, int after_edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result, transaction.Run(queries::kReadBoardTurfs, Campaign(transaction).Id(cut).Int32(after_edit)));
  std::vector<BoardTurfRow> turfs;
  turfs.reserve(result.row_count());
  for (const Row& row : result) {
    turfs.push_back({.id = row.Id<base::TurfId>(0),
                     .number = row.Int32(1),
                     .version = row.Int32(2),
                     .ended = row.Bool(3),
                     .content = {.walk_length_m = row.Double(4),
                                 .area_ewkb = std::string(row.Bytea(6)),
                                 .walk_ewkb = std::string(row.Bytea(7)),
                                 .metrics_json = std::string(row.Text(5)),
                                 .doors = {}}});
  }
  return turfs;
}

absl::Status ReadBoardDoors(Transaction& transaction, base::CutId cut,
                            absl::FunctionRef<absl::Status(const BoardDoorRow&)> on_door) {
  return transaction.Stream(queries::kReadBoardDoors, Campaign(transaction).Id(cut), [&](const Row& row) {
    return on_door({.door = {.door = row.Id<base::DoorId>(0),
                             .address_point = row.Id<base::AddressPointId>(1),
                             .longitude_deg = row.Double(2),
                             .latitude_deg = row.Double(3),
                             .house_number = std::string(row.Text(4)),
                             .street = std::string(row.Text(5)),
                             .street_key = {},
                             .unit = std::string(row.Text(6)),
                             .floor = row.OptionalInt32(7),
                             .external_id = {}},
                    .turf = row.Int32(8)});
  });
}

absl::StatusOr<std::vector<DoorOfTurfRow>> ReadDoorsOfTurfs(Transaction& transaction,
                                                            const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kReadDoorsOfTurfs, Campaign(transaction).Ids(turfs)));
  std::vector<DoorOfTurfRow> doors;
  doors.reserve(result.row_count());
  for (const Row& row : result) doors.push_back({.turf = row.Int32(0), .door = row.Id<base::DoorId>(1)});
  return doors;
}

absl::StatusOr<std::vector<AsideRow>> ReadAsideDoors(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kReadAsideDoors, Campaign(transaction).Id(cut)));
  return ReadAside(result);
}

absl::Status CarryAside(Transaction& transaction, const TurfHome& home, const std::vector<AsideRow>& doors) {
  std::vector<base::DoorId> ids;
  std::vector<int32_t> numbers;
  std::vector<std::string_view> reasons;
  for (const AsideRow& door : doors) {
    ids.push_back(door.door);
    numbers.push_back(door.from_turf);
    reasons.push_back(door.reason);
  }
  if (ids.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kCarryAside,
           Campaign(transaction).Id(home.cut).Id(home.pass).Ids(ids).Int32s(numbers).Texts(reasons))
      .status();
}

absl::StatusOr<bool> CountEdit(Transaction& transaction, const EditKey& edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kCountEdit, EditParams(transaction, edit)));
  return !result.empty();
}

absl::StatusOr<std::vector<LockedVersion>> LockEditedTurfs(Transaction& transaction, base::CutId cut,
                                                           const std::vector<int32_t>& numbers) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockEditedTurfs, Campaign(transaction).Id(cut).Int32s(numbers)));
  std::vector<LockedVersion> turfs;
  for (const Row& row : result) {
    turfs.push_back({.number = row.Int32(0), .id = row.Id<base::TurfId>(1), .version = row.Int32(2)});
  }
  return turfs;
}

absl::Status StoreEdit(Transaction& transaction, const NewEdit& edit) {
  const std::optional<int32_t> undoes = edit.undoes == 0 ? std::nullopt : std::optional<int32_t>(edit.undoes);
  SNOWFIELD_RETURN_IF_ERROR(
      transaction
          .Run(queries::kInsertEdit,
               EditParams(transaction, edit.key).Text(edit.kind).Id(edit.member).Uuid(edit.request).Int32(undoes))
          .status());
  SNOWFIELD_ASSIGN_OR_RETURN(IdOfNumber ids, InsertNewTurfs(transaction, edit));
  SNOWFIELD_RETURN_IF_ERROR(FreeDoors(transaction, edit));
  SNOWFIELD_RETURN_IF_ERROR(ChangeTurfs(transaction, edit));
  // Doors may have been taken from turfs that are none of this edit's by now.
  std::vector<int32_t> others;
  for (const MoveRow& move : edit.moves) {
    if (move.aside.has_value() && !ids.contains(move.aside->from_turf)) others.push_back(move.aside->from_turf);
  }
  if (!others.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, LockEditedTurfs(transaction, edit.key.cut, others));
    for (const LockedVersion& turf : turfs) ids[turf.number] = turf.id;
  }
  SNOWFIELD_RETURN_IF_ERROR(PutDoors(transaction, edit, ids));
  SNOWFIELD_RETURN_IF_ERROR(PutAside(transaction, edit, ids));
  return InsertMoves(transaction, edit, ids);
}

absl::StatusOr<std::vector<EndedList>> EndListsOfTurfs(Transaction& transaction,
                                                       const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kEndListsOfTurfs, Campaign(transaction).Ids(turfs)));
  std::vector<EndedList> lists;
  for (const Row& row : result) {
    lists.push_back({.walk_list = row.Id<base::WalkListId>(0),
                     .turf = row.Id<base::TurfId>(1),
                     .leader = row.Id<base::MemberId>(2)});
  }
  return lists;
}

absl::Status InsertReplacingLists(Transaction& transaction, const std::vector<ReplacingList>& lists) {
  std::vector<base::TurfId> turfs;
  std::vector<base::MemberId> leaders;
  std::vector<std::string_view> numbers;
  std::vector<base::WalkListId> replaces;
  for (const ReplacingList& list : lists) {
    turfs.push_back(list.turf);
    leaders.push_back(list.leader);
    numbers.push_back(list.list_number);
    replaces.push_back(list.replaces);
  }
  return transaction
      .Run(queries::kInsertReplacingLists, Campaign(transaction).Ids(turfs).Ids(leaders).Texts(numbers).Ids(replaces))
      .status();
}

absl::StatusOr<std::vector<base::TurfId>> TurfsWithoutList(Transaction& transaction,
                                                           const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kTurfsWithoutList, Campaign(transaction).Ids(turfs)));
  std::vector<base::TurfId> without;
  for (const Row& row : result) without.push_back(row.Id<base::TurfId>(0));
  return without;
}

absl::StatusOr<std::vector<ReplacedList>> ListReplacedLists(Transaction& transaction, const EditKey& edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListReplacedLists, EditParams(transaction, edit)));
  std::vector<ReplacedList> lists;
  for (const Row& row : result) {
    lists.push_back({.turf = row.Int32(0),
                     .leader = row.Id<base::MemberId>(1),
                     .old_number = std::string(row.Text(2)),
                     .new_number = std::string(row.Text(3))});
  }
  return lists;
}

absl::StatusOr<std::vector<ListOut>> ListListsOut(Transaction& transaction, base::CutId cut,
                                                  const std::vector<int32_t>& numbers) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListListsOut, Campaign(transaction).Id(cut).Int32s(numbers)));
  std::vector<ListOut> lists;
  for (const Row& row : result) {
    lists.push_back({.turf = row.Int32(0),
                     .leader = row.Id<base::MemberId>(1),
                     .list_number = std::string(row.Text(2)),
                     .phones = row.Int64(3)});
  }
  return lists;
}

absl::StatusOr<std::vector<EditRow>> ListEdits(Transaction& transaction, base::CutId cut, int64_t before, int limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListEdits, Campaign(transaction).Id(cut).Int64(before).Int64(limit)));
  std::vector<EditRow> edits;
  for (const Row& row : result) {
    edits.push_back({.number = row.Int32(0),
                     .kind = std::string(row.Text(1)),
                     .member = row.Id<base::MemberId>(2),
                     .member_name = std::string(row.Text(3)),
                     .create_time = row.Time(4),
                     .undoes = row.OptionalInt32(5).value_or(0),
                     .undone_by = row.OptionalInt32(6).value_or(0),
                     .moved_doors = row.Int64(7),
                     .turfs = row.Int32s(8)});
  }
  return edits;
}

absl::StatusOr<std::vector<MoveRow>> ListMoves(Transaction& transaction, const MovePage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListMoves, EditParams(transaction, page.edit).Int64(page.after).Int64(page.limit)));
  std::vector<MoveRow> moves;
  for (const Row& row : result) {
    moves.push_back({.door = row.Id<base::DoorId>(0), .from = row.Int32(1), .to = row.Int32(2), .aside = std::nullopt});
  }
  return moves;
}

absl::StatusOr<EditToUndo> FindEditToUndo(Transaction& transaction, const EditKey& edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result found,
                             transaction.Run(queries::kFindEditToUndo, EditParams(transaction, edit)));
  if (found.empty()) return base::NoSuch("edit_number", "this cut has no such edit: list its edits");
  EditToUndo undo{.kind = std::string(found[0].Text(0)),
                  .undone_by = found[0].OptionalInt32(1).value_or(0),
                  .turfs = {},
                  .aside = {}};
  SNOWFIELD_ASSIGN_OR_RETURN(const Result versions,
                             transaction.Run(queries::kReadVersionsBefore, EditParams(transaction, edit)));
  for (const Row& row : versions) {
    VersionBefore version{.number = row.Int32(0), .unchanged = row.Bool(1), .content = {}};
    version.content.doors = row.Ids<base::DoorId>(2);
    version.content.metrics_json = std::string(row.Text(3));
    version.content.area_ewkb = std::string(row.OptionalBytea(4).value_or(""));
    version.content.walk_ewkb = std::string(row.OptionalBytea(5).value_or(""));
    undo.turfs.push_back(std::move(version));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result aside,
                             transaction.Run(queries::kReadAsideBefore, EditParams(transaction, edit)));
  undo.aside = ReadAside(aside);
  return undo;
}

}  // namespace snowfield::db
